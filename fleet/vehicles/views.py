"""From the store's rows of vehicles to what the API shows."""

from fleet.lists import AnyRow
from fleet.refs import Named, TerminalRef, named
from fleet.vehicles import schemas
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.tables import Vehicle
from fleet.words import (
    Category,
    Energy,
    Holding,
)


def vehicle(row: AnyRow) -> schemas.VehicleOut:
    """Show a row of `store.vehicles`."""
    car: Vehicle = row[0]
    return schemas.VehicleOut(
        id=car.id,
        plate=car.plate,
        plate_colour=PlateColour(car.plate_colour),
        vin=car.vin,
        model=car.model,
        category=Category(car.category),
        seats=car.seats,
        energy=Energy(car.energy),
        holding=Holding(car.holding),
        unit=Named(id=row.unit_id, name=row.unit_name),
        base=named(row.base_id, row.base_name),
        terminal=(
            TerminalRef(id=row.terminal_id, phone=row.terminal_phone) if row.terminal_id else None
        ),
    )
