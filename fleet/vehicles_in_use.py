"""A vehicle as other concepts of the register look it up: with its unit of the moment."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import in_force, within
from fleet.organisations.store import Scope
from fleet.vehicles.tables import Vehicle, VehicleUnit
from kit.errors import NotFound


class VehicleInUse(NamedTuple):
    """A vehicle and the number of the unit that uses it now."""

    vehicle: Vehicle
    unit_no: int


async def vehicle_in(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> VehicleInUse:
    """Return the vehicle with this id that a unit of `scope` uses now. Raises NotFound."""
    row = (
        await session.execute(
            select(Vehicle, VehicleUnit.organisation_no)
            .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
            .where(
                Vehicle.id == id,
                Vehicle.withdrawn_at.is_(None),
                within(VehicleUnit.organisation_no, scope),
                in_force(VehicleUnit.period, now),
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such vehicle within your scope.")
    return VehicleInUse(row[0], row[1])
