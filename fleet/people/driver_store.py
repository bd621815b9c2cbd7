"""SQL of drivers, inside the scope that it is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import AnyRow, Slice, holds, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.licence_tables import DriverLicence
from fleet.people.tables import Driver, DriverUnit, Person
from kit.errors import NotFound
from kit.paging import Page


def _drivers(scope: Scope, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Driver,
            Person,
            Organisation.no.label("unit_no"),
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
        )
        .join(Person, Person.no == Driver.person_no)
        .join(DriverUnit, (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, now))
        .join(Organisation, Organisation.no == DriverUnit.organisation_no)
        .where(within(DriverUnit.organisation_no, scope))
    )


async def drivers(
    session: AsyncSession,
    scope: Scope,
    now: datetime,
    *,
    q: str | None,
    licence_before: datetime | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return drivers as (Driver, Person, unit as no, id and name).

    licence_before: only those whose licence ends before this instant
    """
    statement = _drivers(scope, now).where(Person.disabled_at.is_(None))
    if q:
        statement = statement.where(holds(Person.name, q))
    if licence_before is not None:
        statement = statement.where(Driver.licence_until < licence_before)
    return await read_page(session, statement, Person.sort_key, Driver.id, part)


async def driver_row(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> AnyRow:
    """Return one driver as `drivers` does. Raises NotFound outside `scope`."""
    row = (await session.execute(_drivers(scope, now).where(Driver.id == id))).one_or_none()
    if row is None:
        raise NotFound("There is no such driver within your scope.")
    return row


async def lock_driver(session: AsyncSession, id: UUID, scope: Scope, now: datetime) -> AnyRow:
    """Return one driver as `drivers` does, held against bookings and other changes.

    Raises NotFound outside `scope`.
    """
    row = (
        await session.execute(
            _drivers(scope, now)
            .where(Driver.id == id)
            .with_for_update(of=Driver, key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such driver within your scope.")
    return row


async def licences_of(session: AsyncSession, driver_no: int) -> Sequence[DriverLicence]:
    """Return all licences of a driver, the newest first."""
    rows = await session.scalars(
        select(DriverLicence)
        .where(DriverLicence.driver_no == driver_no)
        .order_by(func.lower(DriverLicence.period).desc())
    )
    return rows.all()


async def units_of(session: AsyncSession, driver_no: int) -> Sequence[DriverUnit]:
    """Return for whom a driver drives and drove, the newest first."""
    rows = await session.scalars(
        select(DriverUnit)
        .where(DriverUnit.driver_no == driver_no)
        .order_by(func.lower(DriverUnit.period).desc())
    )
    return rows.all()


async def with_same_id_number(
    session: AsyncSession, driver: Driver, scope: Scope, now: datetime
) -> list[tuple[UUID, str]]:
    """Return id and name of the scope's other drivers with this driver's ID number (at most 20)."""
    if driver.id_number_index is None:
        return []
    rows = await session.execute(
        _drivers(scope, now)
        .where(Driver.id_number_index == driver.id_number_index, Driver.no != driver.no)
        .order_by(Driver.id)
        .limit(20)
    )
    return [(row[0].id, row[1].name) for row in rows]
