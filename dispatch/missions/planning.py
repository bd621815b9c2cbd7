"""Chooses vehicles and drivers for many rides at once, by the rules and costs of every assignment.

Rides of one period are matched together (`dispatch.matching`): real ones before standbys, so that
no standby holds what a ride needs. Periods are taken by their start, and those that overlap share
no vehicle and no driver. Nothing is promised by it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.columns import Choices
from dispatch.eligibility.facts_of import Asked
from dispatch.eligibility.judging import judge
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.positions import locate
from dispatch.eligibility.store import read_choices
from dispatch.matching.batch import match_batch
from dispatch.matching.problem import Priority, Waiting
from dispatch.roads.travel_times import TravelTimes
from dispatch.suggestions.weighing import LIMITS, Sources
from kit.clock import day_period, shanghai_day

_CLOCK_SKEW = timedelta(minutes=10)
NOBODY = "没有符合条件的空闲车辆和驾驶员"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A ride that wants a vehicle and a driver; the class of its matter goes before others."""

    id: UUID
    need: Need
    priority: Priority

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when they are wanted."""
        return self.need.start, self.need.end


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for a ride, by numbers; or why nothing was."""

    vehicle_no: int | None = None
    driver_no: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A vehicle and a driver chosen already, and from when to when."""

    vehicle_no: int
    driver_no: int
    span: tuple[datetime, datetime]


async def choose(
    session: AsyncSession,
    scope: frozenset[int],
    wanted: Sequence[Wanted],
    sources: Sources,
    now: datetime,
    *,
    breaks_seals: bool = False,
    apart_from: Sequence[Taken] = (),
) -> dict[UUID, Chosen]:
    """Return a vehicle and a driver of the scope's units for each ride, or why there is none.

    apart_from: whom not to choose, though they are free
    """
    by_span: defaultdict[tuple[datetime, datetime], list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_span[one.span].append(one)
    found: dict[UUID, Chosen] = {}
    taken = list(apart_from)
    for span, alike in sorted(by_span.items()):
        choices = await _free(session, scope, span, alike, sources, now, breaks_seals=breaks_seals)
        left = _without(choices, [one for one in taken if _overlap(one.span, span)])
        chosen = await asyncio.to_thread(_match, alike, left, sources, now)
        found |= chosen
        taken += [
            Taken(one.vehicle_no, one.driver_no, span)
            for one in chosen.values()
            if one.vehicle_no is not None and one.driver_no is not None
        ]
    return found


async def _free(
    session: AsyncSession,
    scope: frozenset[int],
    span: tuple[datetime, datetime],
    alike: Sequence[Wanted],
    sources: Sources,
    now: datetime,
    *,
    breaks_seals: bool,
) -> Choices:
    ride = Asked(
        # Whose rule says how full a battery counts; the rides of one plan are of one unit.
        unit_no=min(one.need.unit_no for one in alike),
        period=Range(*span, bounds="[)"),
        day=Range(*day_period(shanghai_day(span[0])), bounds="[)"),
        now=now,
    )
    seen = Range(now - timedelta(seconds=LIMITS.fresh_s), now + _CLOCK_SKEW, bounds="(]")
    unseen = await read_choices(session, scope, ride, breaks_seals=breaks_seals)
    choices, _ = await locate(session, unseen, sources.live, seen, now)
    return choices


def _without(choices: Choices, taken: Sequence[Taken]) -> Choices:
    """Return the vehicles that are not taken, with the drivers who are not."""
    if not taken:
        return choices
    vehicles = {one.vehicle_no for one in taken}
    drivers = {one.driver_no for one in taken}
    # The drivers of a unit are one sequence for all its vehicles, and stay one.
    left: dict[int, Sequence[DriverChoice]] = {}
    kept: list[VehicleChoice] = []
    for vehicle in choices:
        if vehicle.no in vehicles:
            continue
        staff = left.setdefault(
            id(vehicle.drivers), tuple(d for d in vehicle.drivers if d.no not in drivers)
        )
        kept.append(replace(vehicle, drivers=staff))
    return Choices.of(kept)


def _match(
    alike: Sequence[Wanted], choices: Choices, sources: Sources, now: datetime
) -> dict[UUID, Chosen]:
    """Return what was chosen for rides of one period: vehicles whose position is known first.

    Where those don't suffice for rides that begin soon, the others are taken from their bases, as
    for a ride that was planned ahead; but none that is overdue from its last one.
    """
    start = alike[0].need.start
    travel_times = sources.travel_times.at(start)
    found = _matched(alike, choices, travel_times, now, At(now, LIMITS))
    left = [one for one in alike if found[one.id].vehicle_no is None]
    ahead = start - timedelta(seconds=LIMITS.immediate_s + 1)
    if not left or ahead >= now:
        return found
    span = left[0].span
    taken = [
        Taken(one.vehicle_no, one.driver_no, span)
        for one in found.values()
        if one.vehicle_no is not None and one.driver_no is not None
    ]
    back = [one for one in _without(choices, taken) if one.overdue_since is None]
    return found | _matched(left, Choices.of(back), travel_times, now, At(ahead, LIMITS))


def _matched(
    alike: Sequence[Wanted],
    choices: Choices,
    travel_times: TravelTimes,
    now: datetime,
    at: At,
) -> dict[UUID, Chosen]:
    waiting = [Waiting(one.id, one.need, now, one.priority) for one in alike]
    matching = match_batch(waiting, choices, at, travel_times)
    found = {match.request: Chosen(match.vehicle_no, match.driver_no) for match in matching.matches}
    notes: dict[Need, str] = {}
    needs = {one.id: one.need for one in alike}
    for id in matching.unserved:
        need = needs[id]
        if need not in notes:
            notes[need] = _note(choices, need, at)
        found[id] = Chosen(note=notes[need])
    return found


def _note(choices: Choices, need: Need, at: At) -> str:
    """Return why a ride got nothing: how many may serve it, or the rule that left out most."""
    judged = judge(choices, need, at)
    able = len(judged.eligible)
    if able:
        return f"可派车辆 {able} 辆，均已安排给其他用车、缺少驾驶员或路程过远"
    counts: dict[str, int] = {}
    for code in judged.of.tolist():
        sentence = judged.told[code][1]
        counts[sentence] = counts.get(sentence, 0) + 1
    if not counts:
        return NOBODY
    sentence, most = max(counts.items(), key=lambda one: (one[1], one[0]))
    return f"{NOBODY}；其中 {most} 辆：{sentence}"


def _overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
