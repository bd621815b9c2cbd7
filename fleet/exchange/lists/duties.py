"""Shifts, leave and the duty roster as spreadsheets; they go out only."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import InstrumentedAttribute, aliased

from fleet.duty.tables import DriverLeave, DutyShift, RosterEntry
from fleet.duty.words import LeaveKind, RosterKind, ShiftKind
from fleet.exchange.kinds import Code, Instant, OrganisationName, Text
from fleet.exchange.labels import labelled
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.lists import in_force
from fleet.people.tables import Driver, DriverUnit, Person
from fleet.permissions import Permission
from fleet.vehicles.tables import Vehicle

SHIFT_KIND = labelled(ShiftKind, "白班 夜班 备班")
LEAVE_KIND = labelled(LeaveKind, "年休假 病假 事假 培训 其他")
ROSTER_KIND = labelled(RosterKind, "日常值班 节假日值班 应急备勤")
_APPROVER = aliased(Person)


def _of_driver(statement: Rows, driver_no: InstrumentedAttribute[int], now: datetime) -> Rows:
    return (
        statement.join(Driver, Driver.no == driver_no)
        .join(Person, Person.no == Driver.person_no)
        .join(DriverUnit, (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, now))
    )


def _shift(statement: Rows, now: datetime) -> Rows:
    return _of_driver(statement, DutyShift.driver_no, now)


def _leave(statement: Rows, now: datetime) -> Rows:
    return _of_driver(statement, DriverLeave.driver_no, now).join(
        _APPROVER, _APPROVER.no == DriverLeave.approved_by_no
    )


def _roster(statement: Rows, _now: datetime) -> Rows:
    return statement.outerjoin(Person, Person.no == RosterEntry.person_no).outerjoin(
        Vehicle, Vehicle.no == RosterEntry.vehicle_no
    )


SHIFTS = Sheet(
    name="shifts",
    zh="班次",
    en="Shifts",
    table=DutyShift,
    columns=(
        Column("unit", "单位", "Unit", OrganisationName(), DriverUnit.organisation_no),
        Column("driver", "驾驶员", "Driver", Text(), Person.name),
        Column("kind", "种类", "Kind", Code(SHIFT_KIND), DutyShift.kind),
        Column("start", "开始时间", "Start", Instant(), func.lower(DutyShift.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(DutyShift.period)),
        Column("withdrawn_at", "撤回时间", "Withdrawn at", Instant(), DutyShift.withdrawn_at),
    ),
    read=Permission.ROSTER_READ,
    owner=DriverUnit.organisation_no,
    joins=_shift,
    key=(),
    order=(func.lower(DutyShift.period).desc(),),
    search=(Person.name,),
    people=True,
)

LEAVES = Sheet(
    name="leaves",
    zh="请假",
    en="Leaves",
    table=DriverLeave,
    columns=(
        Column("unit", "单位", "Unit", OrganisationName(), DriverUnit.organisation_no),
        Column("driver", "驾驶员", "Driver", Text(), Person.name),
        Column("kind", "种类", "Kind", Code(LEAVE_KIND), DriverLeave.kind),
        Column("start", "开始时间", "Start", Instant(), func.lower(DriverLeave.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(DriverLeave.period)),
        Column("approved_by", "批准人", "Approved by", Text(), _APPROVER.name),
        Column("withdrawn_at", "撤回时间", "Withdrawn at", Instant(), DriverLeave.withdrawn_at),
    ),
    read=Permission.DRIVER_READ,
    owner=DriverUnit.organisation_no,
    joins=_leave,
    key=(),
    order=(func.lower(DriverLeave.period).desc(),),
    search=(Person.name,),
    people=True,
)

ROSTERS = Sheet(
    name="rosters",
    zh="值班表",
    en="Rosters",
    table=RosterEntry,
    columns=(
        Column("organisation", "单位", "Organisation", OrganisationName(),
               RosterEntry.organisation_no),
        Column("kind", "种类", "Kind", Code(ROSTER_KIND), RosterEntry.kind),
        Column("person", "人员", "Person", Text(), Person.name),
        Column("plate", "号牌号码", "Plate", Text(), Vehicle.plate),
        Column("start", "开始时间", "Start", Instant(), func.lower(RosterEntry.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(RosterEntry.period)),
        Column("note", "备注", "Note", Text(), RosterEntry.note),
        Column("withdrawn_at", "撤回时间", "Withdrawn at", Instant(), RosterEntry.withdrawn_at),
    ),
    read=Permission.ROSTER_READ,
    owner=RosterEntry.organisation_no,
    joins=_roster,
    key=(),
    order=(func.lower(RosterEntry.period).desc(),),
    search=(Person.name, Vehicle.plate),
    people=True,
)  # fmt: skip

SHEETS = (SHIFTS, LEAVES, ROSTERS)
