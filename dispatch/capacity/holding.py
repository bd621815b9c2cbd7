"""Promises a type, and ends what was promised: for whoever holds the request."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import store
from dispatch.capacity.errors import CapacityFull
from dispatch.capacity.fitting import VehicleType
from dispatch.capacity.held import lock_pools
from dispatch.capacity.offering import can_keep, offer_of
from dispatch.capacity.spans import range_of
from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from dispatch.tables import Request
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.ids import new_id

MOST_POOLS = 6
"""How many organisations are asked for a vehicle when none is named."""


async def promise(
    session: AsyncSession,
    act: Act,
    request: Request,
    candidates: Sequence[int],
    wanted: VehicleType,
) -> Reservation:
    """Promise a locked request a vehicle of the first pool that has one. Raises CapacityFull."""
    before = await store.held_for(session, request.id)
    await lock_pools(session, candidates)
    for pool_no in candidates:
        offer = await offer_of(session, request, pool_no, wanted, act.now)
        if can_keep(offer):
            if before is not None:
                await end(session, act, request, before, ReservationState.RELEASED)
            return await _hold(session, act, request, pool_no, wanted, range_of(offer.ask.span))
    raise CapacityFull


async def end(
    session: AsyncSession,
    act: Act,
    request: Request,
    held: Reservation,
    to: ReservationState,
    order_id: UUID | None = None,
) -> None:
    """End what is held for a request: released, or bound to an order."""
    before = held.state
    held.state, held.order_id = to, order_id
    held.ended_at, held.ended_by_no = act.now, act.actor.person_no if act.actor else None
    held.reason = act.reason
    act.record(
        session,
        f"reservation.{to}",
        "reservation",
        held.id,
        organisation_no=request.organisation_no,
        before={"state": before},
        after={"state": str(to), "order": str(order_id) if order_id else None},
    )
    await session.flush()


async def refuse(
    session: AsyncSession, act: Act, request: Request, pool_no: int, sentence: str
) -> None:
    """Keep that nothing could be promised of a pool when it was asked for."""
    assert request.period.lower is not None
    row = _row(act, request, pool_no, VehicleType(), request.period)
    row.state, row.ended_at, row.reason = ReservationState.REFUSED, act.now, sentence
    session.add(row)
    _record(session, act, request, row)
    await session.flush()


async def pool_nos(
    session: AsyncSession, actor: Actor, request: Request, named: int | None, now: datetime
) -> list[int]:
    """Return the pools to ask: the one named, or those of the actor's scope in order of use.

    Raises NotFound for one outside the scope.
    """
    scope = actor.scope(Permission.ORDER_ASSIGN)
    if named is not None:
        if named not in scope:
            raise NotFound
        return [named]
    start = request.period.lower or now
    found = await store.pools_in_order(session, request.organisation_no, scope, start, MOST_POOLS)
    return [one.organisation_no for one in found]


async def _hold(
    session: AsyncSession,
    act: Act,
    request: Request,
    pool_no: int,
    wanted: VehicleType,
    period: Range[datetime],
) -> Reservation:
    row = _row(act, request, pool_no, wanted, period)
    session.add(row)
    _record(session, act, request, row)
    await session.flush()
    return row


def _row(
    act: Act, request: Request, pool_no: int, wanted: VehicleType, period: Range[datetime]
) -> Reservation:
    return Reservation(
        id=new_id(),
        request_id=request.id,
        state=ReservationState.HELD,
        organisation_no=pool_no,
        category=wanted.category,
        energy=wanted.energy,
        holding=wanted.holding,
        sharing=request.may_share,
        period=period,
        made_by_no=act.actor.person_no if act.actor else None,
        automatic=act.actor is None or act.actor.automatic,
    )


def _record(session: AsyncSession, act: Act, request: Request, row: Reservation) -> None:
    act.record(
        session,
        f"reservation.{row.state}",
        "reservation",
        row.id,
        organisation_no=request.organisation_no,
        after={
            "request": str(request.id),
            "category": row.category,
            "energy": row.energy,
            "holding": row.holding,
            "sharing": row.sharing,
            **told(row.period),
        },
    )


def told(period: Range[datetime]) -> dict[str, object]:
    return {
        "start": period.lower.isoformat() if period.lower else None,
        "end": period.upper.isoformat() if period.upper else None,
    }


def is_far_ahead(start: datetime, now: datetime, from_h: int) -> bool:
    """Whether an approved ride is promised a type: a rule says so, and it begins late enough."""
    return from_h > 0 and start >= now + timedelta(hours=from_h)
