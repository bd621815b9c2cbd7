"""SQL of filings."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import Filing
from dispatch.words import FilingKind
from fleet.lists import within
from fleet.tables import Vehicle, VehicleUnit


@dataclass(frozen=True, slots=True)
class VehicleAndUnit:
    """A vehicle and the unit that uses it, by their numbers."""

    vehicle_no: int
    unit_no: int


async def vehicle_and_unit(
    session: AsyncSession, vehicle_id: UUID, scope: frozenset[int], now: datetime
) -> VehicleAndUnit | None:
    """Return a vehicle that a unit of the scope uses now."""
    row = (
        await session.execute(
            select(Vehicle.no, VehicleUnit.organisation_no)
            .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
            .where(
                Vehicle.id == vehicle_id,
                VehicleUnit.organisation_no.in_(scope),
                VehicleUnit.period.contains(now),
            )
        )
    ).one_or_none()
    return VehicleAndUnit(*row) if row else None


async def lock_filing(
    session: AsyncSession, filing_id: UUID, scope: frozenset[int]
) -> Filing | None:
    """Return a filing of a unit of the scope, locked until the transaction ends."""
    return (
        await session.scalars(
            select(Filing)
            .where(Filing.id == filing_id, Filing.organisation_no.in_(scope))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).one_or_none()


async def list_filings(
    session: AsyncSession,
    scope: frozenset[int],
    vehicle_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Filing]:
    """Return at most `limit` filings of the scope, newest first."""
    conditions: list[ColumnElement[bool]] = [Filing.organisation_no.in_(scope)]
    if vehicle_id is not None:
        conditions.append(Filing.vehicle_no.in_(select(Vehicle.no).where(Vehicle.id == vehicle_id)))
    if before is not None:
        conditions.append(Filing.id < before)
    query = select(Filing).where(*conditions).order_by(Filing.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def sealed_duty_periods(
    session: AsyncSession, vehicle_nos: Collection[int], period: Range[datetime]
) -> dict[int, list[Range[datetime]]]:
    """Return by vehicle when accepted filings allow duty in a sealing, as far as in `period`."""
    rows = await session.execute(
        select(Filing.vehicle_no, Filing.period).where(
            within(Filing.vehicle_no, vehicle_nos),
            Filing.kind == FilingKind.SEALED_DUTY,
            Filing.accepted_at.is_not(None),
            Filing.withdrawn_at.is_(None),
            Filing.period.overlaps(period),
        )
    )
    found: dict[int, list[Range[datetime]]] = defaultdict(list)
    for row in rows:
        found[row.vehicle_no].append(row.period)
    return found
