"""SQL of the calendar."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.calendar.days import CalendarStatus, Day, DayKind, Layer, NamedDay, YearCalendar
from fleet.calendar.regions import NATION, region_chain
from fleet.calendar.statutory import provisional_layer
from fleet.calendar.tables import CalendarDay, CalendarVersion
from fleet.lists import Slice, in_force
from kit.paging import BadCursor, Page, decode_cursor, encode_cursor, number_in


async def year_calendar(
    session: AsyncSession, year: int, region_code: str, now: datetime
) -> YearCalendar:
    """Return a region's year by the versions in force at `now`.

    The nation's year is computed (provisional) where no version of it has been imported.
    """
    chain = region_chain(region_code)
    versions = await session.scalars(
        select(CalendarVersion).where(
            CalendarVersion.region_code.in_(chain),
            CalendarVersion.year == year,
            in_force(CalendarVersion.period, now),
        )
    )
    layers = {version.region_code: version for version in versions}
    days = await _days_of(session, [version.no for version in layers.values()])
    found = [_layer(layers[code], days) for code in chain if code in layers]
    if NATION not in layers:
        found.insert(0, provisional_layer(year))
    return YearCalendar(year, region_code, found)


async def day_kind(session: AsyncSession, day: date, region_code: str, now: datetime) -> Day:
    """Return what a day is in a region, by the versions in force at `now`."""
    return (await year_calendar(session, day.year, region_code, now)).day(day)


async def current_version(
    session: AsyncSession, region_code: str, year: int, now: datetime
) -> CalendarVersion | None:
    """Return the version of exactly this region in force, locked against another import."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('calendar.' || :region), :year)"),
        {"region": region_code, "year": year},
    )
    return await session.scalar(
        select(CalendarVersion).where(
            CalendarVersion.region_code == region_code,
            CalendarVersion.year == year,
            in_force(CalendarVersion.period, now),
        )
    )


async def last_number(session: AsyncSession, region_code: str, year: int) -> int:
    """Return the number of the newest version of a region's year, 0 where there is none."""
    number = await session.scalar(
        select(func.max(CalendarVersion.version)).where(
            CalendarVersion.region_code == region_code, CalendarVersion.year == year
        )
    )
    return number or 0


async def end_version(session: AsyncSession, version: CalendarVersion, now: datetime) -> None:
    """Let a version be in force until `now` and no longer."""
    await session.execute(
        update(CalendarVersion)
        .where(CalendarVersion.no == version.no)
        .values(period=func.tstzrange(func.lower(CalendarVersion.period), now))
    )


async def versions(
    session: AsyncSession, region_code: str | None, year: int | None, part: Slice
) -> Page[CalendarVersion]:
    """Return versions, the latest year first, within it the newest version of each region."""
    key = (CalendarVersion.year, CalendarVersion.version, CalendarVersion.no)
    statement = select(CalendarVersion)
    if region_code is not None:
        statement = statement.where(CalendarVersion.region_code == region_code)
    if year is not None:
        statement = statement.where(CalendarVersion.year == year)
    if (after := decode_cursor(part.cursor, 3)) is not None:
        statement = statement.where(tuple_(*key) < tuple(_small(number_in(n)) for n in after))
    ordered = statement.order_by(*(column.desc() for column in key)).limit(part.limit + 1)
    rows = list(await session.scalars(ordered))
    if len(rows) <= part.limit:
        return Page(rows, None)
    last = rows[part.limit - 1]
    return Page(rows[: part.limit], encode_cursor((last.year, last.version, last.no)))


_REGION_OF = text("""
    WITH RECURSIVE above AS (
        SELECT o.no, o.region_code, 0 AS step FROM organisation o WHERE o.no = :no
        UNION ALL
        SELECT o.no, o.region_code, above.step + 1
        FROM above
        JOIN organisation_parent p ON p.organisation_no = above.no
                                  AND p.period @> CAST(:at AS timestamptz)
        JOIN organisation o ON o.no = p.parent_no
        WHERE above.region_code IS NULL
    )
    SELECT region_code FROM above WHERE region_code IS NOT NULL ORDER BY step LIMIT 1
""")


async def region_of(session: AsyncSession, organisation_no: int, at: datetime) -> str:
    """Return the region whose calendar an organisation follows: its own, else its parent's."""
    found = await session.scalar(_REGION_OF, {"no": organisation_no, "at": at})
    return found or NATION


_REGIONS_OF = text("""
    WITH RECURSIVE above AS (
        SELECT o.no AS unit_no, o.no, o.region_code
        FROM organisation o WHERE o.no = ANY(CAST(:nos AS bigint[]))
        UNION ALL
        SELECT above.unit_no, o.no, o.region_code
        FROM above
        JOIN organisation_parent p ON p.organisation_no = above.no
                                  AND p.period @> CAST(:at AS timestamptz)
        JOIN organisation o ON o.no = p.parent_no
        WHERE above.region_code IS NULL
    )
    SELECT unit_no, region_code FROM above WHERE region_code IS NOT NULL
""")


async def regions_of(
    session: AsyncSession, organisation_nos: Iterable[int], at: datetime
) -> dict[int, str]:
    """Return `region_of` for many organisations at once."""
    nos = sorted(organisation_nos)
    rows = await session.execute(_REGIONS_OF, {"nos": nos, "at": at})
    found = {row.unit_no: row.region_code for row in rows}
    return {no: found.get(no, NATION) for no in nos}


def _small(number: int) -> int:
    """Return a number that an integer column can be compared with."""
    if abs(number) >= 2**31:
        raise BadCursor
    return number


async def _days_of(
    session: AsyncSession, version_nos: Iterable[int]
) -> dict[int, dict[date, NamedDay]]:
    rows = await session.scalars(
        select(CalendarDay).where(CalendarDay.version_no.in_(list(version_nos)))
    )
    days: dict[int, dict[date, NamedDay]] = {}
    for row in rows:
        named = NamedDay(row.date, DayKind(row.kind), row.name)
        days.setdefault(row.version_no, {})[row.date] = named
    return days


def _layer(version: CalendarVersion, days: dict[int, dict[date, NamedDay]]) -> Layer:
    return Layer(
        version.region_code,
        version.version,
        CalendarStatus(version.status),
        version.source,
        days.get(version.no, {}),
    )


def as_rows(version_no: int, days: Sequence[NamedDay]) -> list[dict[str, object]]:
    """Return the rows of a version's days."""
    return [
        {"version_no": version_no, "date": d.date, "kind": d.kind.value, "name": d.name}
        for d in days
    ]
