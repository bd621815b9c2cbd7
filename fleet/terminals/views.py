"""From the store's rows of terminals to what the API shows."""

from fleet.refs import Named, VehicleRef
from fleet.terminals import schemas
from fleet.terminals.tables import Terminal
from fleet.words import (
    Authentication,
    Protocol,
)


def terminal(row: Terminal, unit: Named, vehicle: VehicleRef | None) -> schemas.TerminalOut:
    """Show a terminal; its token is never shown."""
    return schemas.TerminalOut(
        id=row.id,
        phone=row.phone,
        protocol=Protocol(row.protocol),
        authentication=Authentication(row.authentication),
        maker=row.maker,
        model=row.model,
        registered_at=row.registered_at,
        vehicle=vehicle,
        unit=unit,
    )
