"""A reservation follows its request: promised when approved, bound, released, held again."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.on_duty import any_dispatcher
from dispatch.capacity import store
from dispatch.capacity.errors import CapacityFull
from dispatch.capacity.fitting import VehicleType
from dispatch.capacity.held import lock_pools
from dispatch.capacity.holding import end, is_far_ahead, pool_nos, promise, refuse
from dispatch.capacity.offering import can_keep, offer_of
from dispatch.capacity.words import ReservationState
from dispatch.requests.states import RequestState
from dispatch.tables import Order, Request
from fleet.access import Actor
from fleet.acts import Act
from fleet.rules import RuleKey, effective

_FULL = "该时段没有可预留的车辆"


async def follow_decision(
    session: AsyncSession, actor: Actor, request: Request, now: datetime, reason: str | None
) -> None:
    """Promise a ride that was just approved for later; release what one no longer awaits.

    The request is locked, and in its new state. That nothing can be promised hinders no approval:
    it is kept as a refusal, for the dispatcher to find another way.
    """
    act = Act(actor, now, reason=reason)
    if request.state != RequestState.AWAITING_DISPATCH:
        await release_kept(session, act, request)
        return
    start = request.period.lower
    unit_no = request.organisation_no
    from_h = (await effective(session, RuleKey.RESERVED_FROM_H, unit_no, now)).value
    if start is None or not is_far_ahead(start, now, from_h):
        return
    dispatcher = await any_dispatcher(session, unit_no, now)
    if dispatcher is not None:
        await promise_or_refuse(session, dispatcher, request, now)


async def release_kept(session: AsyncSession, act: Act, request: Request) -> None:
    """Release what a locked request has no more use for, bound to its cancelled order or not."""
    for kept in await store.kept_for(session, request.id):
        await end(session, act, request, kept, ReservationState.RELEASED)


async def promise_or_refuse(
    session: AsyncSession, dispatcher: Actor, request: Request, now: datetime
) -> bool:
    """Return whether a locked ride was promised a vehicle; else that is kept as a refusal.

    The system promises by itself, from the vehicles for which a dispatcher of the unit dispatches.
    """
    candidates = await pool_nos(session, dispatcher, request, None, now)
    itself = Act(None, now)
    try:
        await promise(session, itself, request, candidates, VehicleType(request.category))
    except CapacityFull:
        await refuse(
            session, itself, request, next(iter(candidates), request.organisation_no), _FULL
        )
        return False
    return True


async def bind(
    session: AsyncSession, actor: Actor, request: Request, order: Order, now: datetime
) -> None:
    """Bind what is held for a request to the order that serves it now."""
    held = await store.held_for(session, request.id)
    if held is not None:
        await end(session, Act(actor, now), request, held, ReservationState.BOUND, order.id)


async def hold_again(
    session: AsyncSession, actor: Actor, request: Request, order: Order, now: datetime
) -> None:
    """Hold again what was bound to an order that serves a request no longer, if it can be kept.

    Where others were promised it meanwhile, the reservation is released with the reason.
    """
    bound = await store.bound_to(session, order.id, request.id)
    if bound is None or request.period.upper is None or request.period.upper <= now:
        return
    await lock_pools(session, [bound.organisation_no])
    wanted = VehicleType(bound.category, bound.energy, bound.holding)
    await session.flush()
    offer = await offer_of(session, request, bound.organisation_no, wanted, now)
    act = Act(actor, now, reason=None if can_keep(offer) else _FULL)
    to = ReservationState.RELEASED if act.reason else ReservationState.HELD
    await end(session, act, request, bound, to)
    if to is ReservationState.HELD:
        bound.ended_at = bound.ended_by_no = None
        await session.flush()
