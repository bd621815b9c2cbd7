"""Contradictory limits, and files that are no instance, are answered by a sentence."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dispatch.sharing import BrokenRoute, ContradictoryLimits, LiveRoutes, Problem, UnfitProblem
from loadtests.instances import FOLDER, NoInstance, cordeau, li_lim, read_instance
from tests.dispatch.sharing.checker import Ask, Car
from tests.dispatch.sharing.worlds import problem_of, world_of

PLAIN = Ask(1, (10, 60), (10, 90))


def problem_with(ask: Ask, seats: float = 4) -> Problem:
    return problem_of(world_of([ask], [Car(seats, (0, 100))], [(0, 0), (10, 0)], [(0, 0)]))


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        (replace(PLAIN, pickup=(60, 10)), "ends before it begins"),
        (replace(PLAIN, ride_max=5), "no vehicle"),
        (replace(PLAIN, pickup=(95, 99), delivery=(95, 99)), "no vehicle"),
        (replace(PLAIN, seats=5), "more seats"),
        (replace(PLAIN, seats=5, aboard=0), "more"),
    ],
)
def test_limits_that_contradict_one_another_are_refused(ask: Ask, word: str) -> None:
    with pytest.raises(ContradictoryLimits, match=word):
        problem_with(ask)


def test_a_request_that_is_longer_than_any_vehicle_is_out_is_refused() -> None:
    points = [(0, 0), (10, 0)], [(5, 0), (5, 0)]
    shift, longest = (0, 100), 20.0
    cars = [Car(4, shift, duration_max=longest - 1), Car(4, shift, duration_max=longest)]
    problem_of(world_of([PLAIN], cars, *points))
    with pytest.raises(ContradictoryLimits, match="longer than any vehicle"):
        problem_of(world_of([PLAIN], cars[:1] * 2, *points))


@pytest.mark.parametrize("car", [Car(4, (100, 0)), Car(4, (0, 100), duration_max=-1)])
def test_a_shift_that_ends_before_it_begins_is_refused(car: Car) -> None:
    with pytest.raises(ContradictoryLimits, match="Vehicle 1 has a shift"):
        problem_of(world_of([PLAIN], [Car(4, (0, 100)), car], [(0, 0), (10, 0)], [(0, 0), (0, 0)]))


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(UnfitProblem, match="never infinite"):
        problem_with(replace(PLAIN, seats=1), seats=float("inf"))
    with pytest.raises(UnfitProblem, match="no number"):
        problem_with(replace(PLAIN, ride_max=float("nan")))
    with pytest.raises(UnfitProblem, match="below zero"):
        problem_with(replace(PLAIN, seats=-1))
    with pytest.raises(UnfitProblem, match="there is not"):
        problem_with(replace(PLAIN, aboard=3))
    world = world_of([PLAIN], [Car(4, (0, 100))], [(0, 0), (10, 0)], [(0, 0)])
    with pytest.raises(UnfitProblem, match="4 × 4"):
        problem_of(replace(world, travel=np.zeros((3, 3)).tolist()))


def test_routes_that_are_none_are_refused() -> None:
    problem = problem_with(PLAIN)
    for stops, word in (((0, 0, 1), "twice"), ((1, 0), "doesn't carry"), ((0,), "never set down")):
        with pytest.raises(UnfitProblem, match=word):
            LiveRoutes(problem, (stops,))
    late = problem_of(
        world_of(
            [PLAIN, replace(PLAIN, pickup=(10, 12))],
            [Car(4, (0, 100))],
            [(0, 0), (0, 0), (10, 0), (10, 0)],
            [(0, 0)],
        )
    )
    with pytest.raises(BrokenRoute, match="vehicle 0"):
        LiveRoutes(late, ((0, 2, 1, 3),))


@pytest.mark.parametrize(
    "text",
    ["", "hello\n", "1 1 100 4\n", "1 2 480 3 30\n0 0 0 0 0 0 480\n1 0 0 3 1 0 nan\n", "\0\n"],
)
def test_a_file_that_is_no_instance_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "none.txt"
    file.write_text(text)
    for read in (cordeau, li_lim):
        with pytest.raises(NoInstance, match=r"none\.txt"):
            read(file)
    with pytest.raises(NoInstance, match=r"absent\.txt"):
        cordeau(tmp_path / "absent.txt")


DIALS = (
    "1 2 480 3 30\n0 0 0 0 0 0 480\n1 0 3 2 1 0 90\n2 4 0 2 1 10 90\n"
    "3 0 6 2 -1 0 99\n4 8 0 2 -1 0 99\n"
)
TASKS = (
    "2 200 1\n0 40 50 0 0 1236 0 0 0\n1 45 68 10 0 900 9 0 2\n2 45 70 -10 0 900 9 1 0\n"
    "3 42 68 10 0 900 9 0 4\n4 42 70 -10 0 900 9 3 0\n"
)


@pytest.mark.parametrize(
    ("whole", "sound", "damaged", "word"),
    [
        (DIALS, "2 4 0 2 1 10 90\n3 0 6 2 -1 0 99\n", "", "numbered"),
        (DIALS, "4 8 0 2 -1 0 99\n", "", "missing"),
        (DIALS, "2 4 0", "1 4 0", "numbered"),
        (DIALS, "1 2 480", "1 99 480", "tells of 99 requests and has 2"),
        (DIALS, "1 2 480", "1.5 2 480", "1.5 vehicles"),
        (DIALS, "1 2 480", "1e9 2 480", "vehicles"),
        (DIALS, "8 0 2 -1", "1e308 0 2 -1", "beyond"),
        (DIALS, "0 3 2 1 0", "0 3 2 -1 0", "pair up"),
        (DIALS, "480 3 30", "480 0 30", "more seats"),
        (TASKS, "2 200 1", "-1 200 1", "-1 vehicles"),
        (TASKS, "2 200 1", "1e9 200 1", "vehicles"),
        (TASKS, "9 0 2", "9 0 2.7", "pair up"),
        (TASKS, "9 0 2", "9 0 77", "pair up"),
        (TASKS, "9 3 0", "9 1 0", "names another pickup"),
        (TASKS, "9 3 0", "9 0 0", "names another pickup"),
        (TASKS, "4 42 70", "9 42 70", "numbered"),
        (TASKS, "45 68", "1e308 68", "beyond"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_damaged_instance_is_refused_with_what_is_wrong(
    whole: str, sound: str, damaged: str, word: str, tmp_path: Path
) -> None:
    file = tmp_path / "hurt.txt"
    file.write_text(whole)
    assert read_instance(file).n == 2
    assert whole.count(sound) >= 1
    file.write_text(whole.replace(sound, damaged, 1))
    with pytest.raises(NoInstance, match=word):
        read_instance(file).problem()


def test_headers_of_requests_or_of_stops_and_marks_of_the_byte_order_are_read(
    tmp_path: Path,
) -> None:
    file = tmp_path / "dial.txt"
    file.write_text(DIALS.replace("1 2 480", "1 4 480", 1), encoding="utf-8-sig")
    assert read_instance(file).n == 2


def test_every_instance_at_hand_is_read() -> None:
    files = sorted(FOLDER.glob("*/*.txt"))
    if not files:
        pytest.skip(f"no instances in {FOLDER}")
    assert all(read_instance(file).n > 0 for file in files)


def test_an_instance_is_read_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "tiny.txt"
    file.write_text(
        "1 2 480 3 30\n0 0 0 0 0 0 480\n1 0 3 2 1 0 90\n2 4 0 2 1 10 90\n"
        "3 0 6 2 -1 0 99\n4 8 0 2 -1 0 99\n5 0 0 0 0 0 480\n"
    )
    instance = cordeau(file)
    assert (instance.n, instance.vehicles, instance.ride_max) == (2, 1, 30)
    live = LiveRoutes(instance.problem())
    assert [live.insert(r) is not None for r in (0, 1)] == [True, True]
    assert live.plan.cost == pytest.approx(3 + 3 + 52**0.5 + 4 + 8)
