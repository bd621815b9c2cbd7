"""SQL of outages, inside the scope that it is told: an outage belongs to its vehicle's unit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import AnyRow, Slice, in_force, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.outages.tables import Outage
from fleet.outages.words import OutageKind
from fleet.pages import read_newest
from fleet.people.tables import Person
from fleet.vehicles.tables import Vehicle, VehicleUnit
from kit.errors import NotFound
from kit.paging import Page


async def outages(
    session: AsyncSession,
    scope: Scope,
    now: datetime,
    *,
    at: datetime | None,
    kind: OutageKind | None,
    vehicle_id: UUID | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return outages of vehicles that units of `scope` use now, the last entered first.

    Rows are (Outage, unit_no, vehicle, unit and recorder by id and name).
    at: only those that hold at this instant
    """
    statement = _outages(scope, now)
    if at is not None:
        statement = statement.where(in_force(Outage.period, at), Outage.withdrawn_at.is_(None))
    if kind is not None:
        statement = statement.where(Outage.kind == kind)
    if vehicle_id is not None:
        statement = statement.where(Vehicle.id == vehicle_id)
    return await read_newest(session, statement, Outage.id, part)


async def outage_row(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> AnyRow:
    """Return one outage as `outages` does, locked. Raises NotFound."""
    statement = _outages(scope, now).where(Outage.id == id).with_for_update(of=Outage)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("There is no such outage within your scope.")
    return row


async def lock_vehicle(session: AsyncSession, vehicle_no: int) -> None:
    """Hold a vehicle against bookings and other outages until the transaction ends."""
    await session.execute(
        select(Vehicle.no).where(Vehicle.no == vehicle_no).with_for_update(key_share=True)
    )


async def outage_during(
    session: AsyncSession, vehicle_no: int, kind: OutageKind, period: Range[datetime]
) -> Outage | None:
    """Return the first outage of this kind that touches `period`."""
    found: Outage | None = await session.scalar(
        select(Outage)
        .where(
            Outage.vehicle_no == vehicle_no,
            Outage.kind == kind,
            Outage.withdrawn_at.is_(None),
            Outage.period.overlaps(period),
        )
        .order_by(Outage.period)
        .limit(1)
    )
    return found


async def outages_of(
    session: AsyncSession, vehicle_nos: Iterable[int], period: Range[datetime]
) -> list[tuple[int, OutageKind, datetime | None]]:
    """Return (vehicle number, kind, end) of each outage that touches `period`."""
    rows = await session.execute(
        select(Outage.vehicle_no, Outage.kind, Outage.period).where(
            within(Outage.vehicle_no, vehicle_nos),
            Outage.withdrawn_at.is_(None),
            Outage.period.overlaps(period),
        )
    )
    return [(no, OutageKind(kind), held.upper) for no, kind, held in rows]


def _outages(scope: Scope, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Outage,
            VehicleUnit.organisation_no.label("unit_no"),
            Vehicle.id.label("vehicle_id"),
            Vehicle.plate.label("plate"),
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
        )
        .join(Vehicle, Vehicle.no == Outage.vehicle_no)
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
        )
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .outerjoin(Person, Person.no == Outage.recorded_by_no)
        .where(within(VehicleUnit.organisation_no, scope))
    )
