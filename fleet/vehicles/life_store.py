"""SQL of one vehicle's life: its events, units and plates by date."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person
from fleet.vehicles.tables import Vehicle, VehicleEvent, VehiclePlate, VehicleUnit
from fleet.vehicles.words import EventKind
from kit.paging import Page, decode_cursor, encode_cursor, number_in

_UNIT_AT = text("""
    SELECT organisation_no FROM vehicle_unit
    WHERE vehicle_no = :vehicle_no
      AND (lower(period) IS NULL OR lower(period) <= CAST(:at AS timestamptz))
    ORDER BY lower(period) DESC NULLS LAST LIMIT 1
""")


# A process of the version before, still running beside this one, adds vehicles without a plate by
# date and without events. They get what the migration gave those before them, and nothing twice.
_BEGIN_LIFE = text("""
    WITH plated AS (
        INSERT INTO vehicle_plate (vehicle_no, plate, plate_colour, period)
        SELECT v.no, v.plate, v.plate_colour, tstzrange(NULL, v.withdrawn_at) FROM vehicle v
        WHERE v.no = :no AND NOT EXISTS (SELECT FROM vehicle_plate p WHERE p.vehicle_no = v.no)
    )
    INSERT INTO vehicle_event (id, vehicle_no, kind, day, facts, organisation_no)
    SELECT gen_random_uuid(), v.no, step.kind,
           (coalesce(lower(u.period), v.recorded_at) AT TIME ZONE 'Asia/Shanghai')::date,
           '{}', u.organisation_no
    FROM vehicle v
    LEFT JOIN LATERAL (
        SELECT organisation_no, period FROM vehicle_unit WHERE vehicle_no = v.no
        ORDER BY lower(period) NULLS FIRST LIMIT 1
    ) u ON true
    CROSS JOIN (VALUES (1, 'registered'), (2, 'allocated'), (3, 'put_in_use')) AS step (n, kind)
    WHERE v.no = :no AND NOT EXISTS (SELECT FROM vehicle_event e WHERE e.vehicle_no = v.no)
    ORDER BY step.n
""")


async def lock_vehicle(session: AsyncSession, vehicle: Vehicle) -> None:
    """Hold the vehicle's row until the transaction ends, and read it anew; its life has begun.

    FOR NO KEY UPDATE shuts out bookings and other acts, not the foreign keys of positions.
    """
    await session.refresh(vehicle, with_for_update={"key_share": True})
    await session.execute(_BEGIN_LIFE, {"no": vehicle.no})


async def life(session: AsyncSession, vehicle: Vehicle) -> Sequence[tuple[EventKind, date]]:
    """Return a vehicle's events in the order of their days."""
    rows = await session.execute(
        select(VehicleEvent.kind, VehicleEvent.day)
        .where(VehicleEvent.vehicle_no == vehicle.no)
        .order_by(VehicleEvent.day, VehicleEvent.no)
    )
    return [(EventKind(kind), day) for kind, day in rows]


async def unit_no_at(session: AsyncSession, vehicle_no: int, at: datetime) -> int | None:
    """Return the unit that used a vehicle last at or before `at`."""
    found: int | None = await session.scalar(_UNIT_AT, {"vehicle_no": vehicle_no, "at": at})
    return found


async def uses(session: AsyncSession, vehicle: Vehicle) -> Sequence[VehicleUnit]:
    """Return by which units a vehicle was used, the latest first."""
    rows = await session.scalars(
        select(VehicleUnit)
        .where(VehicleUnit.vehicle_no == vehicle.no)
        .order_by(func.lower(VehicleUnit.period).desc().nulls_last())
    )
    return rows.all()


async def plates(session: AsyncSession, vehicle: Vehicle) -> Sequence[VehiclePlate]:
    """Return the plates that a vehicle has borne, the latest first."""
    rows = await session.scalars(
        select(VehiclePlate)
        .where(VehiclePlate.vehicle_no == vehicle.no)
        .order_by(func.lower(VehiclePlate.period).desc().nulls_last())
    )
    return rows.all()


def _events() -> Select[*tuple[Any, ...]]:
    return (
        select(
            VehicleEvent,
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
        )
        .outerjoin(Organisation, Organisation.no == VehicleEvent.organisation_no)
        .outerjoin(Person, Person.no == VehicleEvent.recorded_by_no)
    )


async def event_row(session: AsyncSession, no: int) -> Row[*tuple[Any, ...]]:
    """Return one event as `events` does."""
    return (await session.execute(_events().where(VehicleEvent.no == no))).one()


async def events(
    session: AsyncSession, vehicle_no: int, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return events by day as (VehicleEvent, unit as id and name, recorder as id and name)."""
    statement = (
        _events()
        .where(VehicleEvent.vehicle_no == vehicle_no)
        .order_by(VehicleEvent.day, VehicleEvent.no)
    )
    key = decode_cursor(part.cursor, 1)
    if key is not None:
        last = select(VehicleEvent.day).where(VehicleEvent.no == number_in(key[0]))
        statement = statement.where(
            tuple_(VehicleEvent.day, VehicleEvent.no)
            > tuple_(last.scalar_subquery(), number_in(key[0]))
        )
    rows = (await session.execute(statement.limit(part.limit + 1))).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    kept = rows[: part.limit]
    return Page(kept, encode_cursor((kept[-1][0].no,)))


async def vehicle_by_id(session: AsyncSession, id: UUID) -> Vehicle | None:
    """Return the vehicle with this id, whoever uses it."""
    found: Vehicle | None = await session.scalar(select(Vehicle).where(Vehicle.id == id))
    return found
