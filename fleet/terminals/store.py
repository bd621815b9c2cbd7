"""SQL of terminals and their bindings, each inside the scope that it is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.terminals.tables import Terminal, VehicleTerminal
from fleet.vehicles.tables import Vehicle
from kit.errors import NotFound
from kit.paging import Page


async def terminals(
    session: AsyncSession, scope: Scope, now: datetime, q: str | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return terminals as (Terminal, unit as id and name, vehicle as id and plate)."""
    statement = (
        select(
            Terminal,
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
            Vehicle.id.label("vehicle_id"),
            Vehicle.plate.label("vehicle_plate"),
        )
        .join(Organisation, Organisation.no == Terminal.organisation_no)
        .outerjoin(
            VehicleTerminal,
            (VehicleTerminal.terminal_no == Terminal.no) & in_force(VehicleTerminal.period, now),
        )
        .outerjoin(Vehicle, Vehicle.no == VehicleTerminal.vehicle_no)
        .where(within(Terminal.organisation_no, scope))
    )
    if q:
        statement = statement.where(Terminal.phone.contains(q, autoescape=True))
    return await read_page(session, statement, Terminal.phone, Terminal.id, part)


async def terminal_in(session: AsyncSession, id: UUID, scope: Scope) -> Terminal:
    """Return the terminal with this id. Raises NotFound outside `scope`."""
    row = await session.scalar(
        select(Terminal).where(Terminal.id == id, within(Terminal.organisation_no, scope))
    )
    if row is None:
        raise NotFound("There is no such terminal within your scope.")
    return row


async def binding_at(
    session: AsyncSession, terminal: Terminal, at: datetime
) -> tuple[VehicleTerminal, Vehicle]:
    """Return the binding of `terminal` in force at `at`, and its vehicle. Raises NotFound."""
    row = (
        await session.execute(
            select(VehicleTerminal, Vehicle)
            .join(Vehicle, Vehicle.no == VehicleTerminal.vehicle_no)
            .where(VehicleTerminal.terminal_no == terminal.no, in_force(VehicleTerminal.period, at))
        )
    ).one_or_none()
    if row is None:
        raise NotFound("The terminal is bound to no vehicle at that time.")
    return row[0], row[1]
