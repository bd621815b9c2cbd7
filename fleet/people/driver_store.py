"""SQL of drivers, inside the scope that it is told."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.tables import Driver, DriverUnit, Person
from kit.paging import Page


async def drivers(
    session: AsyncSession, scope: Scope, now: datetime, q: str | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return drivers as (Driver, Person, unit as id and name)."""
    statement = (
        select(
            Driver,
            Person,
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
        )
        .join(Person, Person.no == Driver.person_no)
        .join(DriverUnit, (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, now))
        .join(Organisation, Organisation.no == DriverUnit.organisation_no)
        .where(within(DriverUnit.organisation_no, scope), Person.disabled_at.is_(None))
    )
    if q:
        statement = statement.where(Person.name.icontains(q, autoescape=True))
    return await read_page(session, statement, Person.sort_key, Driver.id, part)
