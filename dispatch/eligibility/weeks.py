"""SQL of the hours that drivers are ordered for, on the day and in the week of a ride."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.columns import Ints
from dispatch.eligibility.driver_rules import LIMITS
from dispatch.eligibility.duty_hours import week_of
from dispatch.eligibility.sent import whole
from kit.clock import day_period, shanghai_day

# `duty_hours.counted_s`, summed where the orders are. Whole seconds are counted by floats and
# integers, not by decimals, which take twice as long: of a week these are thousands of orders.
_COUNTED = text("""
    SELECT string_agg(int8send(driver_no), ''), string_agg(int8send(of_day), ''),
           string_agg(int8send(of_week), '')
    FROM (
        SELECT driver_no, sum(day_s)::bigint AS of_day,
               sum(least(week_s, (week_s + 86399) / 86400 * :longest_day_s))::bigint AS of_week
        FROM (
            SELECT driver_no,
                   greatest(0, floor(date_part('epoch', least(upper(period), upper(:day))
                                               - greatest(lower(period), lower(:day)))))::bigint
                       AS day_s,
                   floor(date_part('epoch', least(upper(period), upper(:week))
                                   - greatest(lower(period), lower(:week))))::bigint AS week_s
            FROM orders
            WHERE state <> 'cancelled' AND period && :week AND driver_no IS NOT NULL
              AND (CAST(:nos AS bigint[]) IS NULL OR driver_no = ANY(:nos))
              AND id IS DISTINCT FROM CAST(:apart_from AS uuid)
        ) ordered
        GROUP BY driver_no
    ) summed
""").bindparams(
    bindparam("day", type_=TSTZRANGE),
    bindparam("week", type_=TSTZRANGE),
    bindparam("nos", type_=ARRAY(BigInteger)),
    bindparam("longest_day_s", type_=BigInteger),
)


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """For how long drivers are ordered, in seconds; those who aren't in that week are left out.

    day_s: on the day; week_s: what counts in its week. Shape of all: (n,), in no order
    """

    driver_nos: Ints
    day_s: Ints
    week_s: Ints

    @property
    def days(self) -> dict[int, int]:
        """The seconds of the day by driver."""
        return dict(zip(self.driver_nos.tolist(), self.day_s.tolist(), strict=True))

    @property
    def weeks(self) -> dict[int, int]:
        """The seconds that count in the week by driver."""
        return dict(zip(self.driver_nos.tolist(), self.week_s.tolist(), strict=True))


async def hours_of_drivers(
    session: AsyncSession,
    start: datetime,
    driver_nos: Iterable[int] | None = None,
    apart_from: UUID | None = None,
) -> Hours:
    """Return for how long drivers are ordered on the Shanghai day of `start`, and in its week.

    driver_nos: None for all
    apart_from: the order that is being changed
    """
    asked = {
        "day": Range(*day_period(shanghai_day(start)), bounds="[)"),
        "week": Range(*week_of(start), bounds="[)"),
        "longest_day_s": LIMITS.planned_day_s,
        "nos": None if driver_nos is None else sorted(driver_nos),
        "apart_from": apart_from,
    }
    sent = (await session.execute(_COUNTED, asked)).one()
    return Hours(*map(whole, sent))
