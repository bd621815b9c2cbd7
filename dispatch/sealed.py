"""Which vehicles stand sealed (封存) in the period of a ride, and may not be promised for it.

An accepted filing of the kind `sealed_duty` lets a vehicle drive in the part of the sealing that it
covers. An emergency breaks every seal: lives don't wait for a filing.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import VehicleSealed
from dispatch.filing_store import sealed_duty_periods
from dispatch.tables import Request
from dispatch.words import Purpose
from fleet.sealings.standing import Standing, UnitVehicle, standing_in


def breaks_seals(request: Request) -> bool:
    """Whether a request may be served by vehicles that stand sealed."""
    return request.purpose == Purpose.EMERGENCY


async def sealed_in(
    session: AsyncSession, vehicles: Collection[UnitVehicle], period: Range[datetime], now: datetime
) -> dict[int, Standing]:
    """Return by vehicle number the first sealing in `period` that no filing of duty covers."""
    standing = await standing_in(session, vehicles, period, now)
    if not standing:
        return {}
    filed = await sealed_duty_periods(session, standing, period)
    found = {}
    for no, parts in standing.items():
        left = [one for one in parts if not _is_covered(one, filed.get(no, ()))]
        if left:
            found[no] = left[0]
    return found


async def require_unsealed(
    session: AsyncSession, vehicle: UnitVehicle, period: Range[datetime], now: datetime
) -> None:
    """Raise VehicleSealed where the vehicle stands sealed at some instant of `period`."""
    one = (await sealed_in(session, [vehicle], period, now)).get(vehicle.no)
    if one is not None:
        raise VehicleSealed(
            f"The vehicle stands sealed by “{one.name}” in that period.",
            sealing=one.name,
            sealing_id=str(one.sealing_id),
            start=one.start.isoformat(),
            end=one.end.isoformat(),
        )


def _is_covered(standing: Standing, filed: Collection[Range[datetime]]) -> bool:
    """Return whether filings, perhaps several one after another, cover the whole of a sealing."""
    reached = standing.start
    for one in sorted(filed, key=lambda one: one.lower or standing.start):
        if one.lower is None or one.lower <= reached:
            reached = max(reached, one.upper or standing.end)
    return reached >= standing.end
