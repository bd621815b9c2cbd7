"""SQL of history: who may be looked at, trips and stops by period, within one's scope."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from fleet.access import Reach
from fleet.lists import within
from fleet.tables import Organisation, Terminal, Vehicle, VehicleUnit
from tracking.path.judgement import Reason
from tracking.tables import Stop, Trip


def reason_words(reasons: int) -> list[str]:
    """Return the names of the reasons that speak against a position."""
    return [r.name.lower() for r in Reason if r.name and r & reasons]


async def find_vehicle(
    session: AsyncSession, vehicle_id: UUID, reach: Reach, now: datetime
) -> Vehicle | None:
    """Return a vehicle within reach now, or None."""
    vehicle: Vehicle | None = await session.scalar(
        select(Vehicle)
        .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
        .where(
            Vehicle.id == vehicle_id,
            VehicleUnit.period.contains(now),
            _within(reach, VehicleUnit.vehicle_no, VehicleUnit.organisation_no),
        )
    )
    return vehicle


async def find_terminal(
    session: AsyncSession, terminal_id: UUID, units: frozenset[int]
) -> Terminal | None:
    """Return a terminal of one of these organisations, or None."""
    terminal: Terminal | None = await session.scalar(
        select(Terminal).where(Terminal.id == terminal_id, Terminal.organisation_no.in_(units))
    )
    return terminal


async def read_trips(
    session: AsyncSession,
    reach: Reach,
    *,
    vehicle_id: UUID | None,
    organisation_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    superseded: bool,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row[Trip, Vehicle, Organisation]]:
    """Return trips within reach (by the unit of the trip's own time), oldest first."""
    start = func.lower(Trip.period)
    query = (
        select(Trip, Vehicle, Organisation)
        .join(Vehicle, Vehicle.no == Trip.vehicle_no)
        .join(Organisation, Organisation.no == Trip.organisation_no)
        .where(_within(reach, Trip.vehicle_no, Trip.organisation_no))
        .order_by(start, Trip.id)
        .limit(limit)
    )
    if not superseded:
        query = query.where(Trip.superseded_at.is_(None))
    if vehicle_id is not None:
        query = query.where(Vehicle.id == vehicle_id)
    if organisation_id is not None:
        query = query.where(Organisation.id == organisation_id)
    if since is not None or until is not None:
        query = query.where(Trip.period.overlaps(Range(since, until, bounds="[)")))
    if after is not None:
        query = query.where(func.row(start, Trip.id) > func.row(*after))
    return (await session.execute(query)).all()


async def find_trip(
    session: AsyncSession, trip_id: UUID, reach: Reach
) -> Row[Trip, Vehicle, Organisation] | None:
    """Return one version of a trip within reach, or None."""
    return (
        await session.execute(
            select(Trip, Vehicle, Organisation)
            .join(Vehicle, Vehicle.no == Trip.vehicle_no)
            .join(Organisation, Organisation.no == Trip.organisation_no)
            .where(Trip.id == trip_id, _within(reach, Trip.vehicle_no, Trip.organisation_no))
        )
    ).one_or_none()


async def read_stops(
    session: AsyncSession,
    vehicle: Vehicle,
    *,
    since: datetime | None,
    until: datetime | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Stop]:
    """Return a vehicle's current stops that touch the period, oldest first."""
    start = func.lower(Stop.period)
    query = (
        select(Stop)
        .where(Stop.vehicle_no == vehicle.no, Stop.superseded_at.is_(None))
        .order_by(start, Stop.id)
        .limit(limit)
    )
    if since is not None or until is not None:
        query = query.where(Stop.period.overlaps(Range(since, until, bounds="[)")))
    if after is not None:
        query = query.where(func.row(start, Stop.id) > func.row(*after))
    return (await session.scalars(query)).all()


def _within(
    reach: Reach,
    vehicle_no: InstrumentedAttribute[int],
    unit_no: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    single = within(vehicle_no, reach.vehicles) & within(unit_no, reach.their_units)
    return or_(within(unit_no, reach.units), single)
