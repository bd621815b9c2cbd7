"""SQL of departure checks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.checks.rules import Checked
from dispatch.checks.tables import DepartureCheck
from dispatch.tables import Order
from fleet.lists import in_force
from fleet.outages.words import OutageKind
from fleet.tables import Outage, Person, Vehicle, VehicleUnit


async def checks_of(
    session: AsyncSession, order_id: UUID, before: UUID | None, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return at most `limit` checks of an order, the newest first, with vehicle and driver."""
    statement = _checks().where(DepartureCheck.order_id == order_id)
    if before is not None:
        statement = statement.where(DepartureCheck.id < before)
    return (await session.execute(statement.order_by(DepartureCheck.id.desc()).limit(limit))).all()


async def check_row(session: AsyncSession, id: UUID) -> Row[*tuple[Any, ...]]:
    """Return one check as `checks_of` does."""
    return (await session.execute(_checks().where(DepartureCheck.id == id))).one()


async def checked(session: AsyncSession, order: Order, at: datetime) -> Checked:
    """Return what is known of an order's vehicle at the instant of its departure."""
    last = await session.scalar(
        select(DepartureCheck)
        .where(
            DepartureCheck.order_id == order.id,
            DepartureCheck.vehicle_no == order.vehicle_no,
        )
        .order_by(DepartureCheck.id.desc())
        .limit(1)
    )
    defect = exists().where(
        Outage.vehicle_no == order.vehicle_no,
        Outage.kind == OutageKind.DEFECT,
        Outage.withdrawn_at.is_(None),
        in_force(Outage.period, at),
    )
    return Checked(
        passed=last.passed if last else None,
        failed=tuple(str(one["item"]) for one in last.items if not one["passed"]) if last else (),
        has_defect=bool(await session.scalar(select(defect))),
    )


async def vehicle_of(
    session: AsyncSession, vehicle_no: int, now: datetime
) -> tuple[Vehicle, int | None]:
    """Return a vehicle and the number of the unit that uses it now."""
    row = (
        await session.execute(
            select(Vehicle, VehicleUnit.organisation_no)
            .outerjoin(
                VehicleUnit,
                (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
            )
            .where(Vehicle.no == vehicle_no)
        )
    ).one()
    return row[0], row[1]


def _checks() -> Select[*tuple[Any, ...]]:
    return (
        select(
            DepartureCheck,
            Vehicle.id.label("vehicle_id"),
            Vehicle.plate.label("plate"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
            Outage.id.label("outage_id"),
        )
        .join(Vehicle, Vehicle.no == DepartureCheck.vehicle_no)
        .join(Person, Person.no == DepartureCheck.checked_by_no)
        .outerjoin(Outage, Outage.no == DepartureCheck.outage_no)
    )
