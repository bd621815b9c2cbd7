"""Turn restrictions become banned runs of edges: no journey may drive such a run.

"No left turn from a into b" is the run (a, b). "Only straight on from a into b" is (a, x) for
every other x. Along via ways v1 … vk, "no" is (a, v1, …, vk, b); "only" binds whoever has turned
from a into v1: each way to leave the run before b is banned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import atan2, degrees

from dispatch.roads.importing.restrictions import TurnRestriction

Run = tuple[int, ...]
"""Edges driven one after the other."""

_MOST_RUNS = 1_000
"""More ways than these along the via ways of one restriction are a mistake in the map."""

_TURN_DEGREES = {
    "left_turn": (20.0, 160.0),
    "straight_on": (-45.0, 45.0),
    "right_turn": (-160.0, -20.0),
}
"""Change of course, counter-clockwise, that a turn's name can mean."""


@dataclass(frozen=True, slots=True)
class Arm:
    """An edge as a restriction sees it: its ends by OpenStreetMap's numbers, its courses.

    `course_in`, `course_out`: degrees, counter-clockwise from east, where the edge ends and starts
    """

    edge: int
    way_id: int
    start: int
    end: int
    twin: int
    course_in: float
    course_out: float


def course(east_m: float, north_m: float) -> float:
    """Degrees counter-clockwise from east."""
    return degrees(atan2(north_m, east_m))


class Arms:
    """All edges of a network, found by where they start and end."""

    def __init__(self, arms: Iterable[Arm]) -> None:
        self._by_edge: dict[int, Arm] = {}
        self._starting: defaultdict[int, list[Arm]] = defaultdict(list)
        self._of_way: defaultdict[int, list[Arm]] = defaultdict(list)
        for arm in arms:
            self._by_edge[arm.edge] = arm
            self._starting[arm.start].append(arm)
            self._of_way[arm.way_id].append(arm)

    def leaving(self, node: int) -> Sequence[Arm]:
        """The edges that start at a node."""
        return self._starting.get(node, ())

    def of_ways(self, ways: Iterable[int]) -> Iterator[Arm]:
        """The edges of ways, in the order of the ways."""
        for way in ways:
            yield from self._of_way.get(way, ())

    def __getitem__(self, edge: int) -> Arm:
        return self._by_edge[edge]


def banned_runs(restrictions: Iterable[TurnRestriction], edges: Iterable[Arm]) -> Iterator[Run]:
    """The runs that `restrictions` ban, each of two edges or more."""
    arms = Arms(edges)
    for restriction in restrictions:
        runs = _named_runs(restriction, arms)
        if restriction.only:
            yield from _all_but(runs, arms)
        else:
            yield from runs


def _named_runs(restriction: TurnRestriction, arms: Arms) -> list[Run]:
    """The runs that a restriction speaks of, from its `from` to its `to`."""
    if restriction.via_node is not None:
        pairs = _pairs(restriction, restriction.via_node, arms)
        return [(first.edge, second.edge) for first, second in pairs]
    runs = []
    targets = set(restriction.to_ways)
    for first in arms.of_ways(restriction.from_ways):
        for middle in _along(first, restriction.via_ways, arms):
            last = arms[middle[-1]]
            runs += [
                (first.edge, *middle, arm.edge)
                for arm in arms.leaving(last.end)
                if arm.way_id in targets and arm.edge != last.twin
            ]
    return runs


def _pairs(restriction: TurnRestriction, node: int, arms: Arms) -> list[tuple[Arm, Arm]]:
    coming = [arm for arm in arms.of_ways(restriction.from_ways) if arm.end == node]
    going = [arm for arm in arms.of_ways(restriction.to_ways) if arm.start == node]
    pairs = [pair for pair in product(coming, going) if _fits(restriction, *pair)]
    one_each = len(restriction.from_ways) == len(restriction.to_ways) == 1
    if len(pairs) > 1 and one_each and restriction.turn in _TURN_DEGREES:
        # A way that passes through the junction is two roads there: the turn's name says which.
        low, high = _TURN_DEGREES[restriction.turn]
        return [pair for pair in pairs if low <= _turned(*pair) <= high]
    return pairs


def _fits(restriction: TurnRestriction, first: Arm, second: Arm) -> bool:
    """Back along the same road is a turn of its own: only what names it means it."""
    back = first.twin == second.edge
    if restriction.turn == "u_turn":
        return back or first.way_id != second.way_id
    return not back


def _turned(first: Arm, second: Arm) -> float:
    """Degrees turned, counter-clockwise, within (-180, 180]."""
    return 180.0 - (180.0 - second.course_out + first.course_in) % 360.0


def _along(first: Arm, via_ways: Sequence[int], arms: Arms) -> Iterator[Run]:
    """The runs that follow `first` over all via ways and nothing else, whatever their order."""
    via = set(via_ways)
    runs: list[Run] = [()]
    for _ in range(_MOST_RUNS):
        if not runs:
            return
        run = runs.pop()
        last = arms[run[-1]] if run else first
        driven = {arms[edge].way_id for edge in run}
        if run and driven == via:
            yield run
        passed = {first.start, first.end, *(arms[edge].end for edge in run)} - {last.end}
        runs += [
            (*run, arm.edge)
            for arm in arms.leaving(last.end)
            if arm.way_id in via and arm.end not in passed and arm.edge != last.twin
        ]


def _all_but(runs: Iterable[Run], arms: Arms) -> Iterator[Run]:
    """What leaves the runs before their ends: the only way on is theirs."""
    allowed: defaultdict[Run, set[int]] = defaultdict(set)
    for run in runs:
        for length in range(2 if len(run) > 2 else 1, len(run)):
            allowed[run[:length]].add(run[length])
    for start, following in allowed.items():
        for arm in arms.leaving(arms[start[-1]].end):
            if arm.edge not in following:
                yield (*start, arm.edge)
