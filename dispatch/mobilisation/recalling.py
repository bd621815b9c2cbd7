"""Orders a ride for which vehicle or driver are recalled from another that has not departed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.mobilisation import store
from dispatch.mobilisation.requests import Drive, Rider, make_request, reason_of, who
from dispatch.mobilisation.tables import Mobilisation
from dispatch.orders.booking import assign
from dispatch.orders.journalling import record_step, standing_of
from dispatch.orders.states import OrderAction, OrderState
from dispatch.orders.steps import Step, Tap, move_order
from dispatch.orders.store import driver_no, requests_of_orders, vehicle_no
from dispatch.orders.telling import take_back_promises
from dispatch.requests.schemas import AssignmentIn
from dispatch.tables import Order
from dispatch.words import Purpose
from fleet.acts import Act
from kit.errors import DomainError

NOT_DEPARTED = (OrderState.ASSIGNED, OrderState.ACCEPTED)


async def recall_and_order(
    session: AsyncSession,
    act: Act,
    mobilisation: Mobilisation,
    rider: Rider,
    drive: Drive,
    pair: tuple[UUID, UUID],
) -> Order | DomainError:
    """Return the order of a ride, or why there is none; then nobody was recalled."""
    try:
        async with session.begin_nested():
            await _recall(session, act, mobilisation, pair, drive.period)
            return await _order(session, act, mobilisation, rider, drive, pair)
    except DomainError as error:
        return error


async def _order(
    session: AsyncSession,
    act: Act,
    mobilisation: Mobilisation,
    rider: Rider,
    drive: Drive,
    pair: tuple[UUID, UUID],
) -> Order:
    request = await make_request(session, act, mobilisation, rider, drive)
    choice = AssignmentIn(
        vehicle_id=pair[0],
        driver_id=pair[1],
        revision=request.revision,
        reason=reason_of(mobilisation),
        override=True,
    )
    return await assign(session, who(act), request.id, choice, act.now, act.address)


async def _recall(
    session: AsyncSession,
    act: Act,
    mobilisation: Mobilisation,
    pair: tuple[UUID, UUID],
    period: Range[datetime],
) -> None:
    """Take vehicle and driver from rides that have not departed and are no emergency.

    Their requests go back to await another vehicle, and what was promised is taken back.
    """
    held = await store.lock_recallable(
        session,
        await vehicle_no(session, pair[0]),
        await driver_no(session, pair[1]),
        period,
        NOT_DEPARTED,
    )
    reason = reason_of(mobilisation)
    for order in held:
        served = [one for _, one in await requests_of_orders(session, [order.id])]
        if not served or any(one.purpose == Purpose.EMERGENCY for one in served):
            continue
        before = await standing_of(session, order)
        step = Step(OrderAction.UNDO, OrderState.CANCELLED, Tap(reason=reason), act.now, act.now)
        await move_order(session, order, step, who(act))
        await take_back_promises(session, who(act), order, served, reason, act.now)
        await session.flush()
        told = Act(act.actor, act.now, act.address, reason)
        record_step(session, told, order, "order.undo", before, await standing_of(session, order))
