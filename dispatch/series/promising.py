"""Promises the rides of approved series one by one, in the background, each in its own transaction.

What can't be promised is refused at once, with what could be done instead; that is looked for after
the pool is free again for others.
"""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import true
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.on_duty import any_dispatcher
from dispatch.capacity.alternatives import alternatives_of
from dispatch.capacity.fitting import VehicleType
from dispatch.capacity.following import promise_or_refuse
from dispatch.capacity.store import held_for
from dispatch.requests.states import RequestState
from dispatch.requests.store import lock_request
from dispatch.series import store
from dispatch.series.tables import SeriesRide
from dispatch.tables import Request
from fleet.access import Actor
from kit.database import Sessions, transaction
from kit.isolation import Isolated

log = logging.getLogger(__name__)

# The database itself is away: the ride goes on awaiting its promise.
_AWAY = (OperationalError, InterfaceError, OSError)


async def promise_step(sessions: Sessions, now: datetime) -> bool:
    """Promise or refuse the ride that has waited longest; return whether there was one.

    Its row is locked meanwhile: a worker that dies leaves it waiting, for the next one. What goes
    wrong with one ride keeps no other waiting: it is left to the dispatcher, as any request.
    """
    refused: tuple[Actor, Request] | None = None
    async with transaction(sessions) as session:
        ride = await store.next_to_promise(session)
        if ride is None:
            return False
        about = {"request": str(ride.request_id)}
        with Isolated(log, "a ride of a series can't be promised", passing=_AWAY, **about):
            async with session.begin_nested():
                refused = await _promise(session, ride, now)
        ride.awaits_promise = False
    if refused is not None:
        with Isolated(log, "no alternatives can be told", passing=_AWAY, **about):
            await _tell_alternatives(sessions, *refused, now)
    return True


async def _promise(
    session: AsyncSession, ride: SeriesRide, now: datetime
) -> tuple[Actor, Request] | None:
    """Return for whom and of what a promise was refused, None where none was."""
    request = await lock_request(session, ride.request_id, true())
    if request is None or request.state != RequestState.AWAITING_DISPATCH:
        return None
    start = request.period.lower
    if start is None or start <= now or await held_for(session, request.id) is not None:
        return None
    dispatcher = await any_dispatcher(session, request.organisation_no, now)
    if dispatcher is None or await promise_or_refuse(session, dispatcher, request, now):
        return None
    return dispatcher, request


async def _tell_alternatives(
    sessions: Sessions, dispatcher: Actor, request: Request, now: datetime
) -> None:
    async with transaction(sessions) as session:
        wanted = VehicleType(request.category)
        found = await alternatives_of(session, dispatcher, request.id, None, wanted, now)
        await _keep(session, request.id, found.model_dump(mode="json"))


async def _keep(session: AsyncSession, request_id: UUID, told: dict[str, object]) -> None:
    ride = await store.ride_of(session, request_id)
    if ride is not None:
        ride.alternatives = told
