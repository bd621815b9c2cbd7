"""Writes a step: the new state, its row of history, and everything that follows from it.

Steps of an order move its requests with it in the same transaction, void the slip of a cancelled
one, and tell audit which days to settle anew. Who may take a step is decided before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.following import hold_again, release_kept
from dispatch.explaining import MARGIN
from dispatch.missions.called_off import called_off
from dispatch.orders.states import MOVES_KILOMETRES, OrderAction, OrderState
from dispatch.orders.store import mark_days
from dispatch.requests.states import RequestState, state_after
from dispatch.requests.store import lock_requests_of
from dispatch.slips.store import slip_of
from dispatch.tables import Order, OrderStep, Request, RequestStep
from fleet.access import Actor
from fleet.acts import Act
from kit.clock import days_between

_UNDONE = "撤销派车"


@dataclass(frozen=True, slots=True)
class Tap:
    """What came with a step; everything but the step itself may be unknown."""

    revision: int | None = None
    tapped_at: datetime | None = None
    odometer_m: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    reason: str | None = None
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an order that may be taken: `at` is when it was, `now` when it is written.

    apart: of a shared order, the requests that alone move with it; None: all
    """

    action: OrderAction
    to: OrderState
    tap: Tap
    at: datetime
    now: datetime
    apart: Mapping[UUID, RequestState] | None = None


def move_request(
    session: AsyncSession,
    request: Request,
    action: str,
    to: RequestState,
    actor: Actor | None,
    at: datetime,
    reason: str | None,
) -> None:
    """Move a locked request to a state and write the step."""
    session.add(
        RequestStep(
            request_id=request.id,
            action=action,
            from_state=request.state,
            to_state=to,
            actor_no=actor.person_no if actor else None,
            automatic=actor.automatic if actor else False,
            at=at,
            reason=reason,
        )
    )
    request.state = to
    request.revision += 1
    request.state_reason = reason


async def move_order(session: AsyncSession, order: Order, step: Step, actor: Actor) -> None:
    """Move a locked order to a state, with its requests, slip and days."""
    session.add(
        OrderStep(
            order_id=order.id,
            action=step.action,
            from_state=order.state,
            to_state=step.to,
            actor_no=actor.person_no,
            automatic=actor.automatic,
            tapped_at=step.at,
            recorded_at=step.now,
            odometer_m=step.tap.odometer_m,
            latitude=step.tap.latitude,
            longitude=step.tap.longitude,
            reason=step.tap.reason,
            request_id=step.tap.request_id,
        )
    )
    order.state = step.to
    order.revision += 1
    _record_what_happened(order, step)
    whole = state_after(step.action, step.to)
    requests = await lock_requests_of(session, order.id)
    over = await called_off(session, [request.id for request in requests])
    for request in requests:
        if step.apart is not None and request.id not in step.apart:
            continue
        to = step.apart[request.id] if step.apart is not None else whole
        if to is RequestState.AWAITING_DISPATCH and request.id in over:
            to = RequestState.INTERRUPTED
        move_request(session, request, step.action, to, actor, step.at, step.tap.reason)
        if to is RequestState.AWAITING_DISPATCH:
            await hold_again(session, actor, request, order, step.now)
        elif to is RequestState.CANCELLED:
            await release_kept(session, Act(actor, step.now, reason=step.tap.reason), request)
    if step.to is OrderState.CANCELLED:
        await _void_slip(session, order, step)
    if step.action in MOVES_KILOMETRES and order.departed_at is not None:
        since = min(order.departed_at or step.at, step.at) - MARGIN
        until = max(step.at + MARGIN, step.now if step.action is OrderAction.DEPART else step.at)
        mark_days(session, order.vehicle_no, days_between(since, until), f"order.{step.action}")


def _record_what_happened(order: Order, step: Step) -> None:
    if step.action is OrderAction.DEPART:
        order.departed_at = step.at
        order.odometer_out_m = step.tap.odometer_m
    elif step.action is OrderAction.RETURN:
        order.returned_at = step.at
        order.odometer_in_m = step.tap.odometer_m
    elif step.action is OrderAction.NO_SHOW and step.apart is None:
        order.no_show_at = step.at


async def _void_slip(session: AsyncSession, order: Order, step: Step) -> None:
    slip = await slip_of(session, order.id)
    if slip is not None:
        slip.void_at = step.now
        slip.void_reason = step.tap.reason or _UNDONE
