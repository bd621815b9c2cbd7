"""How shifts, leave and rosters come in: planned one by one by the room's own use cases."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.duty.errors import (
    LeaveOverlap,
    OwnLeave,
    PersonOnLeave,
    RosterOverlap,
    ShiftOverlap,
    TooLong,
)
from fleet.duty.planning import grant_leave, plan_duty, plan_shift
from fleet.duty.words import LeaveKind, RosterKind, ShiftKind
from fleet.errors import EmptyPeriod
from fleet.exchange.known import Known
from fleet.exchange.lists.naming import find_drivers, find_people, find_vehicles
from fleet.exchange.numbered import NumberedWriter, Told
from fleet.exchange.plan import Plan, ReadRow
from fleet.exchange.reasons import Reason
from fleet.organisations.tables import Organisation
from fleet.people.driver_store import lock_driver
from fleet.people.tables import Driver, Person
from fleet.permissions import Permission
from fleet.vehicles.tables import Vehicle

_NO_APPROVER = Reason(
    "no-approver",
    "请假须由批准人登录后导入，不能在服务器上导入。",
    "Leave is approved by whoever imports it: log in for that.",
)
_ONE_OF_TWO = Reason(
    "one-of-two", "人员与车辆须且只能填一个。", "Name either a person or a vehicle, and not both."
)
_TOLD: Told = {
    EmptyPeriod: ("end", "结束时间须晚于开始时间。"),
    TooLong: ("end", "时间过长。"),
    PersonOnLeave: ("username", "此人该时段请假。"),
    ShiftOverlap: ("start", "该驾驶员此时段已有班次。"),
    LeaveOverlap: ("start", "该驾驶员此时段已请假。"),
    OwnLeave: ("username", "不得批准本人请假。"),
    RosterOverlap: ("start", "此时段已在该值班表上。"),
}


def _times(row: ReadRow) -> dict[str, datetime]:
    start, end = row.values["start"], row.values["end"]
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return {"start": start, "end": end}


class ShiftWriter(NumberedWriter):
    """Plans shifts."""

    told = _TOLD

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Find the drivers."""
        await find_drivers(session, known, plan, Permission.ROSTER_WRITE)

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Plan a shift."""
        username = row.values["username"]
        await plan_shift(
            session,
            act,
            driver=await session.get_one(Driver, known.resolved["driver", username]),
            organisation_no=known.resolved["driver_unit", username],
            kind=ShiftKind(str(row.values["kind"])),
            **_times(row),
        )


class LeaveWriter(NumberedWriter):
    """Grants leave; whoever imports it approves it."""

    told = _TOLD

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Find the drivers; the system itself approves nothing."""
        if known.extent.actor is None:
            for one in plan.additions:
                plan.refuse(one.row, "username", _NO_APPROVER)
        await find_drivers(session, known, plan, Permission.DRIVER_WRITE)

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Grant leave to a driver, who is locked."""
        assert known.extent.actor is not None
        driver = await session.get_one(Driver, known.resolved["driver", row.values["username"]])
        scope = known.extent.scope(Permission.DRIVER_WRITE)
        held = await lock_driver(session, driver.id, scope, known.now)
        await grant_leave(
            session,
            act,
            driver=held[0],
            organisation_no=held.unit_no,
            approver_no=known.extent.actor.person_no,
            kind=LeaveKind(str(row.values["kind"])),
            reason=str(row.values["reason"]),
            **_times(row),
        )


class RosterWriter(NumberedWriter):
    """Puts people and vehicles on rosters."""

    told = _TOLD

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Find who or what is on duty: one of them in each row."""
        for one in plan.additions:
            if bool(one.row.values.get("username")) == bool(one.row.values.get("plate")):
                plan.refuse(one.row, "username", _ONE_OF_TWO)
        await find_people(session, known, plan, Permission.ROSTER_WRITE)
        await find_vehicles(session, known, plan, Permission.ROSTER_WRITE)

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Put one of them on a roster."""
        values = row.values
        subject: Person | Vehicle
        if values.get("username"):
            subject = await session.get_one(Person, known.resolved["person", values["username"]])
        else:
            subject = await session.get_one(Vehicle, known.resolved["vehicle", values["plate"]])
        note = values.get("note")
        await plan_duty(
            session,
            act,
            organisation=await session.get_one(Organisation, values["organisation"]),
            kind=RosterKind(str(values["kind"])),
            subject=subject,
            note=str(note) if note else None,
            **_times(row),
        )
