"""Use case: drives that began without an order are entered afterwards (补单), many at once.

What is entered happened: the order gets the times as they were, and departs and returns by them. A
back-entry is due 24 hours after the departure (Shandong's rule); a later one is entered all the
same and stays marked, for audit. What a hard rule forbids is refused, and stays unexplained.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.explaining import DUE_AFTER, MARGIN
from dispatch.mobilisation import store
from dispatch.mobilisation.errors import (
    DrivenMeanwhile,
    DrivenOutsideMobilisation,
    NotCalledUp,
    NotDrivenYet,
    ReturnBeforeDeparture,
    ReturnedTooLate,
)
from dispatch.mobilisation.requests import Drive, Rider, make_request, reason_of, rider_of, who
from dispatch.mobilisation.schemas import BackEntriesIn, BackEntryIn
from dispatch.mobilisation.tables import Mobilisation, MobilisationOrder
from dispatch.orders.journalling import record_step, standing_of
from dispatch.orders.making import acting_for
from dispatch.orders.pairing import Pair, is_cross_unit, lock_pair, require_fit
from dispatch.orders.states import OrderAction, OrderState, check_odometer
from dispatch.orders.steps import move_request
from dispatch.orders.store import book, mark_days
from dispatch.requests.feasible import check_way_there
from dispatch.requests.states import RequestAction, RequestState, check_length
from dispatch.slips.content import number_text
from dispatch.slips.issuing import issue_slip
from dispatch.tables import Order, OrderRequest, OrderStep, Request
from dispatch.words import OrderKind
from fleet.acts import Act
from fleet.permissions import Permission
from kit.clock import days_between
from kit.errors import DomainError
from kit.ids import new_id

# A drive that is still out, and of which nobody says until when, is planned for so long.
_STILL_OUT = timedelta(hours=4)
# A vehicle that is out as the mobilisation is signed off comes back; no drive explains a month.
_ON_THE_WAY_BACK = timedelta(hours=24)


async def enter_drives(
    session: AsyncSession, act: Act, mobilisation: Mobilisation, wish: BackEntriesIn
) -> tuple[list[UUID], list[tuple[int, DomainError]]]:
    """Enter drives that began while a mobilisation was in force, also after it is signed off.

    Returns the orders made, and the drives refused: their index, and why. Raises NotFound,
    UnknownPassenger.
    """
    rider = await rider_of(session, act, mobilisation, wish.organisation_id, wish.passenger_id)
    units = await store.units_of(session, mobilisation.no)
    made: list[UUID] = []
    refused: list[tuple[int, DomainError]] = []
    # In the order in which vehicles are locked by everybody, so that nobody waits in a ring.
    for index, drive in sorted(enumerate(wish.drives), key=_by_pair):
        try:
            async with session.begin_nested():
                made.append(await _enter(session, act, mobilisation, rider, drive, units))
        except DomainError as error:
            refused.append((index, error))
    act.record(
        session,
        "mobilisation.back_entry",
        "mobilisation",
        mobilisation.id,
        organisation_no=mobilisation.organisation_no,
        after={"orders": [str(id) for id in made], "refused": len(refused)},
    )
    await session.flush()
    return made, sorted(refused, key=lambda one: one[0])


def due_at(departed_at: datetime) -> datetime:
    """Return by when the drive that began then is to be entered."""
    return departed_at + DUE_AFTER


def check_drive(drive: BackEntryIn, in_force: Range[datetime], now: datetime) -> Range[datetime]:
    """Return the period of a drive as it is to be ordered.

    Raises NotDrivenYet, DrivenOutsideMobilisation, ReturnBeforeDeparture, ReturnedTooLate,
    PeriodTooLong, RideTooShort, OdometerBackwards.
    """
    if drive.departed_at > now or (drive.returned_at is not None and drive.returned_at > now):
        raise NotDrivenYet
    if not in_force.contains(drive.departed_at):
        raise DrivenOutsideMobilisation
    end = drive.returned_at or drive.end or max(now, drive.departed_at) + _STILL_OUT
    if end <= drive.departed_at:
        raise ReturnBeforeDeparture
    if in_force.upper is not None and end > in_force.upper + _ON_THE_WAY_BACK:
        raise ReturnedTooLate(latest=(in_force.upper + _ON_THE_WAY_BACK).isoformat())
    check_length(drive.departed_at, end)
    period = Range(drive.departed_at, end, bounds="[)")
    check_way_there(drive.origin, drive.destination, period)
    if drive.odometer_in_m is not None:
        check_odometer(OrderAction.RETURN, drive.odometer_in_m, drive.odometer_out_m)
    return period


async def _enter(
    session: AsyncSession,
    act: Act,
    mobilisation: Mobilisation,
    rider: Rider,
    drive: BackEntryIn,
    units: frozenset[int],
) -> UUID:
    period = check_drive(drive, mobilisation.period, act.now)
    told = Act(act.actor, act.now, act.address, reason_of(mobilisation))
    scope = who(act).scope(Permission.ORDER_ASSIGN)
    # Whose the vehicle and the driver were when it was driven counts, wherever they are by now.
    then = drive.departed_at
    pair = await lock_pair(session, drive.vehicle_id, drive.driver_id, scope, period, then)
    if pair.vehicle.unit_no not in units:
        raise NotCalledUp
    # Orders that are over hold nobody, so that the database alone would take a drive twice.
    driven = Range(drive.departed_at, drive.returned_at or act.now, bounds="[)")
    if await store.is_driven_meanwhile(session, pair.vehicle.no, pair.driver.no, driven):
        raise DrivenMeanwhile
    request = await make_request(
        session,
        act,
        mobilisation,
        rider,
        Drive(drive.passengers, drive.purpose_text, drive.origin, drive.destination, period),
    )
    before = await standing_of_request(request)
    await require_fit(session, pair, [request], period, act.now, reason=told.reason)
    order = await _order(session, told, request, pair, period, drive)
    session.add(
        MobilisationOrder(
            order_id=order.id,
            mobilisation_no=mobilisation.no,
            entered_at=act.now,
            back_entry_due_at=due_at(drive.departed_at),
        )
    )
    await session.flush()
    slip = await issue_slip(session, order, act.now)
    number = number_text(slip.year, slip.number)
    after = {**await standing_of(session, order), "slip": number}
    record_step(session, told, order, "order.back_entry", before, after)
    await session.flush()
    return order.id


async def standing_of_request(request: Request) -> dict[str, object]:
    """Return where a request stands before its drive is entered."""
    return {"state": str(request.state), "requests": [{"id": str(request.id)}]}


async def _order(
    session: AsyncSession,
    act: Act,
    request: Request,
    pair: Pair,
    period: Range[datetime],
    drive: BackEntryIn,
) -> Order:
    """Write the order as it stands after its drive, with the steps at their own times.

    One that is over holds nobody at any moment: what was driven may touch what is promised since.
    """
    is_out = drive.returned_at is None
    order = Order(
        id=new_id(),
        kind=OrderKind.RIDE,
        organisation_no=request.organisation_no,
        issuer_no=acting_for(who(act), Permission.ORDER_ASSIGN, request.organisation_no),
        vehicle_no=pair.vehicle.no,
        driver_no=pair.driver.no,
        dispatcher_no=who(act).person_no,
        cross_unit=is_cross_unit(pair.vehicle, {request.organisation_no}),
        period=period,
        state=OrderState.DEPARTED if is_out else OrderState.RETURNED,
        departed_at=drive.departed_at,
        returned_at=drive.returned_at,
        odometer_out_m=drive.odometer_out_m,
        odometer_in_m=drive.odometer_in_m,
    )
    await book(session, order, request.id)
    session.add(OrderRequest(order_id=order.id, request_id=request.id))
    steps = _steps(drive)
    order.revision = len(steps)
    for action, was, to, at, odometer_m in steps:
        session.add(
            OrderStep(
                order_id=order.id,
                action=action,
                from_state=was,
                to_state=to,
                actor_no=who(act).person_no,
                tapped_at=at,
                recorded_at=act.now,
                odometer_m=odometer_m,
                reason=act.reason,
            )
        )
        move_request(session, request, action, RequestState(to), act.actor, at, act.reason)
    since, until = drive.departed_at - MARGIN, (drive.returned_at or act.now) + MARGIN
    mark_days(session, order.vehicle_no, days_between(since, until), "order.back_entry")
    await session.flush()
    return order


Taken = tuple[str, str, OrderState, datetime, int | None]
"""A step that was driven: action, from which state to which, when, and the odometer."""


def _steps(drive: BackEntryIn) -> list[Taken]:
    """Return the steps of a drive, from its assignment on."""
    waiting, at = RequestState.AWAITING_DISPATCH, drive.departed_at
    assigned, accepted, departed = OrderState.ASSIGNED, OrderState.ACCEPTED, OrderState.DEPARTED
    steps: list[Taken] = [
        (RequestAction.ASSIGN, waiting, assigned, at, None),
        (OrderAction.ACCEPT, assigned, accepted, at, None),
        (OrderAction.DEPART, accepted, departed, at, drive.odometer_out_m),
    ]
    if drive.returned_at is not None:
        back, odometer_m = drive.returned_at, drive.odometer_in_m
        steps.append((OrderAction.RETURN, departed, OrderState.RETURNED, back, odometer_m))
    return steps


def _by_pair(one: tuple[int, BackEntryIn]) -> tuple[str, str, datetime, int]:
    index, drive = one
    return str(drive.vehicle_id), str(drive.driver_id), drive.departed_at, index
