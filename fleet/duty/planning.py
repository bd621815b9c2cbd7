"""Use cases of shifts, leave and the duty roster: planned, and ended early."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.duty import store
from fleet.duty.clashes import Kind, beside, may_be_planned
from fleet.duty.errors import (
    LeaveOverlap,
    OwnLeave,
    PersonOnLeave,
    RosterOverlap,
    ShiftOverlap,
    TooLong,
)
from fleet.duty.tables import DriverLeave, DutyShift, RosterEntry
from fleet.duty.words import LeaveKind, RosterKind, ShiftKind
from fleet.endings import Withdrawable, end_early, spelled
from fleet.errors import flush_or_refuse
from fleet.organisations.tables import Organisation
from fleet.people.tables import Driver, Person
from fleet.vehicles.tables import Vehicle

LONGEST_SHIFT = timedelta(hours=36)
LONGEST_LEAVE = timedelta(days=366)
LONGEST_DUTY = timedelta(days=31)


async def plan_shift(
    session: AsyncSession,
    act: Act,
    *,
    driver: Driver,
    organisation_no: int,
    kind: ShiftKind,
    start: datetime,
    end: datetime,
) -> DutyShift:
    """Plan a shift of a driver. Raises EmptyPeriod, TooLong, ShiftOverlap, PersonOnLeave."""
    held = _period(start, end, LONGEST_SHIFT)
    await _refuse_on_leave(session, "shift", driver.person_no, held)
    made = DutyShift(driver_no=driver.no, kind=kind, period=held)
    session.add(made)
    await flush_or_refuse(session, {"one_shift_at_a_time": ShiftOverlap})
    act.record(
        session,
        "shift.plan",
        "driver",
        driver.id,
        organisation_no=organisation_no,
        after={"shift": str(made.id), "kind": kind, **spelled(held)},
    )
    await session.flush()
    return made


async def grant_leave(
    session: AsyncSession,
    act: Act,
    *,
    driver: Driver,
    organisation_no: int,
    approver_no: int,
    kind: LeaveKind,
    start: datetime,
    end: datetime,
    reason: str,
) -> DriverLeave:
    """Let a locked driver be away for a period: nobody suggests or assigns them meanwhile.

    What was assigned or planned before stands: `store.duties_beside` and `promised_of_driver` say
    for what somebody else is needed. The journal is told the period alone: why somebody is away is
    nobody else's matter. Raises OwnLeave, EmptyPeriod, TooLong, LeaveOverlap.
    """
    if approver_no == driver.person_no:
        raise OwnLeave
    held = _period(start, end, LONGEST_LEAVE)
    made = DriverLeave(
        driver_no=driver.no,
        kind=kind,
        period=held,
        approved_by_no=approver_no,
        reason=reason,
    )
    session.add(made)
    await flush_or_refuse(session, {"one_leave_at_a_time": LeaveOverlap})
    act.record(
        session,
        "leave.grant",
        "driver",
        driver.id,
        organisation_no=organisation_no,
        after={"leave": str(made.id), **spelled(held)},
    )
    await session.flush()
    return made


async def plan_duty(
    session: AsyncSession,
    act: Act,
    *,
    organisation: Organisation,
    kind: RosterKind,
    subject: Person | Vehicle,
    start: datetime,
    end: datetime,
    note: str | None,
) -> RosterEntry:
    """Put a person or a vehicle on a roster.

    Raises EmptyPeriod, TooLong, RosterOverlap, PersonOnLeave.
    """
    held = _period(start, end, LONGEST_DUTY)
    is_person = isinstance(subject, Person)
    if is_person:
        await _refuse_on_leave(session, "roster", subject.no, held)
    made = RosterEntry(
        organisation_no=organisation.no,
        kind=kind,
        person_no=subject.no if is_person else None,
        vehicle_no=None if is_person else subject.no,
        period=held,
        note=note,
    )
    session.add(made)
    await flush_or_refuse(
        session,
        {
            "person_on_one_roster_once": RosterOverlap,
            "vehicle_on_one_roster_once": RosterOverlap,
        },
    )
    named = subject.username if isinstance(subject, Person) else subject.plate
    act.record(
        session,
        "roster.plan",
        "roster",
        made.id,
        organisation_no=organisation.no,
        after={"kind": kind, "on_duty": named, "note": note, **spelled(held)},
    )
    await session.flush()
    return made


async def end_planned(
    session: AsyncSession,
    act: Act,
    row: Withdrawable,
    *,
    action: str,
    object_kind: str,
    object_id: UUID,
    organisation_no: int,
) -> None:
    """End a locked row of duty now, or withdraw it before it begins. Raises AlreadyEnded."""
    before = spelled(row.period)
    end_early(row, act.now)
    act.record(
        session,
        action,
        object_kind,
        object_id,
        organisation_no=organisation_no,
        before=before,
        after={**spelled(row.period), "withdrawn": row.withdrawn_at is not None},
    )
    await session.flush()


async def _refuse_on_leave(
    session: AsyncSession, kind: Kind, person_no: int, held: Range[datetime]
) -> None:
    """Raise PersonOnLeave where leave forbids a duty of this kind; hold the driver till the end.

    Leave is granted under the same lock, so that neither overtakes the other.
    """
    driver_no = await store.lock_driver_of(session, person_no)
    if driver_no is None:
        return
    standing = beside(await store.leave_beside(session, driver_no, held), held)
    refusing = [one for one in standing if not may_be_planned(kind, beside=one.kind)]
    if refusing:
        raise PersonOnLeave(conflicts=[one.told() for one in refusing])


def _period(start: datetime, end: datetime, longest: timedelta) -> Range[datetime]:
    held = period(start, end)
    if end - start > longest:
        raise TooLong(longest_hours=int(longest.total_seconds() // 3600))
    return held
