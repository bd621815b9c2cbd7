"""Use cases of duty dispatchers (值班调度员): appointed for a period, and ended early."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.errors import DutyDispatcherTaken, NotADispatcher
from dispatch.automatic.on_duty import may_dispatch
from dispatch.automatic.tables import DutyDispatcher
from fleet.acts import Act, period
from fleet.endings import end_early, spelled
from fleet.errors import flush_or_refuse
from fleet.lists import AnyRow, Slice, in_force, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.pages import read_newest
from fleet.people.tables import Person
from kit.errors import NotFound
from kit.paging import Page


async def appoint(
    session: AsyncSession,
    act: Act,
    *,
    organisation: Organisation,
    person: Person,
    start: datetime | None,
    end: datetime | None,
) -> DutyDispatcher:
    """Let a person answer for the automatic assignments of an organisation and all below it.

    Raises NotADispatcher, EmptyPeriod, DutyDispatcherTaken.
    """
    if await may_dispatch(session, person.no, organisation.no, act.now) is None:
        raise NotADispatcher
    assert act.actor is not None
    made = DutyDispatcher(
        organisation_no=organisation.no,
        person_no=person.no,
        appointed_by_no=act.actor.person_no,
        period=period(start or act.now, end),
    )
    session.add(made)
    await flush_or_refuse(session, {"one_duty_dispatcher_at_a_time": DutyDispatcherTaken})
    act.record(
        session,
        "duty_dispatcher.appoint",
        "duty_dispatcher",
        made.id,
        organisation_no=organisation.no,
        after={"person": person.username, **spelled(made.period)},
    )
    await session.flush()
    return made


async def end_appointment(session: AsyncSession, act: Act, id: UUID, scope: Scope) -> None:
    """End an appointment now, or withdraw it before it begins. Raises NotFound, AlreadyEnded."""
    row = await session.scalar(
        select(DutyDispatcher)
        .where(DutyDispatcher.id == id, within(DutyDispatcher.organisation_no, scope))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    before = spelled(row.period)
    end_early(row, act.now)
    act.record(
        session,
        "duty_dispatcher.end",
        "duty_dispatcher",
        row.id,
        organisation_no=row.organisation_no,
        before=before,
        after={**spelled(row.period), "withdrawn": row.withdrawn_at is not None},
    )
    await session.flush()


async def appointments(
    session: AsyncSession, scope: Scope, at: datetime | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the appointments of the scope's organisations, the last made first.

    Rows are (DutyDispatcher, organisation and person by id and name); at: only those in force
    """
    statement = _appointments().where(within(DutyDispatcher.organisation_no, scope))
    if at is not None:
        statement = statement.where(
            in_force(DutyDispatcher.period, at), DutyDispatcher.withdrawn_at.is_(None)
        )
    return await read_newest(session, statement, DutyDispatcher.id, part)


async def appointment(session: AsyncSession, id: UUID) -> AnyRow:
    """Return one appointment as `appointments` does."""
    return (await session.execute(_appointments().where(DutyDispatcher.id == id))).one()


def _appointments() -> Select[*tuple[Any, ...]]:
    return (
        select(
            DutyDispatcher,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
        )
        .join(Organisation, Organisation.no == DutyDispatcher.organisation_no)
        .join(Person, Person.no == DutyDispatcher.person_no)
    )
