"""SQL of vehicles, drivers and places, each inside the scope that it is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, in_force, read_page, within
from fleet.store import Scope
from fleet.tables import (
    Driver,
    DriverUnit,
    Organisation,
    Person,
    Place,
    Terminal,
    Vehicle,
    VehicleTerminal,
    VehicleUnit,
)
from fleet.words import Holding, PlaceKind
from kit.errors import NotFound
from kit.paging import Page


def _vehicles(scope: Scope, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Vehicle,
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
            Place.id.label("base_id"),
            Place.name.label("base_name"),
            Terminal.id.label("terminal_id"),
            Terminal.phone.label("terminal_phone"),
        )
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
        )
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .outerjoin(Place, Place.no == VehicleUnit.base_no)
        .outerjoin(
            VehicleTerminal,
            (VehicleTerminal.vehicle_no == Vehicle.no)
            & VehicleTerminal.is_primary
            & in_force(VehicleTerminal.period, now),
        )
        .outerjoin(Terminal, Terminal.no == VehicleTerminal.terminal_no)
        .where(within(VehicleUnit.organisation_no, scope), Vehicle.withdrawn_at.is_(None))
    )


async def vehicles(
    session: AsyncSession,
    scope: Scope,
    now: datetime,
    *,
    q: str | None,
    holding: Holding | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return vehicles as (Vehicle, unit, base and primary terminal as id and name)."""
    statement = _vehicles(scope, now)
    if q:
        statement = statement.where(
            or_(
                Vehicle.plate.icontains(q, autoescape=True),
                Vehicle.model.icontains(q, autoescape=True),
            )
        )
    if holding is not None:
        statement = statement.where(Vehicle.holding == holding)
    return await read_page(session, statement, Vehicle.plate, Vehicle.id, part)


async def vehicle_row(
    session: AsyncSession, id: UUID, scope: Scope, now: datetime
) -> Row[*tuple[Any, ...]]:
    """Return one vehicle as `vehicles` does. Raises NotFound outside `scope`."""
    row = (await session.execute(_vehicles(scope, now).where(Vehicle.id == id))).one_or_none()
    if row is None:
        raise NotFound("There is no such vehicle within your scope.")
    return row


async def drivers(
    session: AsyncSession, scope: Scope, now: datetime, q: str | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return drivers as (Driver, Person, unit as id and name)."""
    statement = (
        select(
            Driver,
            Person,
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
        )
        .join(Person, Person.no == Driver.person_no)
        .join(DriverUnit, (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, now))
        .join(Organisation, Organisation.no == DriverUnit.organisation_no)
        .where(within(DriverUnit.organisation_no, scope), Person.disabled_at.is_(None))
    )
    if q:
        statement = statement.where(Person.name.icontains(q, autoescape=True))
    return await read_page(session, statement, Person.sort_key, Driver.id, part)


async def places(
    session: AsyncSession, scope: Scope, *, watched: bool, q: str | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the scope's places and everybody's, as (Place, organisation as id and name).

    watched: whether watched places (重点场所) are among them
    """
    statement = (
        select(
            Place,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
        )
        .outerjoin(Organisation, Organisation.no == Place.organisation_no)
        .where(or_(Place.organisation_no.is_(None), within(Place.organisation_no, scope)))
    )
    if not watched:
        statement = statement.where(Place.kind != PlaceKind.WATCHED)
    if q:
        statement = statement.where(Place.name.icontains(q, autoescape=True))
    return await read_page(session, statement, Place.sort_key, Place.id, part)


async def place_in(session: AsyncSession, id: UUID, scope: Scope) -> Place:
    """Return the place with this id. Raises NotFound outside `scope`."""
    row = await session.scalar(
        select(Place).where(
            Place.id == id,
            or_(Place.organisation_no.is_(None), within(Place.organisation_no, scope)),
        )
    )
    if row is None:
        raise NotFound("There is no such place within your scope.")
    return row
