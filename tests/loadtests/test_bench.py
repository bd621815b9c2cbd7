"""The benches' table: every bench is found, and a limit that doesn't hold is seen."""

from loadtests.bench import find, known, table
from loadtests.measuring import Figure


def test_every_bench_can_be_run() -> None:
    assert {"journal_verify", "journal_write"} <= set(known())
    assert all(callable(find(name)) for name in known())


def test_a_limit_that_does_not_hold_stands_in_the_table() -> None:
    slow = Figure("verification", 90_000, "entries/s", at_least=100_000)
    cheap = Figure("share", 4.5, "%", at_most=10)
    assert (slow.holds, cheap.holds, Figure("entries", 3, "entries").holds) == (False, True, None)
    lines = table([("a", slow), ("b", cheap)]).splitlines()
    assert lines[0].endswith("90,000 entries/s  FAIL at least 100,000 entries/s")
    assert lines[1].endswith("4.50 %  ok   at most 10.00 %")
