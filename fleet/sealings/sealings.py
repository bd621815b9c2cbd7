"""Use cases of sealing windows: look at one, order it, end it, and ask whether a vehicle is sealed.

Which days off there are comes from the calendar of the vehicle's region; a sealing by days is
provisional while that calendar is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.calendar.days import DayKind, YearCalendar
from fleet.calendar.store import region_of, year_calendar
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.sealings import store
from fleet.sealings.errors import SealingOver, SealingTooLong
from fleet.sealings.schemas import NewSealing
from fleet.sealings.tables import Sealing, SealingChange, SealingExemption
from fleet.sealings.windows import SealedDays, Window, is_sealed_day, sealed_windows
from kit.clock import shanghai_day
from kit.errors import NotFound
from kit.ids import new_id

MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Planned:
    """A sealing's windows, by a calendar that may be provisional."""

    windows: Sequence[Window]
    provisional: bool


@dataclass(frozen=True, slots=True)
class SealedBy:
    """What keeps a vehicle standing at an instant."""

    sealing_id: UUID
    name: str
    provisional: bool


async def plan(
    session: AsyncSession, body: NewSealing, organisation: Organisation, now: datetime
) -> Planned:
    """Return when a sealing would hold. Raises EmptyPeriod, SealingTooLong."""
    period(body.start, body.end)
    if (body.end - body.start).days > MOST_DAYS:
        raise SealingTooLong
    if body.days is SealedDays.EVERY_DAY:
        return Planned([Window(body.start, body.end)], False)
    region = body.region_code or await region_of(session, organisation.no, now)
    years: dict[int, YearCalendar] = {}
    for year in range(shanghai_day(body.start).year, shanghai_day(body.end).year + 1):
        years[year] = await year_calendar(session, year, region, now)

    def kind_of(day: date) -> DayKind:
        return years[day.year].day(day).kind

    windows = sealed_windows(body.start, body.end, body.days, kind_of)
    return Planned(windows, any(year.provisional for year in years.values()))


async def reach_in(
    session: AsyncSession, body: NewSealing, organisation: Organisation, scope: Scope, now: datetime
) -> store.Reach:
    """Return whom a sealing would concern. Raises NotFound for a vehicle outside `scope`."""
    found = await store.vehicles_by_id(session, body.exempt_vehicle_ids, scope, now)
    if set(found) != set(body.exempt_vehicle_ids):
        raise NotFound("An exempt vehicle does not stand within your scope.")
    return store.Reach(
        organisation.no,
        body.region_code,
        tuple(dict.fromkeys(body.exempt_categories)),
        frozenset(found.values()),
    )


async def order_sealing(
    session: AsyncSession, act: Act, body: NewSealing, organisation: Organisation, scope: Scope
) -> Sealing:
    """Order a sealing, or the next version of one.

    Raises NotFound, EmptyPeriod, SealingTooLong, SealingOver.
    """
    await plan(session, body, organisation, act.now)
    reach = await reach_in(session, body, organisation, scope, act.now)
    series, version, before = new_id(), 1, None
    if body.replaces is not None:
        replaced, _ = await store.sealing_in(session, body.replaces, scope)
        _require_open(replaced)
        series, version, before = replaced.series, replaced.version + 1, _facts(replaced)
        replaced.superseded_at = act.now
        session.add(SealingChange(sealing_no=replaced.no, period=replaced.period))
    sealing = Sealing(
        series=series,
        version=version,
        organisation_no=organisation.no,
        region_code=body.region_code,
        name=body.name,
        basis=body.basis,
        period=period(body.start, body.end),
        days=body.days,
        exempt_categories=list(reach.exempt_categories),
    )
    session.add(sealing)
    await session.flush()
    session.add_all(
        SealingExemption(sealing_no=sealing.no, vehicle_no=no) for no in sorted(reach.exempt_nos)
    )
    session.add(SealingChange(sealing_no=sealing.no, period=sealing.period))
    act.record(
        session,
        "sealing.order",
        "sealing",
        sealing.id,
        organisation_no=organisation.no,
        before=before,
        after=_facts(sealing) | {"exempt_vehicles": [str(id) for id in body.exempt_vehicle_ids]},
    )
    await session.flush()
    return sealing


async def end_sealing(session: AsyncSession, act: Act, sealing: Sealing) -> None:
    """End a sealing before its time; what was sealed until now stays so. Raises SealingOver."""
    _require_open(sealing)
    assert sealing.period.upper is not None
    if sealing.period.upper <= act.now:
        raise SealingOver
    sealing.ended_at = act.now
    left = Range(max(act.now, sealing.period.lower or act.now), sealing.period.upper, bounds="[)")
    session.add(SealingChange(sealing_no=sealing.no, period=left))
    act.record(
        session,
        "sealing.end",
        "sealing",
        sealing.id,
        organisation_no=sealing.organisation_no,
        before={"ended_at": None},
        after={"ended_at": act.now.isoformat()},
    )
    await session.flush()


async def sealed(
    session: AsyncSession, vehicle_no: int, at: datetime, now: datetime | None = None
) -> SealedBy | None:
    """Return what seals a vehicle at an instant, None when it may drive.

    now: by which versions of the calendar it is judged (default: those in force at `at`)
    """
    unit = await store.unit_of(session, vehicle_no, at)
    if unit is None:
        return None
    organisation_no, category = unit
    region = await region_of(session, organisation_no, at)
    for sealing in await store.sealings_over(session, organisation_no, region, at):
        reach = await store.reach_of(session, sealing)
        if category in reach.exempt_categories or vehicle_no in reach.exempt_nos:
            continue
        days = SealedDays(sealing.days)
        if days is SealedDays.EVERY_DAY:
            return SealedBy(sealing.id, sealing.name, False)
        day = shanghai_day(at)
        year = await year_calendar(session, day.year, region, now or at)
        if is_sealed_day(days, year.day(day).kind):
            return SealedBy(sealing.id, sealing.name, year.provisional)
    return None


def _require_open(sealing: Sealing) -> None:
    if sealing.superseded_at is not None or sealing.ended_at is not None:
        raise SealingOver


def _facts(sealing: Sealing) -> dict[str, object]:
    assert sealing.period.lower is not None
    assert sealing.period.upper is not None
    return {
        "name": sealing.name,
        "version": sealing.version,
        "basis": sealing.basis,
        "region_code": sealing.region_code,
        "start": sealing.period.lower.isoformat(),
        "end": sealing.period.upper.isoformat(),
        "days": sealing.days,
        "exempt_categories": list(sealing.exempt_categories),
    }
