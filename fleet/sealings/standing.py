"""Which vehicles stand sealed in a period, and by which sealing: many at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.calendar.days import DayKind, YearCalendar
from fleet.calendar.store import regions_of, year_calendar
from fleet.sealings import store
from fleet.sealings.tables import Sealing
from fleet.sealings.windows import SealedDays, Window, sealed_windows
from kit.clock import shanghai_day


@dataclass(frozen=True, slots=True)
class Standing:
    """A vehicle stands sealed in [start, end), which lies in the period that was asked for."""

    sealing_id: UUID
    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class UnitVehicle:
    """A vehicle with what decides whether a sealing concerns it."""

    no: int
    unit_no: int
    category: str


async def standing_in(
    session: AsyncSession, vehicles: Collection[UnitVehicle], period: Range[datetime], now: datetime
) -> dict[int, list[Standing]]:
    """Return by vehicle number when in `period` it stands sealed, in order; others are left out.

    now: by which versions of the calendar and of the organisations' tree it is judged
    """
    sealings = await store.sealings_in(session, period) if vehicles else []
    if not sealings:
        return {}
    windows = _Windows(session, period, now)
    found: dict[int, list[Standing]] = defaultdict(list)
    for sealing in sealings:
        reach = await store.reach_of(session, sealing)
        units = await store.organisations_of(session, reach, now)
        concerned = [
            one
            for one in vehicles
            if one.unit_no in units
            and one.category not in reach.exempt_categories
            and one.no not in reach.exempt_nos
        ]
        by_unit = await windows.of(sealing, {one.unit_no for one in concerned})
        for one in concerned:
            found[one.no] += [
                Standing(sealing.id, sealing.name, window.start, window.end)
                for window in by_unit[one.unit_no]
            ]
    ordered = ((no, sorted(parts, key=lambda one: one.start)) for no, parts in found.items())
    return {no: parts for no, parts in ordered if parts}


class _Windows:
    """The windows of sealings by unit; each region's year is read once."""

    def __init__(self, session: AsyncSession, period: Range[datetime], now: datetime) -> None:
        self._session = session
        self._period = period
        self._now = now
        self._years: dict[tuple[str, int], YearCalendar] = {}

    async def of(self, sealing: Sealing, units: set[int]) -> dict[int, Sequence[Window]]:
        """Return when a sealing holds in the period, for each of these units."""
        start, end = _meeting(sealing, self._period)
        days = SealedDays(sealing.days)
        if days is SealedDays.EVERY_DAY or start >= end:
            whole = [Window(start, end)] if start < end else []
            return dict.fromkeys(units, whole)
        regions = await regions_of(self._session, units, self._now)
        by_region = {
            region: await self._in_region(start, end, days, region)
            for region in set(regions.values())
        }
        return {unit: by_region[region] for unit, region in regions.items()}

    async def _in_region(
        self, start: datetime, end: datetime, days: SealedDays, region: str
    ) -> Sequence[Window]:
        for year in range(shanghai_day(start).year, shanghai_day(end).year + 1):
            if (region, year) not in self._years:
                calendar = await year_calendar(self._session, year, region, self._now)
                self._years[region, year] = calendar

        def kind_of(day: date) -> DayKind:
            return self._years[region, day.year].day(day).kind

        return sealed_windows(start, end, days, kind_of)


def _meeting(sealing: Sealing, period: Range[datetime]) -> tuple[datetime, datetime]:
    """Return where a sealing's period, until it was ended, and another one meet."""
    assert sealing.period.lower is not None
    assert sealing.period.upper is not None
    assert period.lower is not None
    assert period.upper is not None
    end = min(sealing.period.upper, sealing.ended_at or sealing.period.upper)
    return max(sealing.period.lower, period.lower), min(end, period.upper)
