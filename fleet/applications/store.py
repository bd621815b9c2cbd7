"""SQL of applications, inside the scope that it is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.applications.tables import Application, ApplicationStep
from fleet.applications.words import ApplicationKind, ApplicationState
from fleet.lists import Slice, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person
from fleet.vehicles.tables import Vehicle
from kit.errors import NotFound
from kit.paging import Page, decode_cursor, encode_cursor, uuid_in


def _applications(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Application,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            Vehicle.id.label("vehicle_id"),
            Vehicle.plate.label("vehicle_plate"),
            Person.id.label("applicant_id"),
            Person.name.label("applicant_name"),
        )
        .join(Organisation, Organisation.no == Application.organisation_no)
        .outerjoin(Vehicle, Vehicle.no == Application.vehicle_no)
        .join(Person, Person.no == Application.applicant_no)
        .where(within(Application.organisation_no, scope))
    )


async def applications(
    session: AsyncSession,
    scope: Scope,
    *,
    kind: ApplicationKind | None,
    state: ApplicationState | None,
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return applications with organisation, vehicle and applicant, the newest first."""
    statement = _applications(scope)
    if kind is not None:
        statement = statement.where(Application.kind == kind)
    if state is not None:
        statement = statement.where(Application.state == state)
    key = decode_cursor(part.cursor, 1)
    if key is not None:
        before = select(Application.no).where(Application.id == uuid_in(key[0]))
        statement = statement.where(Application.no < before.scalar_subquery())
    statement = statement.order_by(Application.no.desc()).limit(part.limit + 1)
    rows = (await session.execute(statement)).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    return Page(rows[: part.limit], encode_cursor((str(rows[part.limit - 1][0].id),)))


async def application_row(session: AsyncSession, id: UUID, scope: Scope) -> Row[*tuple[Any, ...]]:
    """Return one application as `applications` does. Raises NotFound outside `scope`."""
    statement = _applications(scope).where(Application.id == id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("There is no such application within your scope.")
    return row


async def application_in(session: AsyncSession, id: UUID, scope: Scope) -> Application:
    """Return an application, held until the end. Raises NotFound outside `scope`."""
    found: Application | None = await session.scalar(
        select(Application)
        .where(Application.id == id, within(Application.organisation_no, scope))
        .with_for_update()
    )
    if found is None:
        raise NotFound("There is no such application within your scope.")
    return found


async def steps(session: AsyncSession, application_no: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the acts upon an application in order, as (ApplicationStep, person)."""
    rows = await session.execute(
        select(
            ApplicationStep,
            Person.id.label("person_id"),
            Person.name.label("person_name"),
        )
        .join(Person, Person.no == ApplicationStep.person_no)
        .where(ApplicationStep.application_no == application_no)
        .order_by(ApplicationStep.no)
    )
    return rows.all()


async def submitters(session: AsyncSession, application_no: int) -> frozenset[int]:
    """Return the numbers of all who have submitted an application."""
    rows = await session.scalars(
        select(ApplicationStep.person_no).where(
            ApplicationStep.application_no == application_no, ApplicationStep.act == "submit"
        )
    )
    return frozenset(rows)


async def decided_at(session: AsyncSession, application_no: int) -> datetime | None:
    """Return when an application was approved, None while it is not."""
    found: datetime | None = await session.scalar(
        select(ApplicationStep.at).where(
            ApplicationStep.application_no == application_no, ApplicationStep.act == "approve"
        )
    )
    return found
