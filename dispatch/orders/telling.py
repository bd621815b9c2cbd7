"""Tells passengers their pick-up time: one row for each time it is told, none overwritten."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import NotDueYet
from dispatch.orders.promise_store import standing_promises
from dispatch.orders.promising import Offer, to_tell
from dispatch.tables import Order, Promise, Request
from fleet.access import Actor


async def tell_pickup(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    served: Sequence[Request],
    offer: Offer,
    now: datetime,
    suggestion_id: UUID | None = None,
) -> None:
    """Tell the passengers of locked requests when they are picked up. Raises PromiseWorsened."""
    standing = await standing_promises(session, [request.id for request in served])
    tell(session, actor, order, served, standing, offer, now, suggestion_id)


def tell(
    session: AsyncSession,
    actor: Actor,
    order: Order,
    served: Sequence[Request],
    standing: Mapping[UUID, Promise],
    offer: Offer,
    now: datetime,
    suggestion_id: UUID | None = None,
) -> dict[UUID, Promise]:
    """Tell it to the passengers of locked requests, given what stands; return what is told anew.

    Raises PromiseWorsened.
    """
    told = {}
    for request in served:
        made = promise_of(actor, order, request, standing.get(request.id), offer, now)
        if made is not None:
            made.suggestion_id = suggestion_id
            session.add(made)
            told[request.id] = made
    return told


def promise_of(
    actor: Actor,
    order: Order,
    request: Request,
    told: Promise | None,
    offer: Offer,
    now: datetime,
) -> Promise | None:
    """Return what a passenger is told, given what stands; None: nothing new.

    Raises PromiseWorsened.
    """
    pickup_at = to_tell(told.pickup_at if told else None, offer)
    if pickup_at is None:
        return None
    is_later = told is not None and told.pickup_at is not None and pickup_at > told.pickup_at
    return Promise(
        request_id=request.id,
        order_id=order.id,
        pickup_at=pickup_at,
        told_by_no=actor.person_no,
        told_at=now,
        reason=offer.reason if is_later else None,
        automatic=offer.automatic,
    )


async def require_due(
    session: AsyncSession, order: Order, awaited: Collection[UUID], at: datetime
) -> None:
    """Refuse that passengers are said not to have come before they were due. Raises NotDueYet."""
    told = await standing_promises(session, list(awaited))
    times = [one.pickup_at for one in told.values() if one.pickup_at is not None]
    due = max(times, default=order.period.lower)
    if due is not None and at < due:
        raise NotDueYet(due_at=due.isoformat())


async def take_back_promises(
    session: AsyncSession,
    actor: Actor,
    order: Order | None,
    served: Sequence[Request],
    reason: str,
    now: datetime,
) -> None:
    """Tell the passengers of locked requests that the pick-up time no longer holds, and why.

    order: with which it goes; None: the one for which it was told
    """
    standing = await standing_promises(session, [request.id for request in served])
    session.add_all(
        Promise(
            request_id=request.id,
            order_id=order.id if order else told.order_id,
            pickup_at=None,
            told_by_no=actor.person_no,
            told_at=now,
            reason=reason,
            automatic=False,
        )
        for request in served
        if (told := standing.get(request.id)) is not None and told.pickup_at is not None
    )
