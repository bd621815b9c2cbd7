"""Takes a vehicle out of use for what was found on it, before departure or on the road."""

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.checks import store
from fleet.acts import Act
from fleet.outages.outages import report_defect
from fleet.outages.tables import Outage


async def take_out_of_use(
    session: AsyncSession, act: Act, vehicle_no: int, reason: str
) -> Outage | None:
    """Open a defect's outage; None where no unit uses the vehicle now. Locks the vehicle."""
    vehicle, unit_no = await store.vehicle_of(session, vehicle_no, act.now)
    if unit_no is None:
        return None
    return await report_defect(
        session, act, vehicle=vehicle, organisation_no=unit_no, reason=reason
    )
