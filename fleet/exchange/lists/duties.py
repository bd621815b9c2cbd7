"""Shifts, leave and the duty roster as spreadsheets."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import InstrumentedAttribute, aliased

from fleet.duty.tables import DriverLeave, DutyShift, RosterEntry
from fleet.duty.words import LeaveKind, RosterKind, ShiftKind
from fleet.exchange.kinds import Code, Instant, OrganisationName, Text
from fleet.exchange.labels import labelled
from fleet.exchange.lists.account_names import AccountName
from fleet.exchange.lists.duty_writers import LeaveWriter, RosterWriter, ShiftWriter
from fleet.exchange.lists.vehicles import Plate
from fleet.exchange.numbered import number_column
from fleet.exchange.sheets import NUMBER, Column, Rows, Sheet
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


_UNIT = Column(
    "unit", "单位", "Unit", OrganisationName(), DriverUnit.organisation_no, written=False
)
_USERNAME = Column(
    "username", "驾驶员账号", "Driver's username", AccountName(), Person.username, required=True,
    example="zhangsan",
)  # fmt: skip
_DRIVER = Column("driver", "驾驶员", "Driver", Text(), Person.name, written=False)


def _times(table: type[DutyShift | DriverLeave | RosterEntry]) -> tuple[Column, Column]:
    return (
        Column("start", "开始时间", "Start", Instant(), func.lower(table.period), required=True,
               example="2026-01-31 08:30"),
        Column("end", "结束时间", "End", Instant(), func.upper(table.period), required=True,
               example="2026-01-31 17:30"),
    )  # fmt: skip


def _withdrawn(table: type[DutyShift | DriverLeave | RosterEntry]) -> Column:
    return Column(
        "withdrawn_at", "撤回时间", "Withdrawn at", Instant(), table.withdrawn_at, written=False
    )


SHIFTS = Sheet(
    name="shifts",
    zh="班次",
    en="Shifts",
    table=DutyShift,
    columns=(
        number_column(DutyShift.id),
        _UNIT,
        _USERNAME,
        _DRIVER,
        Column("kind", "种类", "Kind", Code(SHIFT_KIND), DutyShift.kind, required=True,
               example="白班"),
        *_times(DutyShift),
        _withdrawn(DutyShift),
    ),
    read=Permission.ROSTER_READ,
    write=Permission.ROSTER_WRITE,
    writer=ShiftWriter(),
    owner=DriverUnit.organisation_no,
    joins=_shift,
    key=(NUMBER,),
    order=(func.lower(DutyShift.period).desc(),),
    search=(Person.name,),
    people=True,
)  # fmt: skip

LEAVES = Sheet(
    name="leaves",
    zh="请假",
    en="Leaves",
    table=DriverLeave,
    columns=(
        number_column(DriverLeave.id),
        _UNIT,
        _USERNAME,
        _DRIVER,
        Column("kind", "种类", "Kind", Code(LEAVE_KIND), DriverLeave.kind, required=True,
               needs=Permission.DRIVER_WRITE, example="年休假"),
        *_times(DriverLeave),
        Column("reason", "事由", "Reason", Text(500), DriverLeave.reason, required=True,
               needs=Permission.DRIVER_WRITE, quoted=False, example="探亲",
               note="只有管理驾驶员的人可见"),
        Column("approved_by", "批准人", "Approved by", Text(), _APPROVER.name, written=False,
               note="导入者即批准人"),
        _withdrawn(DriverLeave),
    ),
    read=Permission.DRIVER_READ,
    write=Permission.DRIVER_WRITE,
    writer=LeaveWriter(),
    owner=DriverUnit.organisation_no,
    joins=_leave,
    key=(NUMBER,),
    order=(func.lower(DriverLeave.period).desc(),),
    search=(Person.name,),
    people=True,
)  # fmt: skip

ROSTERS = Sheet(
    name="rosters",
    zh="值班表",
    en="Rosters",
    table=RosterEntry,
    columns=(
        number_column(RosterEntry.id),
        Column("organisation", "单位", "Organisation", OrganisationName(),
               RosterEntry.organisation_no, required=True, example="甲局"),
        Column("kind", "种类", "Kind", Code(ROSTER_KIND), RosterEntry.kind, required=True,
               example="日常值班"),
        Column("username", "人员账号", "Person's username", AccountName(), Person.username,
               example="zhangsan", note="人员与车辆填其一"),
        Column("person", "人员", "Person", Text(), Person.name, written=False),
        Column("plate", "号牌号码", "Plate", Plate(), Vehicle.plate, quoted=False),
        *_times(RosterEntry),
        Column("note", "备注", "Note", Text(200), RosterEntry.note),
        _withdrawn(RosterEntry),
    ),
    read=Permission.ROSTER_READ,
    write=Permission.ROSTER_WRITE,
    writer=RosterWriter(),
    owner=RosterEntry.organisation_no,
    joins=_roster,
    key=(NUMBER,),
    order=(func.lower(RosterEntry.period).desc(),),
    search=(Person.name, Vehicle.plate),
    people=True,
)  # fmt: skip

SHEETS = (SHIFTS, LEAVES, ROSTERS)
