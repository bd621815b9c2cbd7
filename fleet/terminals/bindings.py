"""Use cases of terminals and of their dated bindings to vehicles.

A binding that begins in the past changes what earlier positions mean: the vehicle's trips are
derived again from its start on.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import BindingOverlap, TerminalTaken, flush_or_refuse
from fleet.lists import in_force
from fleet.organisations.tables import Organisation
from fleet.terminals.following import follow_vehicle
from fleet.terminals.identity import normal_phone
from fleet.terminals.tables import BindingChange, Terminal, VehicleTerminal
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.words import Authentication, Protocol
from kit.errors import NotFound

_OVERLAPS = {
    "one_vehicle_at_a_time": BindingOverlap,
    "one_primary_source_at_a_time": BindingOverlap,
}


async def add_terminal(
    session: AsyncSession,
    act: Act,
    *,
    phone: str,
    organisation: Organisation,
    protocol: Protocol = Protocol.JT808,
    maker: str | None = None,
    model: str | None = None,
    authentication: Authentication = Authentication.TOKEN,
) -> Terminal:
    """Add a terminal, which may speak from then on; `phone` is the number that it signs with.

    authentication: by token, or by number alone for devices that never authenticate

    Raises TerminalTaken.
    """
    terminal = Terminal(
        protocol=protocol,
        phone=normal_phone(phone),
        maker=maker,
        model=model,
        organisation_no=organisation.no,
        authentication=authentication,
    )
    session.add(terminal)
    await flush_or_refuse(session, {"uq_terminal_protocol_phone": TerminalTaken})
    act.record(
        session,
        "terminal.add",
        "terminal",
        terminal.id,
        organisation_no=organisation.no,
        after={
            "phone": terminal.phone,
            "protocol": protocol,
            "authentication": authentication,
        },
    )
    return terminal


async def bind_terminal(
    session: AsyncSession,
    act: Act,
    *,
    terminal: Terminal,
    vehicle: Vehicle,
    start: datetime | None = None,
    end: datetime | None = None,
    is_primary: bool = True,
) -> VehicleTerminal:
    """Bind `terminal` to `vehicle` for [start, end) (default: from now, open).

    The terminal then belongs to the vehicle's unit (see `following`).
    is_primary: whether its positions make the vehicle's trips
    Raises EmptyPeriod, BindingOverlap.
    """
    bound = period(start or act.now, end)
    binding = VehicleTerminal(
        vehicle_no=vehicle.no, terminal_no=terminal.no, is_primary=is_primary, period=bound
    )
    session.add(binding)
    await flush_or_refuse(session, _OVERLAPS)
    _derive_again(session, binding, bound.lower or act.now)
    act.record(
        session,
        "binding.add",
        "terminal",
        terminal.id,
        organisation_no=terminal.organisation_no,
        after={"vehicle": vehicle.plate, "is_primary": is_primary, **_facts(bound)},
    )
    await session.flush()
    unit_no = await session.scalar(
        select(VehicleUnit.organisation_no).where(
            VehicleUnit.vehicle_no == vehicle.no, in_force(VehicleUnit.period, act.now)
        )
    )
    if unit_no is not None:
        await follow_vehicle(session, act, vehicle.no, unit_no)
    return binding


async def end_binding(
    session: AsyncSession,
    act: Act,
    *,
    terminal: Terminal,
    vehicle: Vehicle,
    binding: VehicleTerminal,
    end: datetime | None = None,
) -> None:
    """End a binding at `end` (default: now), which lies within it.

    Raises EmptyPeriod, and NotFound when the binding has ended by then.
    """
    before = binding.period
    stops = end or act.now
    if before.lower is None or (before.upper is not None and before.upper <= stops):
        raise NotFound("The terminal is bound to no vehicle at that time.")
    binding.period = period(before.lower, stops)
    await session.flush()
    _derive_again(session, binding, stops)
    act.record(
        session,
        "binding.end",
        "terminal",
        terminal.id,
        organisation_no=terminal.organisation_no,
        before={"vehicle": vehicle.plate, **_facts(before)},
        after={"vehicle": vehicle.plate, **_facts(binding.period)},
    )
    await session.flush()


def _derive_again(session: AsyncSession, binding: VehicleTerminal, since: datetime) -> None:
    """Have the vehicle's trips derived again from `since` on, where its main source changed."""
    if binding.is_primary:
        session.add(BindingChange(vehicle_no=binding.vehicle_no, since=since))


def _facts(bound: Range[datetime]) -> dict[str, object]:
    return {
        "start": bound.lower.isoformat() if bound.lower else None,
        "end": bound.upper.isoformat() if bound.upper else None,
    }
