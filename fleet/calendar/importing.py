"""Importing a notice: looked at first, then a new version; nothing is overwritten."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.acts import Act
from fleet.calendar import store
from fleet.calendar.days import (
    DayKind,
    Difference,
    Layer,
    NamedDay,
    YearCalendar,
    differences,
    kind_by_week,
)
from fleet.calendar.errors import BadNotice, CalendarUnchanged
from fleet.calendar.regions import NATION, region_chain
from fleet.calendar.schemas import Notice
from fleet.calendar.tables import CalendarChange, CalendarDay, CalendarVersion
from fleet.lists import within
from fleet.organisations.store import Scope, covers_a_root
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from kit.errors import NotFound

_LONGEST_RUN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Prospect:
    """A region's year before and after an import, and the number that the version would have."""

    before: YearCalendar
    after: YearCalendar
    number: int

    @property
    def differences(self) -> list[Difference]:
        """The days that become something else."""
        return differences(self.before, self.after)


def named_days(notice: Notice) -> list[NamedDay]:
    """Return the days that a notice names, in order.

    Raises BadNotice for a day of another year, a run that ends before it begins or lasts more
    than 31 days, a day named twice, and a make-up day that is worked anyway.
    """
    days: dict[date, NamedDay] = {}

    def add(day: date, kind: DayKind, name: str | None) -> None:
        if day.year != notice.year:
            raise BadNotice(f"{day} is no day of {notice.year}; import it with its own year.")
        if day in days:
            raise BadNotice(f"{day} is named twice.")
        days[day] = NamedDay(day, kind, name)

    for run in notice.holidays:
        if not timedelta(0) <= run.last - run.first <= _LONGEST_RUN:
            raise BadNotice(f"{run.name} lasts from {run.first} to {run.last}.")
        for n in range((run.last - run.first).days + 1):
            add(run.first + timedelta(days=n), DayKind.HOLIDAY, run.name)
    for day in notice.makeup_workdays:
        if notice.region_code == NATION and kind_by_week(day) is DayKind.WORKDAY:
            raise BadNotice(f"{day} is a working day anyway.")
        add(day, DayKind.MAKEUP_WORKDAY, None)
    return sorted(days.values(), key=lambda one: one.date)


async def preview(session: AsyncSession, actor: Actor, notice: Notice, now: datetime) -> Prospect:
    """Return what an import would change. Raises BadNotice, and NotFound outside the scope."""
    await _require_region(session, actor.scope(Permission.CALENDAR_WRITE), notice.region_code, now)
    days = named_days(notice)
    before = await store.year_calendar(session, notice.year, notice.region_code, now)
    number = await store.last_number(session, notice.region_code, notice.year) + 1
    layer = Layer(
        notice.region_code, number, notice.status, notice.source, {d.date: d for d in days}
    )
    others = [one for one in before.layers if one.region_code != notice.region_code]
    at = 0 if notice.region_code == NATION else len(others)
    after = replace(before, layers=[*others[:at], layer, *others[at:]])
    return Prospect(before, after, number)


async def import_notice(session: AsyncSession, act: Act, notice: Notice) -> Prospect:
    """Make a notice the version in force, and have judged anew what the change concerns.

    Raises as `preview`, and CalendarUnchanged when it says what stands already.
    """
    assert act.actor is not None
    standing = await store.current_version(session, notice.region_code, notice.year, act.now)
    prospect = await preview(session, act.actor, notice, act.now)
    changed = prospect.differences
    if standing is not None:
        if not changed and standing.status == notice.status and standing.source == notice.source:
            raise CalendarUnchanged
        await store.end_version(session, standing, act.now)
    version = CalendarVersion(
        region_code=notice.region_code,
        year=notice.year,
        version=prospect.number,
        status=notice.status,
        source=notice.source,
        period=Range(act.now, None, bounds="[)"),
        imported_by_no=act.actor.person_no,
    )
    session.add(version)
    await session.flush()
    if days := named_days(notice):
        await session.execute(insert(CalendarDay), store.as_rows(version.no, days))
    session.add(CalendarChange(version_no=version.no, days=_affected(prospect, changed)))
    _record(session, act, notice, version, standing, changed)
    await session.flush()
    return prospect


def _affected(prospect: Prospect, changed: list[Difference]) -> list[date]:
    """Return the days to be judged anew: the changed ones, or all that cease to be provisional."""
    if prospect.before.provisional != prospect.after.provisional:
        return [day.date for day in prospect.after.days()]
    return [one.after.date for one in changed]


def _record(
    session: AsyncSession,
    act: Act,
    notice: Notice,
    version: CalendarVersion,
    standing: CalendarVersion | None,
    changed: list[Difference],
) -> None:
    act.record(
        session,
        "calendar.import",
        "calendar_version",
        version.id,
        before={
            "version": standing.version if standing else None,
            "days": {one.before.date.isoformat(): one.before.kind for one in changed},
        },
        after={
            "region_code": notice.region_code,
            "year": notice.year,
            "version": version.version,
            "status": notice.status,
            "source": notice.source,
            "days": {one.after.date.isoformat(): one.after.kind for one in changed},
        },
    )


async def _require_region(
    session: AsyncSession, scope: Scope, region_code: str, now: datetime
) -> None:
    """Raise NotFound unless the scope holds an organisation that stands for this region.

    The nation's calendar is written from a root of the tree; a region's also from an organisation
    with its code, or the code of a region above it.
    """
    if await covers_a_root(session, scope, now):
        return
    codes = region_chain(region_code)[1:]
    statement = Organisation.__table__.select().where(
        within(Organisation.no, scope), Organisation.region_code.in_(codes)
    )
    if not codes or (await session.execute(statement.limit(1))).first() is None:
        raise NotFound("There is no such region within your scope.")
