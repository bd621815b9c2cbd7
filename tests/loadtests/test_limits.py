"""A run of load is held against published limits."""

from pathlib import Path

import pytest

from loadtests.limits import RequestLimits, read_limits


def test_a_run_within_the_limits_breaks_none() -> None:
    assert RequestLimits(failures=0, p95_ms=100).broken_by(0, 100) == []


def test_every_broken_limit_is_named() -> None:
    broken = RequestLimits(failures=1, p95_ms=100).broken_by(2, 101)
    assert len(broken) == 2


def test_the_published_limits_can_be_read() -> None:
    assert read_limits().p95_ms > 0


def test_limits_below_zero_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "limits.toml"
    file.write_text("[requests]\nfailures = -1\np95_ms = 5\n")
    with pytest.raises(ValueError, match="negative"):
        read_limits(file)
