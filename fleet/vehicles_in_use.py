"""A vehicle as other concepts of the register look it up: by its unit of the moment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import in_force, within
from fleet.organisations.store import Scope
from fleet.vehicles.tables import Vehicle, VehicleUnit
from kit.errors import NotFound


async def vehicle_in(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> Vehicle:
    """Return the vehicle with this id that a unit of `scope` uses now. Raises NotFound."""
    used = exists().where(
        VehicleUnit.vehicle_no == Vehicle.no,
        within(VehicleUnit.organisation_no, scope),
        in_force(VehicleUnit.period, now),
    )
    row = await session.scalar(
        select(Vehicle).where(Vehicle.id == id, Vehicle.withdrawn_at.is_(None), used)
    )
    if row is None:
        raise NotFound("There is no such vehicle within your scope.")
    return row
