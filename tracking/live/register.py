"""What the register says of the vehicles on the map: a replica in memory, read by number.

Only what has changed is read anew, so that it costs the same in a fleet of any size.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_VEHICLES = text("""
    SELECT v.no, v.id, v.plate, u.organisation_no, o.id AS unit_id, o.name AS unit_name
    FROM vehicle v
    JOIN vehicle_unit u ON u.vehicle_no = v.no AND u.period @> CAST(:now AS timestamptz)
    JOIN organisation o ON o.no = u.organisation_no
    WHERE v.withdrawn_at IS NULL AND v.no = ANY(CAST(:nos AS bigint[]))
""")

# One array is cheaper to receive than a row for each vehicle.
_NUMBERS = text("SELECT array_agg(no) FROM vehicle WHERE withdrawn_at IS NULL")

_TURNED = text("""
    SELECT vehicle_no FROM vehicle_unit
    WHERE lower(period) > CAST(:since AS timestamptz)
      AND lower(period) <= CAST(:now AS timestamptz)
    UNION
    SELECT vehicle_no FROM vehicle_unit
    WHERE upper(period) > CAST(:since AS timestamptz)
      AND upper(period) <= CAST(:now AS timestamptz)
""")


@dataclass(frozen=True, slots=True)
class LiveVehicle:
    """What the register says of a vehicle that the map shows."""

    no: int
    id: UUID
    plate: str
    unit_no: int
    unit_id: UUID
    unit_name: str


async def vehicle_numbers(session: AsyncSession) -> list[int]:
    """Return the numbers of all present vehicles."""
    return list(await session.scalar(_NUMBERS) or ())


async def read_vehicles(
    session: AsyncSession, nos: Iterable[int], now: datetime
) -> dict[int, LiveVehicle]:
    """Return these vehicles as they stand in the register at `now`; the others are left out."""
    rows = await session.execute(_VEHICLES, {"nos": list(nos), "now": now})
    return {
        row[0]: LiveVehicle(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows.all()
    }


async def vehicles_turned(session: AsyncSession, since: datetime, now: datetime) -> set[int]:
    """Return the vehicles whose use by a unit began or ended in (since, now]."""
    return set(await session.scalars(_TURNED, {"since": since, "now": now}))
