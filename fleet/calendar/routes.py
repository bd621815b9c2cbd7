"""Routes of the calendar. Its days are public facts: whoever may read it reads all of it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.calendar import importing, schemas, store, views
from fleet.calendar.errors import BadNotice
from fleet.calendar.regions import NATION
from fleet.calendar.statutory import FIRST_YEAR, LAST_YEAR
from fleet.lists import Paging
from fleet.permissions import Permission
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["calendar"])

RegionCode = Annotated[schemas.Region, Query()]


@router.get("/calendar")
async def read_calendar(
    _actor: Annotated[Actor, Allow(Permission.CALENDAR_READ)],
    session: DbSession,
    now: Now,
    year: Annotated[schemas.Year, Query()],
    region_code: RegionCode = NATION,
) -> schemas.CalendarOut:
    """Show a region's year, every day of it, and the versions that it rests on."""
    return views.calendar(await store.year_calendar(session, year, region_code, now))


@router.get("/calendar/days/{day}")
async def read_calendar_day(
    _actor: Annotated[Actor, Allow(Permission.CALENDAR_READ)],
    session: DbSession,
    now: Now,
    day: Annotated[date, Path(description=f"A date between {FIRST_YEAR} and {LAST_YEAR}")],
    region_code: RegionCode = NATION,
) -> schemas.DayAnswer:
    """Show what one day is in a region."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadNotice(f"Ask for a day between {FIRST_YEAR} and {LAST_YEAR}.")
    year = await store.year_calendar(session, day.year, region_code, now)
    return schemas.DayAnswer(
        **views.day(year.day(day)).model_dump(),
        provisional=year.provisional,
        versions=[views.layer(one) for one in year.layers],
    )


@router.get("/calendar/versions")
async def list_calendar_versions(
    _actor: Annotated[Actor, Allow(Permission.CALENDAR_READ)],
    session: DbSession,
    part: Paging,
    region_code: Annotated[schemas.Region | None, Query()] = None,
    year: Annotated[schemas.Year | None, Query()] = None,
) -> schemas.CalendarVersionPage:
    """List the versions that were imported, superseded ones included."""
    page = await store.versions(session, region_code, year, part)
    return schemas.CalendarVersionPage(
        items=[views.version(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/calendar/preview")
async def preview_calendar(
    body: schemas.Notice,
    actor: Annotated[Actor, Allow(Permission.CALENDAR_WRITE)],
    session: DbSession,
    now: Now,
) -> schemas.CalendarPreview:
    """Show which days a notice would make something else; nothing is changed."""
    return _shown(await importing.preview(session, actor, body, now))


@router.post("/calendar/import", status_code=201)
async def import_calendar(
    body: schemas.Notice,
    actor: Annotated[Actor, Allow(Permission.CALENDAR_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.CalendarPreview:
    """Make a notice the version in force; what rests on the changed days is judged anew."""
    return _shown(await importing.import_notice(session, Act(actor, now, address), body))


def _shown(prospect: importing.Prospect) -> schemas.CalendarPreview:
    return schemas.CalendarPreview(
        year=prospect.after.year,
        region_code=prospect.after.region_code,
        version=prospect.number,
        provisional=prospect.after.provisional,
        workdays_before=views.workdays(prospect.before),
        workdays_after=views.workdays(prospect.after),
        differences=[views.difference(one) for one in prospect.differences],
    )
