"""How a vehicle leaves the fleet: disposed of (处置), or struck off when it was entered in error.

Its place in the quota and its plate are free from then on; its history stays.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.lists import in_force
from fleet.organisations.errors import NotYet
from fleet.promises import refuse_promised
from fleet.terminals.bindings import end_binding
from fleet.terminals.tables import Terminal, VehicleTerminal
from fleet.vehicles.errors import OutsideUse
from fleet.vehicles.events import add_event
from fleet.vehicles.life_store import lock_vehicle, plates, uses
from fleet.vehicles.tables import Vehicle, VehicleEvent, VehiclePlate, VehicleUnit
from fleet.vehicles.uses import must_be_present
from fleet.vehicles.words import DisposalMethod, EventKind
from kit.clock import shanghai_day


async def dispose(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    *,
    method: DisposalMethod,
    income_fen: int | None = None,
    at: datetime | None = None,
    document_no: int | None = None,
) -> VehicleEvent:
    """Dispose of a vehicle at an instant of now (the default) or of the past.

    income_fen: what it brought, which goes to the treasury; None is unknown
    Raises VehicleGone, NotYet, OutsideUse, VehiclePromised, IllegalStep.
    """
    facts = {"method": method.value, "income_fen": income_fen}
    return await _leave(session, act, vehicle, EventKind.DISPOSED, at, facts, document_no)


async def strike_off(
    session: AsyncSession, act: Act, vehicle: Vehicle, *, at: datetime | None = None
) -> VehicleEvent:
    """Strike off a vehicle that should not stand in the register.

    Raises VehicleGone, NotYet, OutsideUse, VehiclePromised.
    """
    return await _leave(session, act, vehicle, EventKind.STRUCK_OFF, at, {}, None)


async def _leave(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    kind: EventKind,
    at: datetime | None,
    facts: Mapping[str, object],
    document_no: int | None,
) -> VehicleEvent:
    ends = at or act.now
    if ends > act.now:
        raise NotYet
    await lock_vehicle(session, vehicle)
    must_be_present(vehicle)
    await refuse_promised(session, act, vehicle.no, ends)
    before = vehicle.state
    rows = await uses(session, vehicle)
    unit_no = rows[0].organisation_no if rows else None
    for dated in (rows, await plates(session, vehicle)):
        if dated:
            _end(dated[0], ends)
    await _unbind(session, act, vehicle, ends)
    row = await add_event(
        session,
        act,
        vehicle,
        kind,
        shanghai_day(ends),
        organisation_no=unit_no,
        facts={**facts, "at": ends.isoformat()},
        document_no=document_no,
    )
    vehicle.withdrawn_at = ends
    act.record(
        session,
        "vehicle.dispose" if kind is EventKind.DISPOSED else "vehicle.strike_off",
        "vehicle",
        vehicle.id,
        organisation_no=unit_no,
        before={"plate": vehicle.plate, "state": before},
        after={"state": vehicle.state, **row.facts},
    )
    await session.flush()
    return row


def _end(row: VehicleUnit | VehiclePlate, at: datetime) -> None:
    """End a row that is open at `at`. Raises OutsideUse when it began later or has ended."""
    lower, upper = row.period.lower, row.period.upper
    if upper is not None or (lower is not None and lower >= at):
        raise OutsideUse
    row.period = Range(lower, at, bounds="[)")


async def _unbind(session: AsyncSession, act: Act, vehicle: Vehicle, at: datetime) -> None:
    """End the bindings of terminals. Raises OutsideUse when one began later."""
    bound = await session.execute(
        select(VehicleTerminal, Terminal)
        .join(Terminal, Terminal.no == VehicleTerminal.terminal_no)
        .where(VehicleTerminal.vehicle_no == vehicle.no, in_force(VehicleTerminal.period, act.now))
        .order_by(VehicleTerminal.no)
    )
    for binding, terminal in bound.all():
        if binding.period.lower is not None and binding.period.lower >= at:
            raise OutsideUse
        await end_binding(session, act, terminal=terminal, vehicle=vehicle, binding=binding, end=at)
