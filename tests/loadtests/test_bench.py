"""The benches' table: every bench is found, and a limit that doesn't hold is seen."""

from pathlib import Path

import pytest

from loadtests.bench import find, known, table
from loadtests.measuring import Figure
from loadtests.page import MarkMissingError, entered

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


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


def test_figures_are_entered_in_their_place_and_nothing_else_is_touched() -> None:
    page = "a\n<!-- bench x -->\nold\n<!-- /bench x -->\nb\n<!-- bench y -->\n<!-- /bench y -->\n"
    figures = [Figure("  of it", 4.5, "µs", at_most=3), Figure("rows", 12_345, "/s")]
    told = entered(page, "x", figures, "here")
    assert told.startswith("a\n<!-- bench x -->\n`make bench BENCH=x` · here\n")
    assert "| of it | 4.50 µs | ≤ 3.00 µs | **missed** |\n| rows | 12,345 /s |  |  |\n" in told
    assert told.endswith("<!-- /bench x -->\nb\n<!-- bench y -->\n<!-- /bench y -->\n")
    assert "old" not in told
    with pytest.raises(MarkMissingError):
        entered(page, "z", figures, "here")


def test_every_bench_has_its_place_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in known():
        entered(page, name, [], "")
