"""SQL of grants, inside the scope that it is told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, in_force, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person
from fleet.supervision.tables import SupervisionGrant, SupervisionVehicle
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.words import Role
from kit.errors import NotFound
from kit.paging import Page, decode_cursor, encode_cursor, uuid_in

_SUPERVISOR = text("""
    SELECT EXISTS (
        SELECT FROM held_role
        WHERE person_no = :person_no AND role = :role AND organisation_no = ANY(:scope)
          AND upper(period) IS DISTINCT FROM lower(period)
          AND coalesce(upper(period), 'infinity') > CAST(:now AS timestamptz))
""")


async def is_supervisor(session: AsyncSession, person: Person, scope: Scope, now: datetime) -> bool:
    """Return whether somebody is, or is to become, an external supervisor in `scope`."""
    facts = {
        "person_no": person.no,
        "role": Role.EXTERNAL_SUPERVISOR.value,
        "scope": list(scope),
        "now": now,
    }
    return bool(await session.scalar(_SUPERVISOR, facts))


async def person_by_id(session: AsyncSession, id: UUID) -> Person | None:
    """Return the person with this id, wherever they are; the caller decides by their role."""
    found: Person | None = await session.scalar(select(Person).where(Person.id == id))
    return found


async def vehicles_in(
    session: AsyncSession, ids: Collection[UUID], units: Scope, now: datetime
) -> Sequence[Vehicle]:
    """Return those of these vehicles that belong to one of `units` now."""
    statement = (
        select(Vehicle)
        .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
        .where(
            Vehicle.id.in_(ids),
            in_force(VehicleUnit.period, now),
            within(VehicleUnit.organisation_no, units),
        )
    )
    return (await session.scalars(statement)).all()


async def grants(
    session: AsyncSession, scope: Scope, in_force_at: datetime | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return grants, newest first, as (SupervisionGrant, Person, Organisation)."""
    statement = _grants(scope)
    if in_force_at is not None:
        statement = statement.where(
            in_force(SupervisionGrant.period, in_force_at), SupervisionGrant.ended_at.is_(None)
        )
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(SupervisionGrant.id < uuid_in(key[0]))
    statement = statement.order_by(SupervisionGrant.id.desc()).limit(part.limit + 1)
    rows = (await session.execute(statement)).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    return Page(rows[: part.limit], encode_cursor((str(rows[part.limit - 1][0].id),)))


async def grant_in(
    session: AsyncSession, id: UUID, scope: Scope, *, lock: bool = False
) -> Row[SupervisionGrant, Person, Organisation]:
    """Return the grant with this id. Raises NotFound outside `scope`."""
    statement = _grants(scope).where(SupervisionGrant.id == id)
    if lock:
        statement = statement.with_for_update(of=SupervisionGrant)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("There is no such grant within your scope.")
    return row


async def vehicles_of(
    session: AsyncSession, grant_nos: Collection[int]
) -> dict[int, list[Vehicle]]:
    """Return the vehicles that each grant names, by plate."""
    found: dict[int, list[Vehicle]] = {no: [] for no in grant_nos}
    rows = await session.execute(
        select(SupervisionVehicle.grant_no, Vehicle)
        .join(Vehicle, Vehicle.no == SupervisionVehicle.vehicle_no)
        .where(within(SupervisionVehicle.grant_no, grant_nos))
        .order_by(Vehicle.plate)
    )
    for grant_no, vehicle in rows:
        found[grant_no].append(vehicle)
    return found


def _grants(scope: Scope) -> Select[SupervisionGrant, Person, Organisation]:
    return (
        select(SupervisionGrant, Person, Organisation)
        .join(Person, Person.no == SupervisionGrant.person_no)
        .join(Organisation, Organisation.no == SupervisionGrant.organisation_no)
        .where(within(SupervisionGrant.organisation_no, scope))
    )
