"""What people call the vehicles and drivers that are shown, read for those alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import in_force, within
from fleet.tables import Driver, Organisation, Person, Vehicle, VehicleUnit


class Named(NamedTuple):
    """A unit or a driver."""

    id: UUID
    name: str


class NamedVehicle(NamedTuple):
    """A vehicle and the unit that uses it, None if none does any more."""

    id: UUID
    plate: str
    unit: Named | None


@dataclass(frozen=True, slots=True)
class Names:
    """Vehicles and drivers by number."""

    vehicles: dict[int, NamedVehicle]
    drivers: dict[int, Named]


async def read_names(
    session: AsyncSession,
    vehicle_nos: Collection[int],
    driver_nos: Collection[int],
    now: datetime,
) -> Names:
    """Return these vehicles and drivers as the register has them at `now`."""
    vehicles = await session.execute(
        select(Vehicle.no, Vehicle.id, Vehicle.plate, Organisation.id, Organisation.name)
        .outerjoin(
            VehicleUnit, (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now)
        )
        .outerjoin(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .where(within(Vehicle.no, vehicle_nos))
    )
    drivers = await session.execute(
        select(Driver.no, Driver.id, Person.name)
        .join(Person, Person.no == Driver.person_no)
        .where(within(Driver.no, driver_nos))
    )
    return Names(
        vehicles={
            no: NamedVehicle(id_, plate, Named(unit_id, unit) if unit_id else None)
            for no, id_, plate, unit_id, unit in vehicles
        },
        drivers={no: Named(id_, name) for no, id_, name in drivers},
    )
