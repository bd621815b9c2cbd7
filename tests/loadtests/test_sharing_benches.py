"""What the benches of shared rides count, and how much of them is run."""

import pytest

from loadtests import extent
from loadtests.benches.darp import PARTS, Gaps, _told
from loadtests.benches.pickup_delivery import Beyond

A_5S = PARTS[0]


def test_a_bench_measures_some_unless_all_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extent, "FULL", False)
    assert extent.some("abcdefgh", 4) == ["d", "h"]
    monkeypatch.setattr(extent, "FULL", True)
    assert extent.some("abc", 4) == ["a", "b", "c"]


def test_what_is_run_fits_into_twelve_minutes_of_two_cores() -> None:
    instances = {"darp_a": 24, "darp_r": 10}
    core_s = sum(2 * part.seconds * (instances[part.folder] // part.every) for part in PARTS)
    assert core_s / extent.CORES <= 12 * 60


def test_whoever_is_behind_a_peer_on_one_instance_misses_the_goal() -> None:
    gaps = [Gaps(0.1, 0.1), Gaps(0.3, 0.2), Gaps(0.0, None), Gaps(None, 5.0)]
    figures = {one.name: one for one in _told(A_5S, gaps, is_beside=True)}
    behind = figures["a, 5 s, 4 instances: behind OR-Tools"]
    assert (behind.value, behind.holds) == (2, False)
    broken = figures["a, 5 s, 4 instances: not all served within limits"]
    assert (broken.value, broken.holds) == (1, False)
    assert figures["a, 5 s, 4 instances: worst gap"].value == pytest.approx(0.3)


def test_a_vehicle_more_is_worse_than_any_distance() -> None:
    assert Beyond(1, -20.0).is_worse_than(Beyond(0, 50.0))
    assert Beyond(0, 0.1).is_worse_than(Beyond(0, 0.0))
    assert not Beyond(0, 0.0).is_worse_than(Beyond(0, 0.0))
