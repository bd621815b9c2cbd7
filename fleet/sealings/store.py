"""SQL of sealing windows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, Select, String, any_, case, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.calendar.regions import contains, region_prefix
from fleet.calendar.store import region_of
from fleet.lists import Slice, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.sealings.tables import Sealing, SealingExemption
from fleet.vehicles.tables import Vehicle, VehicleUnit
from kit.errors import NotFound
from kit.paging import Page, decode_cursor, encode_cursor, uuid_in


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a sealing concerns: a subtree, the part of it in a region, less the exempt."""

    organisation_no: int
    region_code: str | None
    exempt_categories: tuple[str, ...]
    exempt_nos: frozenset[int]


# An organisation without a code of its own lies where its parent does.
_BELOW = text("""
    WITH RECURSIVE below AS (
        SELECT CAST(:no AS bigint) AS no, CAST(:region AS varchar) AS region
        UNION
        SELECT o.no, coalesce(o.region_code, below.region)
        FROM below
        JOIN organisation_parent p ON p.parent_no = below.no
                                  AND p.period @> CAST(:now AS timestamptz)
        JOIN organisation o ON o.no = p.organisation_no
    )
    SELECT no FROM below WHERE :prefix = '' OR region LIKE :prefix || '%'
""")

_ABOVE = text("""
    WITH RECURSIVE above AS (
        SELECT unnest(CAST(:nos AS bigint[])) AS no
        UNION
        SELECT p.parent_no FROM above JOIN organisation_parent p
          ON p.organisation_no = above.no AND p.period @> CAST(:at AS timestamptz)
    )
    SELECT no FROM above
""")


async def at_and_above(session: AsyncSession, nos: Scope, at: datetime) -> Scope:
    """Return these organisations and all those that they stand under."""
    return frozenset(await session.scalars(_ABOVE, {"nos": sorted(nos), "at": at}))


async def organisations_of(session: AsyncSession, reach: Reach, now: datetime) -> Scope:
    """Return the organisations whose vehicles a sealing concerns."""
    found = await session.scalars(
        _BELOW,
        {
            "no": reach.organisation_no,
            "region": await region_of(session, reach.organisation_no, now),
            "prefix": region_prefix(reach.region_code) if reach.region_code else "",
            "now": now,
        },
    )
    return frozenset(found)


def _concerned(reach: Reach, nos: Scope, now: datetime) -> Select[*tuple[Any, ...]]:
    exempt = (Vehicle.category == any_(literal(list(reach.exempt_categories), ARRAY(String)))) | (
        Vehicle.no == any_(literal(sorted(reach.exempt_nos), ARRAY(BigInteger)))
    )
    return (
        select(
            Vehicle,
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
            case((exempt, True), else_=False).label("exempt"),
        )
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
        )
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .where(within(VehicleUnit.organisation_no, nos), Vehicle.withdrawn_at.is_(None))
    )


async def concerned(
    session: AsyncSession, reach: Reach, nos: Scope, now: datetime, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the vehicles concerned in `nos` as (Vehicle, unit as id and name, exempt)."""
    return await read_page(session, _concerned(reach, nos, now), Vehicle.plate, Vehicle.id, part)


async def count_concerned(
    session: AsyncSession, reach: Reach, nos: Scope, now: datetime
) -> tuple[int, int]:
    """Return how many vehicles of `nos` would be sealed, and how many are exempt."""
    rows = _concerned(reach, nos, now).subquery()
    counts = await session.execute(
        select(rows.c.exempt, func.count()).select_from(rows).group_by(rows.c.exempt)
    )
    by_exempt = {bool(exempt): int(count) for exempt, count in counts}
    return by_exempt.get(False, 0), by_exempt.get(True, 0)


async def sealings(
    session: AsyncSession, scope: Scope, at: datetime | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return sealings of these organisations as (Sealing, Organisation), the newest first.

    at: only those in force at this instant
    """
    statement = (
        select(Sealing, Organisation)
        .join(Organisation, Organisation.no == Sealing.organisation_no)
        .where(within(Sealing.organisation_no, scope))
    )
    if at is not None:
        statement = statement.where(*_holds(at))
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(Sealing.id < uuid_in(key[0]))
    ordered = statement.order_by(Sealing.id.desc()).limit(part.limit + 1)
    rows = (await session.execute(ordered)).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    return Page(rows[: part.limit], encode_cursor((str(rows[part.limit - 1][0].id),)))


def _holds(at: datetime) -> tuple[Any, ...]:
    return (
        in_force(Sealing.period, at),
        Sealing.superseded_at.is_(None),
        Sealing.ended_at.is_(None) | (Sealing.ended_at > at),
    )


async def sealing_in(session: AsyncSession, id: UUID, scope: Scope) -> tuple[Sealing, Organisation]:
    """Return a sealing and whose it is, locked. Raises NotFound outside `scope`."""
    row = (
        await session.execute(
            select(Sealing, Organisation)
            .join(Organisation, Organisation.no == Sealing.organisation_no)
            .where(Sealing.id == id, within(Sealing.organisation_no, scope))
            .with_for_update(of=Sealing)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such sealing within your scope.")
    return row[0], row[1]


async def reach_of(session: AsyncSession, sealing: Sealing) -> Reach:
    """Return whom a stored sealing concerns."""
    nos = await session.scalars(
        select(SealingExemption.vehicle_no).where(SealingExemption.sealing_no == sealing.no)
    )
    return Reach(
        sealing.organisation_no,
        sealing.region_code,
        tuple(sealing.exempt_categories),
        frozenset(nos),
    )


async def vehicles_by_id(
    session: AsyncSession, ids: list[UUID], scope: Scope, now: datetime
) -> dict[UUID, int]:
    """Return the numbers of vehicles of these organisations by id; others are left out."""
    rows = await session.execute(
        select(Vehicle.id, Vehicle.no)
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now),
        )
        .where(Vehicle.id.in_(ids), within(VehicleUnit.organisation_no, scope))
    )
    return {row.id: row.no for row in rows}


async def unit_of(session: AsyncSession, vehicle_no: int, at: datetime) -> tuple[int, str] | None:
    """Return which organisation uses a vehicle at an instant, and the vehicle's category."""
    row = (
        await session.execute(
            select(VehicleUnit.organisation_no, Vehicle.category)
            .join(Vehicle, Vehicle.no == VehicleUnit.vehicle_no)
            .where(VehicleUnit.vehicle_no == vehicle_no, in_force(VehicleUnit.period, at))
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


async def sealings_over(
    session: AsyncSession, organisation_no: int, region: str, at: datetime
) -> list[Sealing]:
    """Return the sealings that hold for an organisation at an instant, the oldest first."""
    nos = await at_and_above(session, frozenset({organisation_no}), at)
    found = await session.scalars(
        select(Sealing)
        .where(within(Sealing.organisation_no, nos), *_holds(at))
        .order_by(Sealing.no)
    )
    return [one for one in found if one.region_code is None or contains(one.region_code, region)]


async def sealings_in(session: AsyncSession, period: Range[datetime]) -> list[Sealing]:
    """Return the sealings that hold at some instant of a period, whomever they concern."""
    found = await session.scalars(
        select(Sealing)
        .where(
            Sealing.period.overlaps(period),
            Sealing.superseded_at.is_(None),
            Sealing.ended_at.is_(None) | (Sealing.ended_at > period.lower),
        )
        .order_by(Sealing.no)
    )
    return list(found)
