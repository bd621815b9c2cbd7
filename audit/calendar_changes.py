"""A changed calendar, and a changed sealing, have what was judged by their days judged anew.

An import leaves a row with the days that it made something else. Audit turns it into changed days
of the vehicles that have figures or findings on them, of the units that follow that region.
Sealings do the same in `audit/sealing_changes.py`.
"""

from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from audit.sealing_changes import take_sealing_change
from fleet.calendar.regions import region_prefix
from fleet.tables import CalendarChange, CalendarVersion
from kit.clock import shanghai_day
from kit.database import Sessions, transaction

# A unit follows the region of its own code, else its nearest parent's: what has none, the nation.
_MARK = text("""
    WITH RECURSIVE placed AS (
        SELECT o.no, coalesce(o.region_code, '') AS region FROM organisation o
        WHERE o.region_code IS NOT NULL
           OR NOT EXISTS (SELECT FROM organisation_parent p
                          WHERE p.organisation_no = o.no AND p.period @> CAST(:now AS timestamptz))
        UNION
        SELECT o.no, placed.region
        FROM placed
        JOIN organisation_parent p ON p.parent_no = placed.no
                                  AND p.period @> CAST(:now AS timestamptz)
        JOIN organisation o ON o.no = p.organisation_no AND o.region_code IS NULL
    ), concerned AS (
        SELECT no FROM placed WHERE region LIKE :prefix || '%'
    ), judged AS (
        SELECT vehicle_no, day FROM explained_day
        WHERE day = ANY(CAST(:days AS date[])) AND organisation_no IN (SELECT no FROM concerned)
        UNION
        SELECT vehicle_no, day FROM finding
        WHERE day = ANY(CAST(:days AS date[])) AND superseded_at IS NULL
          AND organisation_no IN (SELECT no FROM concerned)
    )
    INSERT INTO changed_day (vehicle_no, day, cause)
    SELECT vehicle_no, day, 'calendar' FROM judged ORDER BY vehicle_no, day
""")


async def follow_calendar(sessions: Sessions, now: datetime) -> int:
    """Mark what changed calendars and sealings concern; return how many changes were taken in.

    Any number of workers may run at once; settling follows by itself.
    """
    taken = 0
    while await _take_one(sessions, now) or await take_sealing_change(sessions, now):
        taken += 1
    return taken


async def _take_one(sessions: Sessions, now: datetime) -> bool:
    async with transaction(sessions) as session:
        row = (
            await session.execute(
                select(CalendarChange, CalendarVersion.region_code)
                .join(CalendarVersion, CalendarVersion.no == CalendarChange.version_no)
                .order_by(CalendarChange.no)
                .limit(1)
                .with_for_update(of=CalendarChange, skip_locked=True)
            )
        ).one_or_none()
        if row is None:
            return False
        await _mark(session, row[0], row[1], now)
        await session.execute(delete(CalendarChange).where(CalendarChange.no == row[0].no))
        return True


async def _mark(
    session: AsyncSession, change: CalendarChange, region_code: str, now: datetime
) -> None:
    past = [day for day in change.days if day <= shanghai_day(now)]
    if past:
        parameters = {"days": past, "prefix": region_prefix(region_code), "now": now}
        await session.execute(_MARK, parameters)
