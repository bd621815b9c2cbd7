"""Learn speeds from the fleet's own tracks: window by window, vehicle by vehicle."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dispatch.roads.map_matching.matching import MapMatcher
from dispatch.roads.map_matching.track import Track
from dispatch.roads.network import RoadNetwork
from dispatch.roads.speeds.store import add_cells, vehicles_with_terminals
from dispatch.roads.speeds.tables import RoadLearning
from dispatch.roads.speeds.tally import Cells
from dispatch.roads.speeds.traversals import Traversals, traversals
from fleet.acts import Act
from kit.clock import day_period
from kit.database import Sessions, transaction
from tracking.store import Span, read_tracks
from tracking.trips.positions import PositionArrays

WINDOW_DAYS = 28
"""So many days are learned from at once and then committed. Four of each hour of the week: a way
that few drive in an hour may still have been driven by enough."""
_VEHICLES_AT_ONCE = 10
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Roads:
    """The roads that tracks are matched on, and their map's name."""

    network: RoadNetwork
    map: str


@dataclass(frozen=True, slots=True)
class Days:
    """Days in China, the last one included."""

    first: date
    last: date

    def windows(self) -> Iterator[Days]:
        """These days in windows of at most WINDOW_DAYS."""
        first = self.first
        while first <= self.last:
            last = min(first + timedelta(days=WINDOW_DAYS - 1), self.last)
            yield Days(first, last)
            first = last + timedelta(days=1)

    def without(self, learned: Iterable[Days]) -> list[Days]:
        """The stretches of these days between those that were learned from, in order."""
        stretches, first = [], self.first
        for one in sorted(learned, key=lambda days: days.first):
            stretches.append(Days(first, min(one.first - _DAY, self.last)))
            first = max(first, one.last + _DAY)
        return [days for days in (*stretches, Days(first, self.last)) if len(days)]

    def __iter__(self) -> Iterator[date]:
        for n in range(len(self)):
            yield self.first + timedelta(days=n)

    def __len__(self) -> int:
        return max(0, (self.last - self.first).days + 1)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a window has taught: positions read, metres matched, cells of way and hour kept."""

    days: Days
    positions: int
    matched_m: float
    kept: int
    withheld: int


@dataclass(frozen=True, eq=False)
class _Group:
    cells: Cells
    positions: int
    matched_m: float


async def learn(
    sessions: Sessions,
    roads: Roads,
    stretches: Iterable[Days],
    act: Act,
    told: Callable[[Learned], None],
) -> None:
    """Learn from the tracks of these days; each window is told of when it is committed.

    Stopped in between, it goes on with the next window when asked for the days that are left.
    Raises IntegrityError where one of the days was learned from before.
    """
    matcher = MapMatcher(roads.network)
    async with transaction(sessions) as session:
        vehicles = await vehicles_with_terminals(session)
    for window in (window for days in stretches for window in days.windows()):
        cells, positions, matched_m = Cells.none(), 0, 0.0
        for at in range(0, len(vehicles), _VEHICLES_AT_ONCE):
            some = vehicles[at : at + _VEHICLES_AT_ONCE]
            group = await _learn_group(sessions, roads.network, matcher, some, window)
            cells = Cells.together([cells, group.cells])
            positions, matched_m = positions + group.positions, matched_m + group.matched_m
        shareable = cells.shareable()
        kept, all_cells = len(shareable.cell), len(cells.cell)
        learned = Learned(window, positions, matched_m, kept, all_cells - kept)
        await _keep(sessions, roads, shareable, learned, act)
        told(learned)


async def _learn_group(
    sessions: Sessions,
    network: RoadNetwork,
    matcher: MapMatcher,
    vehicles: Sequence[int],
    window: Days,
) -> _Group:
    """What a few vehicles have driven in a window, read day by day."""
    driven: dict[int, list[Traversals]] = {}
    positions, matched_m = 0, 0.0
    for day in window:
        since, until = day_period(day)
        async with transaction(sessions) as session:
            found = await read_tracks(
                session, [Span(vehicle, since, until - _INSTANT) for vehicle in vehicles]
            )
        tracks = [_track(arrays) for arrays in found.values()]
        # Matching takes the processor for a while, and the database is not kept waiting.
        matched = await asyncio.to_thread(matcher.match_all, tracks)
        for vehicle, track, roads in zip(found, tracks, matched, strict=True):
            driven.setdefault(vehicle, []).append(traversals(network, track.time_s, roads))
            positions, matched_m = positions + len(track), matched_m + roads.length_m
    cells = Cells.together(Cells.of_vehicle(parts) for parts in driven.values())
    return _Group(cells, positions, matched_m)


def _track(arrays: PositionArrays) -> Track:
    return Track(arrays.time_s.astype(np.float64), arrays.lat, arrays.lon)


async def _keep(sessions: Sessions, roads: Roads, cells: Cells, learned: Learned, act: Act) -> None:
    learning = RoadLearning(
        first_day=learned.days.first,
        last_day=learned.days.last,
        map=roads.map,
        positions=learned.positions,
        matched_m=round(learned.matched_m),
        cells_kept=learned.kept,
        cells_withheld=learned.withheld,
    )
    async with transaction(sessions) as session:
        await add_cells(session, learning, cells)
        act.record(
            session,
            "road_speed.learn",
            "road_learning",
            learning.id,
            after={
                "first_day": str(learned.days.first),
                "last_day": str(learned.days.last),
                "map": roads.map,
                "positions": learned.positions,
                "matched_m": round(learned.matched_m),
                "kept": learned.kept,
                "withheld": learned.withheld,
            },
        )
