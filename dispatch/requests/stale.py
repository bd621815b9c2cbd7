"""An action from a stale page is refused with what changed since the page was read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import StaleRevision
from dispatch.refs import load_refs
from dispatch.tables import Order, OrderStep, Request, RequestStep

# A page that is older than this many steps is told of the last ones.
MOST_STEPS = 20


class _Taken(Protocol):
    """A step as it is told: both kinds have these."""

    @property
    def action(self) -> str: ...
    @property
    def to_state(self) -> str: ...
    @property
    def actor_no(self) -> int | None: ...
    @property
    def reason(self) -> str | None: ...


async def stale_request(session: AsyncSession, request: Request, known: int) -> StaleRevision:
    """Return what to answer to somebody who has read revision `known` of a request."""
    steps = await session.scalars(
        select(RequestStep)
        .where(RequestStep.request_id == request.id)
        .order_by(RequestStep.no.desc())
        .limit(_count(request.revision, known))
    )
    newest_first = [(step, step.at) for step in steps]
    return await _stale(session, request.revision, request.state, newest_first)


async def stale_order(session: AsyncSession, order: Order, known: int) -> StaleRevision:
    """Return what to answer to somebody who has read revision `known` of an order."""
    steps = await session.scalars(
        select(OrderStep)
        .where(OrderStep.order_id == order.id)
        .order_by(OrderStep.no.desc())
        .limit(_count(order.revision, known))
    )
    newest_first = [(step, step.tapped_at) for step in steps]
    return await _stale(session, order.revision, order.state, newest_first)


def _count(revision: int, known: int) -> int:
    """Return how many steps were taken since, each of which made one revision."""
    return min(max(revision - known, 0), MOST_STEPS)


async def _stale(
    session: AsyncSession,
    revision: int,
    state: str,
    newest_first: Sequence[tuple[_Taken, datetime]],
) -> StaleRevision:
    refs = await load_refs(session, people=[step.actor_no for step, _ in newest_first])
    return StaleRevision(
        revision=revision,
        state=state,
        steps=[
            {
                "action": step.action,
                "to_state": step.to_state,
                "actor": refs.people[step.actor_no].name if step.actor_no is not None else None,
                "at": at.isoformat(),
                "reason": step.reason,
            }
            for step, at in reversed(newest_first)
        ],
    )
