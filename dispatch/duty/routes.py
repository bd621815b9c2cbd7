"""The duty hours of a driver: planned by shifts, promised to orders, and driven."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import Range

from dispatch.duty import store
from fleet.access import Actor, Allow
from fleet.duty.hours import (
    Hours,
    Kept,
    Over,
    Period,
    daily_hours,
    monday_of,
    weekly_hours,
)
from fleet.duty.limits import limits_of
from fleet.duty.store import duty_periods
from fleet.people.driver_store import driver_row
from fleet.permissions import Permission
from kit.clock import day_start, shanghai_day
from kit.errors import BadRequest
from kit.web import EARLIEST, LATEST, DbSession, Now

router = APIRouter(tags=["duty"])

MOST_DAYS = 62
_FIRST_DAY, _LAST_DAY = EARLIEST.date(), LATEST.date()


class BadDays(BadRequest):
    """Ask for 1 to 62 days between 1900 and 2200, the first one first."""


class HoursOut(BaseModel):
    """Seconds of a Shanghai day, or of the week that begins with it.

    over: the figures that exceed their limit
    """

    day: date
    planned_s: int
    ordered_s: int
    driven_s: int
    away_s: int
    over: list[Over]


class LimitsOut(BaseModel):
    """The limits that the figures were held against, in seconds."""

    planned_day_s: int
    planned_week_s: int
    driven_day_s: int
    driven_week_s: int


class DutyOut(BaseModel):
    """A driver's duty hours: each day asked for, and each whole week from Monday they touch."""

    days: list[HoursOut]
    weeks: list[HoursOut]
    limits: LimitsOut


Day = Annotated[date | None, Query(description="A Shanghai day (default: of this week)")]


@router.get("/drivers/{id}/duty")
async def read_duty(
    id: UUID,
    actor: Annotated[Actor, Allow(Permission.DRIVER_READ)],
    session: DbSession,
    now: Now,
    first: Day = None,
    last: Day = None,
) -> DutyOut:
    """Show the duty hours of a driver within scope, by day and by week."""
    row = await driver_row(session, id, actor.scope(Permission.DRIVER_READ), now)
    driver, limits = row[0], await limits_of(session, row.unit_no, now)
    days = _days(first, last, shanghai_day(now))
    start = day_start(monday_of(days[0]))
    end = day_start(monday_of(days[-1]) + timedelta(days=7))
    window = Range(start, end, bounds="[)")
    planned, away = await duty_periods(session, driver.no, window)
    kept = Kept(
        planned=_ends(planned),
        ordered=await store.ordered_periods(session, driver.no, window),
        driven=await store.driven_periods(session, driver.no, window, now),
        away=_ends(away),
    )
    return DutyOut(
        days=[_shown(one) for one in daily_hours(kept, days, limits)],
        weeks=[_shown(one) for one in weekly_hours(kept, days, limits)],
        limits=LimitsOut(
            planned_day_s=limits.planned_day_s,
            planned_week_s=limits.planned_week_s,
            driven_day_s=limits.driven_day_s,
            driven_week_s=limits.driven_week_s,
        ),
    )


def _days(first: date | None, last: date | None, today: date) -> list[date]:
    for day in (first, last):
        if day is not None and not _FIRST_DAY <= day <= _LAST_DAY:
            raise BadDays
    first = first or monday_of(last or today)
    last = last or first + timedelta(days=6)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise BadDays
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _ends(periods: Iterable[Range[datetime]]) -> list[Period]:
    return [(one.lower, one.upper) for one in periods if one.lower and one.upper]


def _shown(one: Hours) -> HoursOut:
    return HoursOut(
        day=one.day,
        planned_s=one.planned_s,
        ordered_s=one.ordered_s,
        driven_s=one.driven_s,
        away_s=one.away_s,
        over=list(one.over),
    )
