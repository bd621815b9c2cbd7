"""A run of load is held against published limits."""

from pathlib import Path

import pytest

from loadtests.limits import UnusedLimit, limited, read_limits
from loadtests.measuring import Figure


def test_a_figure_beyond_its_limit_does_not_hold() -> None:
    figures = {
        "terminals.lost": Figure("lost", 1, ""),
        "requests.p95_ms": Figure("p95", 100, "ms"),
        "requests": Figure("requests", 0, "", at_least=1),
        "feed": Figure("updates", 7, ""),
    }
    held = limited(figures, {"terminals.lost": 0, "requests.p95_ms": 100})
    assert [figure.holds for figure in held] == [False, True, False, None]


def test_a_limit_that_would_hold_nothing_is_refused() -> None:
    with pytest.raises(UnusedLimit, match=r"feed\.freshness"):
        limited({"feed": Figure("updates", 7, "")}, {"feed.freshness": 5})


def test_the_published_limits_forgive_no_loss_and_no_failure() -> None:
    limits = read_limits()
    none = {"terminals.lost", "terminals.doubled", "terminals.wrong_answers", "requests.failures"}
    assert {limits[name] for name in none} == {0}
    times = {"requests.p95_ms", "feed.freshness_p99_ms", "terminals.acknowledgement_p99_ms"}
    assert all(limits[name] > 0 for name in times)


@pytest.mark.parametrize("value", ["-1", "'many'", "true", "[1]"])
def test_a_limit_is_a_number_from_zero_on(tmp_path: Path, value: str) -> None:
    file = tmp_path / "limits.toml"
    file.write_text(f"[requests]\nfailures = {value}\n")
    with pytest.raises(ValueError, match="limits are numbers"):
        read_limits(file)
