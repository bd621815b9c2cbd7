"""A shared order whose next vehicle comes later than was told: every passenger's times move.

Each is told their own new pick-up, and nobody is driven beyond what they agreed to: where that
can't be kept with this vehicle, it doesn't get the order.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import isfinite
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import PromiseWorsened
from dispatch.orders.promise_store import (
    Arrival,
    first_told,
    promised_pickups,
    suggested_arrival,
)
from dispatch.orders.promising import Offer
from dispatch.orders.telling import tell_pickup
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides import store
from dispatch.shared_rides.changing import hours_of
from dispatch.shared_rides.errors import SharingLimitBroken
from dispatch.shared_rides.judging import asked_of
from dispatch.shared_rides.kernel import is_ready, require_ready
from dispatch.shared_rides.legs import Ride
from dispatch.shared_rides.planning import Call, Misfit, plan
from dispatch.shared_rides.words import SharingLimit, WhoseLimit
from dispatch.tables import Order, Request
from fleet.access import Actor

_KEPT = timedelta(seconds=1)
"""A promise is told to the second."""


@dataclass(frozen=True, slots=True)
class Later:
    """By how much the vehicle is there later than was told, and the suggestion that says so.

    by: below zero where it makes good of what was put off before
    """

    by: timedelta
    suggestion_id: UUID | None


async def comes_later(
    session: AsyncSession,
    served: Sequence[Request],
    vehicle_id: UUID,
    suggestion_id: UUID | None,
    now: datetime,
    roads: TravelTimes | None,
) -> Later | None:
    """Return how much later a vehicle comes by what was suggested for those who ride, or earlier.

    Where nothing was suggested for whoever is picked up first, the vehicle may still have to drive
    to them from those for whom something was. None: in time, as far as anybody knows.
    """
    told = await promised_pickups(session, [one.id for one in served])
    riders = sorted((one for one in served if one.id in told), key=lambda one: told[one.id])
    known: list[tuple[Request, Arrival]] = []
    for request in riders:
        arrival = await suggested_arrival(session, request.id, vehicle_id, suggestion_id, now)
        if arrival is None and suggestion_id is not None:
            arrival = await suggested_arrival(session, request.id, vehicle_id, None, now)
        if arrival is not None:
            known.append((request, arrival))
    if not known:
        return None
    arrives_s = {request.id: float(arrival.seconds) for request, arrival in known}
    first = riders[0]
    if roads is not None and first.id not in arrives_s:
        arrives_s[first.id] = await asyncio.to_thread(_reached_s, known, first, roads)
    late = max(now + timedelta(seconds=s) - told[id] for id, s in arrives_s.items())
    return later_by(max(late, -await was_put_off(session, served)), known[0][1].suggestion_id)


def later_by(by: timedelta, suggestion_id: UUID | None = None) -> Later | None:
    """Return by how much a vehicle comes later or earlier; None: as a promise is told."""
    return Later(by, suggestion_id) if abs(by) > _KEPT else None


async def was_put_off(session: AsyncSession, served: Sequence[Request]) -> timedelta:
    """Return by how much all who ride were put off, the least of them; it can be made good."""
    ids = [one.id for one in served]
    told, first = await promised_pickups(session, ids), await first_told(session, ids)
    late = (told[id] - first[id].pickup_at for id in told if id in first)
    return max(timedelta(), min(late, default=timedelta()))


def _reached_s(
    known: Sequence[tuple[Request, Arrival]], first: Request, roads: TravelTimes
) -> float:
    """Return in how long a vehicle can be with the first that will be with these others."""
    ways_s, _ = roads.matrix([one.pickup for one, _ in known], [first.pickup])
    found = [a.seconds + s for (_, a), s in zip(known, ways_s[:, 0].tolist(), strict=True)]
    return min((s for s in found if isfinite(s)), default=float(known[0][1].seconds))


async def put_off(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    served: Sequence[Request],
    later: Later,
    reason: str,
    now: datetime,
    roads: TravelTimes | None,
) -> None:
    """Plan the calls of a locked order anew for a vehicle that comes later, and tell everybody.

    Where it comes earlier, what was put off is made good, if that can be planned.

    roads: None where nobody may put anything off
    Raises PromiseWorsened, SharingLimitBroken, SharingNotReady.
    """
    told = await promised_pickups(session, [one.id for one in served])
    is_earlier = later.by < timedelta()
    if is_earlier and (roads is None or actor.automatic or not is_ready()):
        return
    if roads is None or actor.automatic:
        first = min(told.values())
        raise PromiseWorsened(
            promised_pickup_at=first.isoformat(), pickup_at=(first + later.by).isoformat()
        )
    require_ready()
    assert order.vehicle_no is not None, "a swap has given it one"
    vehicle = await store.vehicle_of(session, order.vehicle_no, now)
    asked = await asked_of(session, order, served, vehicle, now)
    moved = tuple(_moved(one, later.by) for one in asked.aboard)
    found = await asyncio.to_thread(plan, replace(asked, aboard=moved), None, roads, now)
    if isinstance(found, Misfit):
        if is_earlier:
            return
        raise SharingLimitBroken(found.limit, found.whose, found.request_id)
    until, held_until = hours_of(served, found.calls).upper, order.period.upper
    if until is not None and held_until is not None and until > held_until:
        raise SharingLimitBroken(SharingLimit.TIMES, WhoseLimit.ABOARD)
    await store.write_plan(session, order.id, found.calls)
    for request in served:
        offer = Offer(_pick_up(found.calls, request.id), reason)
        await tell_pickup(session, actor, order, [request], offer, now, later.suggestion_id)


def _moved(ride: Ride, by: timedelta) -> Ride:
    """Return what a ride asks of a vehicle that is late: nobody's detour is spent by that."""
    if ride.promised_at is None:
        return ride
    put_off_s = ride.put_off_s + by.total_seconds()
    return replace(ride, promised_at=ride.promised_at + by, put_off_s=put_off_s)


def _pick_up(calls: Sequence[Call], request_id: UUID) -> datetime:
    own = (c for c in calls if c.request_id == request_id and c.is_pick_up and not c.is_return)
    return store.instant(next(own).at)
