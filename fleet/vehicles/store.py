"""SQL of vehicles, inside the scope that it is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.terminals.tables import Terminal, VehicleTerminal
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.words import Holding
from kit.errors import NotFound
from kit.paging import Page


def _vehicles(scope: Scope, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Vehicle,
            VehicleUnit.organisation_no.label("unit_no"),
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
