"""SQL of shifts, leave and the duty roster, inside the scope that it is told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.duty.clashes import Kind, Planned
from fleet.duty.tables import DriverLeave, DutyShift, RosterEntry
from fleet.lists import AnyRow, Slice, in_force, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.pages import read_newest
from fleet.people.tables import Driver, DriverUnit, Person
from fleet.vehicles.tables import Vehicle
from kit.errors import NotFound
from kit.paging import Page


async def shifts_of(
    session: AsyncSession, driver_no: int, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the shifts of a driver, the last planned first, as (DutyShift, on_leave)."""
    statement = _shifts().where(DutyShift.driver_no == driver_no)
    return await read_newest(session, statement, DutyShift.id, part)


async def shift_row(session: AsyncSession, id: UUID) -> AnyRow:
    """Return one shift as `shifts_of` does."""
    return (await session.execute(_shifts().where(DutyShift.id == id))).one()


async def leaves_of(
    session: AsyncSession, driver_no: int, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the leave of a driver, the last granted first, as (DriverLeave, approver)."""
    statement = _leaves().where(DriverLeave.driver_no == driver_no)
    return await read_newest(session, statement, DriverLeave.id, part)


async def leave_row(session: AsyncSession, id: UUID) -> AnyRow:
    """Return one leave as `leaves_of` does."""
    return (await session.execute(_leaves().where(DriverLeave.id == id))).one()


async def shift_in(
    session: AsyncSession, id: UUID, scope: Scope, now: datetime
) -> tuple[DutyShift, Driver, int]:
    """Return a shift, locked, its driver and their unit of `scope`. Raises NotFound."""
    statement = (
        select(DutyShift, Driver, DriverUnit.organisation_no)
        .join(Driver, Driver.no == DutyShift.driver_no)
        .join(DriverUnit, (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, now))
        .where(DutyShift.id == id, within(DriverUnit.organisation_no, scope))
        .with_for_update(of=DutyShift)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("There is no such shift within your scope.")
    return row[0], row[1], row[2]


async def leave_in(
    session: AsyncSession, id: UUID, scope: Scope, now: datetime
) -> tuple[DriverLeave, Driver, int]:
    """Return a leave, locked, its driver and their unit of `scope`. Raises NotFound."""
    statement = (
        select(DriverLeave, Driver, DriverUnit.organisation_no)
        .join(Driver, Driver.no == DriverLeave.driver_no)
        .join(DriverUnit, (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, now))
        .where(DriverLeave.id == id, within(DriverUnit.organisation_no, scope))
        .with_for_update(of=DriverLeave)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("There is no such leave within your scope.")
    return row[0], row[1], row[2]


async def duty_periods(
    session: AsyncSession, driver_no: int, window: Range[datetime]
) -> tuple[Sequence[Range[datetime]], Sequence[Range[datetime]]]:
    """Return the shifts and the leave of a driver that touch `window`, withdrawn ones left out."""
    shifts = await session.scalars(
        select(DutyShift.period).where(
            DutyShift.driver_no == driver_no,
            DutyShift.withdrawn_at.is_(None),
            DutyShift.period.overlaps(window),
        )
    )
    leaves = await session.scalars(
        select(DriverLeave.period).where(
            DriverLeave.driver_no == driver_no,
            DriverLeave.withdrawn_at.is_(None),
            DriverLeave.period.overlaps(window),
        )
    )
    return shifts.all(), leaves.all()


async def lock_driver_of(session: AsyncSession, person_no: int) -> int | None:
    """Return the number of the driver who this person is, held; None for somebody else."""
    return await session.scalar(
        select(Driver.no).where(Driver.person_no == person_no).with_for_update(key_share=True)
    )


async def leave_beside(
    session: AsyncSession, driver_no: int, period: Range[datetime]
) -> list[Planned]:
    """Return the leave of a driver that touches `period`."""
    rows = await session.execute(
        select(DriverLeave.id, DriverLeave.period).where(
            DriverLeave.driver_no == driver_no,
            DriverLeave.withdrawn_at.is_(None),
            DriverLeave.period.overlaps(period),
        )
    )
    return _planned("leave", rows)


async def duties_beside(
    session: AsyncSession, driver: Driver, period: Range[datetime]
) -> list[Planned]:
    """Return the shifts of a driver, and their places on rosters, that touch `period`."""
    shifts = await session.execute(
        select(DutyShift.id, DutyShift.period).where(
            DutyShift.driver_no == driver.no,
            DutyShift.withdrawn_at.is_(None),
            DutyShift.period.overlaps(period),
        )
    )
    rosters = await session.execute(
        select(RosterEntry.id, RosterEntry.period).where(
            RosterEntry.person_no == driver.person_no,
            RosterEntry.withdrawn_at.is_(None),
            RosterEntry.period.overlaps(period),
        )
    )
    return _planned("shift", shifts) + _planned("roster", rosters)


async def roster(
    session: AsyncSession, scope: Scope, at: datetime | None, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return the roster of the scope's organisations, the last planned first.

    Rows are (RosterEntry, organisation, person and vehicle by id and name, on_leave).
    at: only who is on duty at this instant
    """
    statement = _roster().where(within(RosterEntry.organisation_no, scope))
    if at is not None:
        statement = statement.where(
            in_force(RosterEntry.period, at), RosterEntry.withdrawn_at.is_(None)
        )
    return await read_newest(session, statement, RosterEntry.id, part)


async def roster_row(session: AsyncSession, id: UUID, scope: Scope) -> AnyRow:
    """Return one row as `roster` does, locked. Raises NotFound."""
    statement = _roster().where(RosterEntry.id == id, within(RosterEntry.organisation_no, scope))
    row = (await session.execute(statement.with_for_update(of=RosterEntry))).one_or_none()
    if row is None:
        raise NotFound("There is no such roster entry within your scope.")
    return row


def _planned(kind: Kind, rows: Iterable[tuple[UUID, Range[datetime]]]) -> list[Planned]:
    return [
        Planned(kind, id, held.lower, held.upper) for id, held in rows if held.lower and held.upper
    ]


def _shifts() -> Select[*tuple[Any, ...]]:
    away = _on_leave(DutyShift, DriverLeave.driver_no == DutyShift.driver_no)
    return select(DutyShift, away.label("on_leave"))


def _on_leave(
    planned: type[DutyShift | RosterEntry], theirs: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return whether leave touches what is planned and stands."""
    touched = exists().where(
        theirs, DriverLeave.withdrawn_at.is_(None), DriverLeave.period.overlaps(planned.period)
    )
    return planned.withdrawn_at.is_(None) & touched


def _leaves() -> Select[*tuple[Any, ...]]:
    return select(
        DriverLeave, Person.id.label("approver_id"), Person.name.label("approver_name")
    ).join(Person, Person.no == DriverLeave.approved_by_no)


def _roster() -> Select[*tuple[Any, ...]]:
    driver = select(Driver.no).where(Driver.person_no == RosterEntry.person_no).scalar_subquery()
    away = _on_leave(RosterEntry, DriverLeave.driver_no == driver)
    return (
        select(
            RosterEntry,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation_name"),
            Person.id.label("person_id"),
            Person.name.label("person_name"),
            Vehicle.id.label("vehicle_id"),
            Vehicle.plate.label("plate"),
            away.label("on_leave"),
        )
        .join(Organisation, Organisation.no == RosterEntry.organisation_no)
        .outerjoin(Person, Person.no == RosterEntry.person_no)
        .outerjoin(Vehicle, Vehicle.no == RosterEntry.vehicle_no)
    )
