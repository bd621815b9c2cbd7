"""SQL of orders: locking what is booked, booking it, and reading it back."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import DriverBusy, VehicleBusy, Wanted
from dispatch.mobilisation.tables import Mobilisation, MobilisationOrder
from dispatch.orders.errors import DriverOut, VehicleOut
from dispatch.tables import Order, OrderRequest, OrderStep, Request
from fleet.lists import within
from fleet.tables import (
    Driver,
    DriverLeave,
    DriverLicence,
    DriverUnit,
    Organisation,
    Person,
    Vehicle,
    VehicleUnit,
)
from kit.database import violated_constraint
from tracking.tables import ChangedDay


@dataclass(frozen=True, slots=True)
class BookableVehicle:
    """A vehicle that is locked, with the unit that uses it now."""

    no: int
    plate: str
    seats: int
    category: str
    holding: str
    body: str | None
    state: str
    unit_no: int
    unit_name: str


@dataclass(frozen=True, slots=True)
class BookableDriver:
    """A driver who is locked, with the licence in force when they are to be done.

    `on_leave`: whether they are away in the period
    """

    no: int
    name: str
    licence_class: str
    licence_until: datetime | None
    on_leave: bool


async def lock_vehicles(session: AsyncSession, nos: Iterable[int | None]) -> None:
    """Lock several vehicles against other bookings, in the order of their numbers."""
    wanted = {no for no in nos if no is not None}
    await session.execute(
        select(Vehicle.no)
        .where(Vehicle.no.in_(wanted))
        .order_by(Vehicle.no)
        .with_for_update(key_share=True)
    )


async def lock_drivers(session: AsyncSession, nos: Iterable[int | None]) -> None:
    """Lock several drivers against other bookings, in the order of their numbers."""
    wanted = {no for no in nos if no is not None}
    await session.execute(
        select(Driver.no)
        .where(Driver.no.in_(wanted))
        .order_by(Driver.no)
        .with_for_update(key_share=True)
    )


async def lock_vehicle(
    session: AsyncSession, vehicle_id: UUID, scope: frozenset[int] | None, now: datetime
) -> BookableVehicle | None:
    """Return the vehicle if a unit of the scope uses it now, locked against other bookings.

    scope: None: of any unit

    FOR NO KEY UPDATE shuts out other bookings, but not the foreign keys of positions and trips.
    """
    row = (
        await session.execute(
            select(
                Vehicle.no,
                Vehicle.plate,
                Vehicle.seats,
                Vehicle.category,
                Vehicle.holding,
                Vehicle.body,
                Vehicle.state,
                VehicleUnit.organisation_no,
                Organisation.name,
            )
            .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
            .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
            .where(
                Vehicle.id == vehicle_id,
                Vehicle.withdrawn_at.is_(None),
                true() if scope is None else within(VehicleUnit.organisation_no, scope),
                VehicleUnit.period.contains(now),
            )
            .with_for_update(of=Vehicle, key_share=True)
        )
    ).one_or_none()
    return BookableVehicle(*row) if row else None


async def lock_driver(
    session: AsyncSession,
    driver_id: UUID,
    scope: frozenset[int] | None,
    period: Range[datetime],
    now: datetime,
) -> BookableDriver | None:
    """Return the driver if a unit of the scope employs them now, locked against other bookings.

    Leave and licences are written under the same lock, and are read once it is held.
    """
    row = (
        await session.execute(
            select(Driver.no, Person.name, Driver.licence_class, Driver.licence_until)
            .join(Person, Person.no == Driver.person_no)
            .join(DriverUnit, DriverUnit.driver_no == Driver.no)
            .where(
                Driver.id == driver_id,
                Person.disabled_at.is_(None),
                true() if scope is None else within(DriverUnit.organisation_no, scope),
                DriverUnit.period.contains(now),
            )
            .with_for_update(of=Driver, key_share=True)
        )
    ).one_or_none()
    if row is None:
        return None
    licence = (
        await session.execute(
            select(DriverLicence.licence_class, DriverLicence.licence_until).where(
                DriverLicence.driver_no == row.no, DriverLicence.period.contains(period.upper)
            )
        )
    ).one_or_none()
    away = exists().where(
        DriverLeave.driver_no == row.no,
        DriverLeave.withdrawn_at.is_(None),
        DriverLeave.period.overlaps(period),
    )
    return BookableDriver(
        no=row.no,
        name=row.name,
        licence_class=licence.licence_class if licence else row.licence_class,
        licence_until=licence.licence_until if licence else row.licence_until,
        on_leave=bool(await session.scalar(select(away))),
    )


async def book(
    session: AsyncSession,
    order: Order,
    request_id: UUID | None = None,
    *,
    is_extension: bool = False,
) -> None:
    """Write an order that is new or locked. Raises what `refused_when_busy` raises."""
    session.add(order)
    async with refused_when_busy(session, order, request_id, is_extension=is_extension):
        pass


@asynccontextmanager
async def refused_when_busy(
    session: AsyncSession,
    order: Order,
    request_id: UUID | None = None,
    *,
    is_extension: bool = False,
) -> AsyncIterator[None]:
    """Write what is done inside; where the database refuses it, say who is busy.

    It refuses periods that overlap (VehicleBusy, DriverBusy), and a vehicle or driver out on two
    orders at once (VehicleOut, DriverOut). The transaction is lost then; the caller ends it.
    """
    wanted = Wanted(
        order.id, order.vehicle_no, order.driver_no, order.period, is_extension, request_id
    )
    try:
        yield
        await session.flush()
    except IntegrityError as error:
        match violated_constraint(error):
            case "vehicle_never_twice":
                raise VehicleBusy(wanted) from error
            case "driver_never_twice":
                raise DriverBusy(wanted) from error
            case "vehicle_out_once":
                raise VehicleOut(wanted) from error
            case "driver_out_once":
                raise DriverOut(wanted) from error
        raise


async def find_order(
    session: AsyncSession, order_id: UUID, seen: ColumnElement[bool]
) -> Order | None:
    """Return the order if it exists for whoever sees by this condition."""
    return (await session.scalars(select(Order).where(Order.id == order_id, seen))).one_or_none()


async def lock_order(
    session: AsyncSession, order_id: UUID, seen: ColumnElement[bool]
) -> Order | None:
    """Return the order as it is now, locked until the transaction ends."""
    return (
        await session.scalars(
            select(Order)
            .where(Order.id == order_id, seen)
            .with_for_update(of=Order)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()


async def list_orders(
    session: AsyncSession,
    conditions: Sequence[ColumnElement[bool]],
    before: UUID | None,
    limit: int,
) -> Sequence[Order]:
    """Return at most `limit` orders that meet all conditions, newest first."""
    query = select(Order).where(*conditions).order_by(Order.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Order.id < before)
    return (await session.scalars(query)).all()


async def steps_of_orders(session: AsyncSession, order_ids: Sequence[UUID]) -> Sequence[OrderStep]:
    """Return all steps of these orders, in the order in which they were taken."""
    return (
        await session.scalars(
            select(OrderStep).where(OrderStep.order_id.in_(order_ids)).order_by(OrderStep.no)
        )
    ).all()


async def last_step(session: AsyncSession, order_id: UUID) -> OrderStep:
    """Return the newest step of an order; each has one from its assignment on."""
    return (
        await session.scalars(
            select(OrderStep)
            .where(OrderStep.order_id == order_id)
            .order_by(OrderStep.no.desc())
            .limit(1)
        )
    ).one()


async def requests_of_orders(
    session: AsyncSession, order_ids: Sequence[UUID]
) -> list[tuple[UUID, Request]]:
    """Return (order id, request) of each request that these orders serve."""
    rows = await session.execute(
        select(OrderRequest.order_id, Request)
        .join(Request, Request.id == OrderRequest.request_id)
        .where(OrderRequest.order_id.in_(order_ids))
        .order_by(Request.id)
    )
    return [(row.order_id, row.Request) for row in rows]


async def person_nos_of_drivers(
    session: AsyncSession, driver_nos: Iterable[int | None]
) -> dict[int, int]:
    """Return the person behind each driver, by the driver's number."""
    nos = {no for no in driver_nos if no is not None}
    rows = await session.execute(select(Driver.no, Driver.person_no).where(Driver.no.in_(nos)))
    return {row.no: row.person_no for row in rows}


async def vehicle_no(session: AsyncSession, vehicle_id: UUID) -> int | None:
    """Return the number of a vehicle by its id."""
    return (await session.scalars(select(Vehicle.no).where(Vehicle.id == vehicle_id))).one_or_none()


async def driver_no(session: AsyncSession, driver_id: UUID) -> int | None:
    """Return the number of a driver by its id."""
    return (await session.scalars(select(Driver.no).where(Driver.id == driver_id))).one_or_none()


async def ids_of_pair(session: AsyncSession, order: Order) -> tuple[UUID | None, UUID | None]:
    """Return the ids of an order's vehicle and driver."""
    vehicle = select(Vehicle.id).where(Vehicle.no == order.vehicle_no).scalar_subquery()
    driver = select(Driver.id).where(Driver.no == order.driver_no).scalar_subquery()
    row = (await session.execute(select(vehicle, driver))).one()
    return row[0], row[1]


def mark_days(session: AsyncSession, vehicle_no: int | None, days: list[date], cause: str) -> None:
    """Tell audit that other kilometres of these Shanghai days are explained than before."""
    if vehicle_no is not None:
        session.add_all(ChangedDay(vehicle_no=vehicle_no, day=day, cause=cause) for day in days)


async def is_mobilised(session: AsyncSession, order_id: UUID) -> bool:
    """Return whether an order was made under a mobilisation that is in force."""
    under = (
        exists()
        .where(MobilisationOrder.order_id == order_id)
        .where(MobilisationOrder.mobilisation_no == Mobilisation.no)
        .where(Mobilisation.ended_at.is_(None))
    )
    return bool(await session.scalar(select(under)))
