"""Commands that take people and vehicles away: leave, outages, and their end."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.duty.planning import end_planned, grant_leave
from fleet.duty.words import LeaveKind
from fleet.outages.outages import end_outage, open_outage
from fleet.outages.words import OutageKind
from fleet.tables import DriverLeave, Outage
from tests.dispatch.commands.desk import Desk


@dataclass(frozen=True, slots=True)
class GoOnLeave:
    """Let a driver be away for some hours, whatever is promised of them."""

    driver: str
    in_hours: int
    hours: int

    async def run(self, desk: Desk) -> None:
        act = Act(desk.actors["manager"], desk.now)
        start = desk.now + timedelta(hours=self.in_hours)
        await desk.attempt(
            lambda s: grant_leave(
                s,
                act,
                driver=desk.world.drivers[self.driver],
                organisation_no=desk.world.organisations["a"].no,
                approver_no=desk.world.people["manager"].no,
                kind=LeaveKind.PERSONAL,
                start=start,
                end=start + timedelta(hours=self.hours),
                reason="事假",
            )
        )


@dataclass(frozen=True, slots=True)
class TakeOutOfUse:
    """Take a vehicle out of use for some hours, whatever is promised of it."""

    vehicle: str
    kind: OutageKind
    in_hours: int
    hours: int

    async def run(self, desk: Desk) -> None:
        act = Act(desk.actors["manager"], desk.now, reason="检修")
        start = desk.now + timedelta(hours=self.in_hours)
        await desk.attempt(
            lambda s: open_outage(
                s,
                act,
                vehicle=desk.world.vehicles[self.vehicle],
                organisation_no=desk.world.organisations["a"].no,
                kind=self.kind,
                start=start,
                end=start + timedelta(hours=self.hours),
                reason="检修",
            )
        )


@dataclass(frozen=True, slots=True)
class ComeBack:
    """End every outage and every leave: all are there again."""

    async def run(self, desk: Desk) -> None:
        act = Act(desk.actors["manager"], desk.now, reason="修复")

        async def end_all(session: AsyncSession) -> None:
            unit_no = desk.world.organisations["a"].no
            for outage in await session.scalars(select(Outage).where(_stands(Outage, desk))):
                await end_outage(session, act, outage, organisation_no=unit_no)
            for leave in await session.scalars(
                select(DriverLeave).where(_stands(DriverLeave, desk))
            ):
                await end_planned(
                    session,
                    act,
                    leave,
                    action="leave.end",
                    object_kind="driver",
                    object_id=leave.id,
                    organisation_no=unit_no,
                )

        assert await desk.attempt(end_all)


def _stands(table: type[Outage] | type[DriverLeave], desk: Desk) -> ColumnElement[bool]:
    over = func.upper(table.period) <= desk.now
    return and_(table.withdrawn_at.is_(None), over.is_not(True))
