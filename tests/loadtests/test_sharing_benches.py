"""What the benches of shared rides count, and how much of them is run."""

import math
import subprocess
import sys
from pathlib import Path

import pytest

from loadtests import bench, extent, instances
from loadtests.benches import darp, day_plan
from loadtests.benches.darp import PARTS, Gaps, _told, gaps_of
from loadtests.benches.pickup_delivery import Beyond, beyond

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


def test_without_a_best_known_value_solvers_are_beside_one_another() -> None:
    gaps = [gaps_of(110.0, 100.0, None), gaps_of(100.0, None, None), gaps_of(None, None, None)]
    assert [one.is_behind for one in gaps] == [True, False, False]
    figures = {one.name: one for one in _told(A_5S, gaps, is_beside=True)}
    gap = figures["a, 5 s, 3 instances: mean gap"]
    assert math.isnan(gap.value)
    assert gap.holds is None
    assert "mean gap" in bench.table([("darp", gap)])
    assert bench.table([("darp", gap)]).endswith("—")
    assert bench.document([("darp", gap)])["figures"][0]["value"] is None  # type: ignore[index]
    told = beyond({"ours": (3, 90.0), "theirs": (2, 95.0), "nobody": None}, None)
    ours, theirs = told["ours"], told["theirs"]
    assert ours is not None
    assert theirs is not None
    assert ours.is_worse_than(theirs)
    assert told["nobody"] is None
    known = beyond({"ours": (3, 90.0)}, {"vehicles": 3, "distance": 90.0})
    assert known["ours"] == Beyond(0, 0.0)


def test_a_damaged_file_of_a_bench_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def damaged(place: object) -> None:
        instances.cordeau(tmp_path / "none.txt")

    monkeypatch.setattr(darp, "run", damaged)
    monkeypatch.setattr(sys, "argv", ["bench", "darp"])
    with pytest.raises(SystemExit, match=r"darp: none\.txt can't be read"):
        bench.main()


def solved(file: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "loadtests.solve", str(file), "--seconds", "0.2"]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_one_instance_is_solved_and_judged_by_a_command(tmp_path: Path) -> None:
    file = tmp_path / "dial.txt"
    rides = "1 0 3 2 1 0 90\n2 4 0 2 1 10 90\n3 0 6 2 -1 0 99\n4 8 0 2 -1 0 99\n"
    file.write_text("1 2 480 3 30\n0 0 0 0 0 0 480\n" + rides)
    told = solved(file)
    assert told.returncode == 0, told.stderr
    assert "vehicles: 1\nleft out: nobody\njudged: all limits are kept\n" in told.stdout
    assert told.stdout.splitlines()[-1].startswith("route: ")
    file.write_text("2 200 1\n0 0 0 0 0 99 0 0 0\n1 0 5 -1 0 90 1 2 0\n2 0 3 1 0 90 1 0 1\n")
    assert solved(file).stdout.splitlines()[-1] == "route: 2 1"
    file.write_text("1 2 480\n")
    bad = solved(file)
    assert (bad.returncode, len(bad.stderr.splitlines())) == (1, 1)


def test_a_day_is_the_same_for_a_seed_and_other_for_another() -> None:
    one, again, other = (day_plan.read_day(12, 3, seed) for seed in (1, 1, 2))
    assert one.sharers == again.sharers
    assert one.day.rides == again.day.rides
    assert one.day.rides != other.day.rides
    assert all(ride.span[1] - ride.span[0] > 0 for ride in one.day.rides)


def test_more_are_served_with_sharing_or_as_many(sharing_kernel: None) -> None:
    figures = {one.name: one for one in day_plan.figures_of(40, 10)}
    apart, shared = (
        figures[f"40 rides, 10 vehicles, {how}: served"] for how in ("apart", "with sharing")
    )
    assert 0 < apart.value <= shared.value <= 120
    assert shared.holds
    assert figures["40 rides, 10 vehicles, with sharing: who share"].value > 0
