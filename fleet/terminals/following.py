"""A terminal belongs to the unit that uses the vehicle in which it sits.

`terminal.organisation_no` is what lists and scopes read. It follows the vehicle: when the terminal
is bound, when the vehicle is handed over, and when its unit is merged. A terminal that sits nowhere
stays with its last unit, and one bound for a time ahead stays where it is until it is bound.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.lists import in_force
from fleet.organisations.tables import Organisation
from fleet.terminals.tables import Terminal, VehicleTerminal


async def follow_vehicle(session: AsyncSession, act: Act, vehicle_no: int, unit_no: int) -> None:
    """Give the terminals that sit in a vehicle now to the unit that uses it now."""
    terminals = await session.scalars(
        select(Terminal)
        .join(VehicleTerminal, VehicleTerminal.terminal_no == Terminal.no)
        .where(
            VehicleTerminal.vehicle_no == vehicle_no,
            in_force(VehicleTerminal.period, act.now),
            Terminal.organisation_no != unit_no,
        )
        .order_by(Terminal.no)
        .with_for_update(of=Terminal, key_share=True)
    )
    for terminal in terminals.all():
        left = await session.get_one(Organisation, terminal.organisation_no)
        to = await session.get_one(Organisation, unit_no)
        terminal.organisation_no = unit_no
        for one in (left, to):
            act.record(
                session,
                "terminal.follow",
                "terminal",
                terminal.id,
                organisation_no=one.no,
                before={"unit": left.name},
                after={"unit": to.name, "phone": terminal.phone},
            )
    await session.flush()
