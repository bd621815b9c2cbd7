"""Weighs the vehicles of a scope for a need: reads the facts, judges, measures, ranks.

What is weighed is kept together with all on which it rests, so that it can be kept and replayed.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.columns import Choices
from dispatch.eligibility.facts_of import Asked
from dispatch.eligibility.need import At, Limits, Need
from dispatch.eligibility.positions import PositionSource, locate
from dispatch.eligibility.store import read_choices
from dispatch.matching.ranking import Candidate, Ranking, RankingTerms, rank
from dispatch.roads.network import LatLon
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.route import TravelLabel
from dispatch.roads.travel_times import TravelTimes
from kit.clock import day_period, shanghai_day
from tracking.live.fleet import LiveFleet

LIMITS = Limits()
TERMS = RankingTerms()
_LAST_SEEN = timedelta(days=1)
_CLOCK_SKEW = timedelta(minutes=10)

Figures = tuple[float, float]
"""Seconds and metres from a vehicle to the passengers; infinite without a way."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What answers beside the database.

    map_version: the name of the map on which travel times rest, None without one
    live: the fleet in memory of this process; None where it keeps none
    """

    travel_times: TravelTimes
    map_version: str | None = None
    live: LiveFleet | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was weighed for a need at an instant, what it rests on, and what came of it.

    ways: the travel times that were measured, by where a vehicle sets out
    map_version: the name of the map that they rest on; None without one
    speeds_version: of the learned speeds that they rest on; None for the map's own
    """

    need: Need
    at: At
    terms: RankingTerms
    choices: Choices
    positions: PositionSource
    travel_label: TravelLabel
    map_version: str | None
    speeds_version: int | None
    ways: dict[LatLon, Figures]
    ranking: Ranking

    @property
    def best(self) -> Candidate | None:
        """The best candidate, None where nobody may serve."""
        return self.ranking.candidates[0] if self.ranking.candidates else None


async def weigh(
    session: AsyncSession,
    scope: frozenset[int],
    need: Need,
    sources: Sources,
    now: datetime,
    *,
    breaks_seals: bool = False,
    apart_from: UUID | None = None,
    limits: Limits = LIMITS,
    terms: RankingTerms = TERMS,
) -> Weighed:
    """Rank the vehicles that units of the scope use for a need.

    breaks_seals: whether vehicles that stand sealed in the period may serve all the same
    apart_from: the order that is to be reassigned, whose vehicle and driver are free of it
    """
    at = At(now, limits)
    ride = Asked(
        unit_no=need.unit_no,
        period=Range(need.start, need.end, bounds="[)"),
        day=Range(*day_period(shanghai_day(need.start)), bounds="[)"),
        now=now,
        apart_from=apart_from,
    )
    unseen = await read_choices(session, scope, ride, breaks_seals=breaks_seals)
    choices, positions = await locate(session, unseen, sources.live, _seen(need, at), now)
    # Shortest paths take the processor for a while: other requests go on meanwhile.
    travel_times = await asyncio.to_thread(sources.travel_times.at, need.start)
    measured = _Measured(travel_times)
    ranking = await asyncio.to_thread(rank, choices, need, at, measured, terms)
    return Weighed(
        need=need,
        at=at,
        terms=terms,
        choices=choices,
        positions=positions,
        travel_label=_label(travel_times, need),
        map_version=sources.map_version,
        speeds_version=_speeds_version(travel_times),
        ways=measured.ways,
        ranking=ranking,
    )


class _Measured:
    """Travel times that remember what they were asked."""

    def __init__(self, travel_times: TravelTimes) -> None:
        self._travel_times = travel_times
        self.ways: dict[LatLon, Figures] = {}

    @property
    def label(self) -> str:
        return self._travel_times.label

    def matrix(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        seconds, metres = self._travel_times.matrix(origins, destinations)
        figures = zip(seconds[:, 0].tolist(), metres[:, 0].tolist(), strict=True)
        self.ways.update(zip(origins, figures, strict=True))
        return seconds, metres


def _seen(need: Need, at: At) -> Range[datetime]:
    """Return in which times a position must lie to count."""
    fresh = timedelta(seconds=at.limits.fresh_s)
    since = at.now - (fresh if need.is_immediate(at.now, at.limits) else _LAST_SEEN)
    return Range(since, at.now + _CLOCK_SKEW, bounds="(]")


def _speeds_version(travel_times: TravelTimes) -> int | None:
    return travel_times.speeds_version if isinstance(travel_times, RoadTravelTimes) else None


def _label(travel_times: TravelTimes, need: Need) -> TravelLabel:
    if travel_times.covers(need.origin):
        return travel_times.label
    return TravelLabel.STRAIGHT_LINE
