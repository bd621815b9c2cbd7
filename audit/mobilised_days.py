"""Days on which vehicles were called up are settled anew once their back-entries have fallen due.

Until then the mobilisation explains what they drove; afterwards only orders do, entered ones
included, and what is left of it becomes a finding as on any other day.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, text
from sqlalchemy.types import DateTime

from dispatch.explaining import first_day_not_due
from kit.clock import shanghai_day
from kit.database import Sessions, transaction

_NEXT = text("""
    SELECT no, coalesce(judged_through, lower(period)) AS since,
           least(coalesce(upper(period), CAST(:until AS timestamptz)), :until) AS until
    FROM mobilisation
    WHERE coalesce(judged_through, lower(period))
        < least(coalesce(upper(period), CAST(:until AS timestamptz)), :until)
    ORDER BY no LIMIT 1 FOR UPDATE SKIP LOCKED
""").bindparams(bindparam("until", type_=DateTime(timezone=True)))
_MARK = text("""
    INSERT INTO changed_day (vehicle_no, day, cause)
    SELECT DISTINCT e.vehicle_no, e.day, 'mobilisation'
    FROM explained_day e JOIN mobilisation_unit u ON u.organisation_no = e.organisation_no
    WHERE u.mobilisation_no = :no AND e.day BETWEEN :first AND :last
    ORDER BY e.vehicle_no, e.day
""")
_JUDGED = text("UPDATE mobilisation SET judged_through = :until WHERE no = :no")


async def mark_mobilised_days(sessions: Sessions, now: datetime) -> int:
    """Mark the days of mobilisations whose back-entries have all fallen due; return how many."""
    marked = 0
    while True:
        async with transaction(sessions) as session:
            row = (await session.execute(_NEXT, {"until": first_day_not_due(now)})).one_or_none()
            if row is None:
                return marked
            days = {
                "first": shanghai_day(row.since),
                "last": shanghai_day(row.until - timedelta(microseconds=1)),
            }
            await session.execute(_MARK, {"no": row.no, **days})
            await session.execute(_JUDGED, {"no": row.no, "until": row.until})
            marked += 1
