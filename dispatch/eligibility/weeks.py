"""SQL of the hours that drivers are ordered for, on the day and in the week of a ride."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.driver_rules import LIMITS
from dispatch.eligibility.duty_hours import week_of

# `duty_hours.counted_s`, summed where the orders are.
_WEEK = text("""
    SELECT driver_no, sum(least(seconds, ceil(seconds / 86400.0) * :longest_day_s))::bigint
    FROM (
        SELECT driver_no,
               floor(extract(epoch FROM upper(period * :week) - lower(period * :week))) AS seconds
        FROM orders
        WHERE state <> 'cancelled' AND period && :week AND driver_no IS NOT NULL
          AND (CAST(:nos AS bigint[]) IS NULL OR driver_no = ANY(:nos))
          AND id IS DISTINCT FROM CAST(:apart_from AS uuid)
    ) ordered
    GROUP BY driver_no
""").bindparams(bindparam("week", type_=TSTZRANGE), bindparam("nos", type_=ARRAY(BigInteger)))

_DAY = text("""
    SELECT driver_no, sum(extract(epoch FROM upper(period * :day) - lower(period * :day)))::bigint
    FROM orders
    WHERE state <> 'cancelled' AND period && :day AND driver_no = ANY(:nos)
      AND id IS DISTINCT FROM CAST(:apart_from AS uuid)
    GROUP BY driver_no
""").bindparams(bindparam("day", type_=TSTZRANGE), bindparam("nos", type_=ARRAY(BigInteger)))


async def day_s_of_drivers(
    session: AsyncSession,
    day: Range[datetime],
    driver_nos: Iterable[int],
    apart_from: UUID | None = None,
) -> dict[int, int]:
    """Return by driver how long their orders last on a day, in seconds.

    apart_from: the order that is being changed
    """
    asked = {"day": day, "nos": sorted(driver_nos), "apart_from": apart_from}
    return {row[0]: row[1] for row in (await session.execute(_DAY, asked)).all()}


async def week_s_of_drivers(
    session: AsyncSession,
    start: datetime,
    driver_nos: Iterable[int] | None = None,
    apart_from: UUID | None = None,
) -> dict[int, int]:
    """Return by driver what of their orders counts in the week in which `start` lies, in seconds.

    driver_nos: None for all
    apart_from: the order that is being changed
    """
    asked = {
        "week": Range(*week_of(start), bounds="[)"),
        "longest_day_s": LIMITS.planned_day_s,
        "nos": None if driver_nos is None else sorted(driver_nos),
        "apart_from": apart_from,
    }
    return {row[0]: row[1] for row in (await session.execute(_WEEK, asked)).all()}
