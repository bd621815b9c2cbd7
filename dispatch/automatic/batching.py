"""Requests that are more than the free vehicles: matched together, and the round kept.

Rides that begin soon are gathered by whoever answers for them, and so by the vehicles that may
serve. While there is a free vehicle for each, nobody waits for a batch.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.deciding import Picked, ride_of
from dispatch.automatic.desk import Desk
from dispatch.automatic.limits import stop_of_ride, stop_of_vehicle
from dispatch.automatic.on_duty import duty_dispatcher
from dispatch.automatic.tables import AutoDispatchRound
from dispatch.automatic.waiting import Awaiting, Rule
from dispatch.eligibility.asking import need_of
from dispatch.eligibility.columns import Choices
from dispatch.eligibility.facts_of import Asked
from dispatch.eligibility.judging import judge
from dispatch.eligibility.need import At
from dispatch.eligibility.positions import locate
from dispatch.eligibility.rules import VERSION
from dispatch.eligibility.store import read_choices
from dispatch.matching.batch import DEFAULT_WEIGHTS, match_batch
from dispatch.matching.columns import Fleet as Prepared
from dispatch.matching.kept_ways import KeptWays
from dispatch.matching.problem import Match, Matching, Waiting, priority_of
from dispatch.matching.ranking import use_of
from dispatch.suggestions.packing import Packed
from dispatch.suggestions.rounds import Weighed, pack_round
from dispatch.suggestions.weighing import LIMITS, Sources
from dispatch.tables import Request
from fleet.access import Actor
from fleet.permissions import Permission
from fleet.rules.auto_dispatch import AutoDispatchMode
from kit.clock import day_period, shanghai_day
from kit.database import transaction
from kit.ids import new_id

_CLOCK_SKEW = timedelta(minutes=10)
# Whether vehicles are short is looked up for so many of those that wait.
_ASKED_AT_MOST = 20
# A vehicle beyond a limit is left to the dispatcher; the others are matched again without it.
_MATCHED_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Requests for which one person answers, and which may be assigned automatically."""

    actor: Actor
    waiting: Mapping[UUID, Awaiting]
    asked: tuple[Waiting, ...]
    rules: Mapping[int, Rule]


@dataclass(frozen=True, slots=True)
class Fleet:
    """The vehicles of a group's scope at an instant, and on what their ways rest."""

    choices: Choices
    at: At
    sources: Sources

    def free_for(self, asked: Sequence[Waiting]) -> int:
        """Return how many vehicles may serve at least one of these requests."""
        found: set[int] = set()
        for one in asked[:_ASKED_AT_MOST]:
            found.update(judge(self.choices, one.need, self.at).eligible.tolist())
        return len(found)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch found: which vehicle for whom, and who stays without one."""

    picked: tuple[tuple[Awaiting, Picked], ...]
    unserved: tuple[Awaiting, ...]


async def groups_of(
    session: AsyncSession, waiting: Sequence[Awaiting], rules: Mapping[int, Rule], now: datetime
) -> list[Group]:
    """Return the requests that begin soon and may be assigned, by who answers for them."""
    able = {
        one.id: one
        for one in waiting
        if rules[one.unit_no].mode is AutoDispatchMode.ASSIGN and not one.taken_back
    }
    if len(able) < 2:
        return []
    requests = (await session.scalars(select(Request).where(Request.id.in_(able)))).all()
    actors: dict[int, Actor | None] = {}
    found: dict[int, list[Waiting]] = {}
    for request in requests:
        one = able[request.id]
        need = need_of(request)
        if request.revision != one.revision or not need.is_immediate(now, LIMITS):
            continue
        if stop_of_ride(ride_of(request), rules[one.unit_no].limits) is not None:
            continue
        if one.unit_no not in actors:
            actors[one.unit_no] = await duty_dispatcher(session, one.unit_no, now)
        if (actor := actors[one.unit_no]) is not None:
            priority = priority_of(request.purpose, request.category)
            asked = Waiting(request.id, need, one.asked_at, priority)
            found.setdefault(actor.person_no, []).append(asked)
    by_person = {actor.person_no: actor for actor in actors.values() if actor is not None}
    return [
        Group(by_person[no], {w.id: able[w.id] for w in asked}, tuple(asked), rules)
        for no, asked in found.items()
        if len(asked) > 1
    ]


async def fleet_of(desk: Desk, group: Group) -> Fleet:
    """Read the vehicles of a group's scope, busy where any ride of the group would find them so."""
    sources, now = await asyncio.to_thread(desk.sources), desk.clock()
    start = min(one.need.start for one in group.asked)
    end = max(one.need.end for one in group.asked)
    ride = Asked(
        # Whose rule says how full a battery counts; the rides of a batch begin within hours.
        unit_no=min(one.need.unit_no for one in group.asked),
        period=Range(start, end, bounds="[)"),
        day=Range(*day_period(shanghai_day(start)), bounds="[)"),
        now=now,
    )
    seen = Range(now - timedelta(seconds=LIMITS.fresh_s), now + _CLOCK_SKEW, bounds="(]")
    async with transaction(desk.sessions) as session:
        scope = group.actor.scope(Permission.ORDER_ASSIGN)
        unseen = await read_choices(session, scope, ride)
        choices, _ = await locate(session, unseen, sources.live, seen, now)
    return Fleet(choices, At(now, LIMITS), sources)


async def match(desk: Desk, group: Group, fleet: Fleet) -> Batch:
    """Match a group's requests together, within the limits, and keep the round."""
    # Facts are read anew for each round, which has changed the drivers' duty: none are kept.
    prepared = await asyncio.to_thread(Prepared.of, fleet.choices)
    weighed, matching = await asyncio.to_thread(_matched, group.asked, prepared, fleet)
    for _ in range(_MATCHED_AT_MOST - 1):
        beyond = {m.request for m in matching.matches if _is_beyond(m, group, fleet)}
        if not beyond:
            break
        asked = [one for one in weighed.asked if one.id not in beyond]
        weighed, matching = await asyncio.to_thread(_matched, asked, prepared, fleet)
    packed = await asyncio.to_thread(pack_round, weighed)
    round_id = await _keep(desk, group, fleet, matching, packed)
    within = [m for m in matching.matches if not _is_beyond(m, group, fleet)]
    return Batch(
        tuple((group.waiting[m.request], Picked(m.vehicle_no, round_id)) for m in within),
        tuple(group.waiting[id] for id in matching.unserved),
    )


def _matched(
    asked: Sequence[Waiting], prepared: Prepared, fleet: Fleet
) -> tuple[Weighed, Matching]:
    """Match these requests; return all on which it rests, too."""
    ways = KeptWays(fleet.sources.travel_times)
    matching = match_batch(asked, prepared, fleet.at, ways, DEFAULT_WEIGHTS)
    label = str(fleet.sources.travel_times.label)
    weighed = Weighed(asked, fleet.choices, fleet.at, DEFAULT_WEIGHTS, ways.ways(), label)
    return weighed, matching


def _is_beyond(found: Match, group: Group, fleet: Fleet) -> bool:
    limits = group.rules[group.waiting[found.request].unit_no].limits
    need = next(one.need for one in group.asked if one.id == found.request)
    vehicle = fleet.choices[int(np.searchsorted(fleet.choices.nos, found.vehicle_no))]
    return stop_of_vehicle(use_of(vehicle, need), found.empty_m, limits) is not None


async def _keep(desk: Desk, group: Group, fleet: Fleet, matching: Matching, packed: Packed) -> UUID:
    """Keep what was weighed together, so that one vehicle can be told from the others' needs."""
    found = {m.request: m for m in matching.matches}
    kept = AutoDispatchRound(
        id=new_id(),
        at=fleet.at.now,
        method="batch",
        versions={
            "rules": VERSION,
            "weights": asdict(DEFAULT_WEIGHTS),
            "travel_times": str(fleet.sources.travel_times.label),
            "map": fleet.sources.map_version,
            "pairs": matching.candidates,
            "is_largest": matching.is_largest,
            # No chance takes part: the same requests and vehicles give the same matching.
            "seed": None,
        },
        requests=[_told(one, found.get(one.id)) for one in group.asked],
        content=packed.content,
        sha256=packed.sha256,
    )
    async with desk.act() as session:
        session.add(kept)
        await session.flush()
    return kept.id


def _told(one: Waiting, found: Match | None) -> dict[str, object]:
    return {
        "request": str(one.id),
        "asked_at": one.asked_at.isoformat(),
        "priority": one.priority.name.lower(),
        "vehicle_no": found.vehicle_no if found else None,
        "driver_no": found.driver_no if found else None,
        "arrival_s": found.arrival_s if found else None,
        "empty_m": found.empty_m if found else None,
        "cost_s": found.cost.total_s if found else None,
    }
