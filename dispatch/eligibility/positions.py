"""Where vehicles were last seen: by the fleet in memory where it is up to date, else by SQL.

Each process that answers keeps the newest position of every vehicle in memory anyway
(`tracking.live`). It is asked where it has caught up with the database lately; else the newest
stored position of each vehicle is looked up, one terminal at a time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from operator import attrgetter

import numpy as np
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import DateTime

from dispatch.eligibility.choices import Fix
from dispatch.eligibility.columns import Choices, Fixes, fixes_of
from tracking.live.fleet import LiveFleet
from tracking.store import ACCEPTED

MOST_BEHIND = timedelta(seconds=10)
"""How long ago the fleet in memory may have caught up: little beside what counts as fresh."""

_SEEN = attrgetter("lat", "lon", "time_s")
_NOWHERE = (np.nan, np.nan, np.nan)
_INSTANT = DateTime(timezone=True)
_NEWEST = text("""
    SELECT t.vehicle_no, fix.latitude, fix.longitude, fix.time
    FROM vehicle_terminal t
    CROSS JOIN LATERAL (
        SELECT p.latitude, p.longitude, p.time
        FROM positions_once p
        WHERE p.terminal_no = t.terminal_no AND p.time > :since AND p.time <= :until
          AND p.reasons & :accepted = 0 AND p.latitude IS NOT NULL
        ORDER BY p.time DESC
        LIMIT 1
    ) fix
    WHERE t.vehicle_no = ANY(CAST(:nos AS bigint[])) AND t.is_primary AND t.period @> :now
""").bindparams(
    bindparam("now", type_=_INSTANT),
    bindparam("since", type_=_INSTANT),
    bindparam("until", type_=_INSTANT),
)


class PositionSource(StrEnum):
    """Where positions were read."""

    LIVE = "live"
    DATABASE = "database"


async def locate(
    session: AsyncSession,
    choices: Choices,
    live: LiveFleet | None,
    seen: Range[datetime],
    now: datetime,
) -> tuple[Choices, PositionSource]:
    """Return the vehicles where they were last seen, and where that was read.

    live: the fleet in memory, None where there is none; seen: (lower, upper], in which a position
    must lie to count
    """
    caught_up_at = None if live is None else live.caught_up_at
    if live is not None and caught_up_at is not None and now - caught_up_at <= MOST_BEHIND:
        return choices.seen(_live(live, choices.nos.tolist(), seen)), PositionSource.LIVE
    return choices.seen(await _stored(session, choices, seen, now)), PositionSource.DATABASE


def _live(live: LiveFleet, nos: Sequence[int], seen: Range[datetime]) -> Fixes:
    assert seen.lower is not None
    assert seen.upper is not None
    rows = [_NOWHERE if one is None else _SEEN(one) for one in map(live.index.get, nos)]
    # One after another: of thousands of tuples an array takes twice as long to be made.
    figures = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=3 * len(rows))
    lat, lon, time_s = figures.reshape(-1, 3).T
    counts = (seen.lower.timestamp() < time_s) & (time_s <= seen.upper.timestamp())
    fixes = Fixes.nowhere(len(nos))
    fixes.time_us[counts] = time_s[counts].astype(np.int64) * 1_000_000
    return Fixes(np.where(counts, lat, np.nan), np.where(counts, lon, np.nan), fixes.time_us)


async def _stored(
    session: AsyncSession, choices: Choices, seen: Range[datetime], now: datetime
) -> Fixes:
    rows = await session.execute(
        _NEWEST,
        {
            # As text, because the driver looks at each number's type in an array.
            "nos": "{" + ",".join(map(str, choices.nos.tolist())) + "}",
            "now": now,
            "since": seen.lower,
            "until": seen.upper,
            "accepted": ACCEPTED,
        },
    )
    fixes = {no: Fix((latitude, longitude), time) for no, latitude, longitude, time in rows.all()}
    return fixes_of([fixes.get(no) for no in choices.nos.tolist()])
