"""How far whoever derives is behind what is stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tracking.settling import store
from tracking.settling.days import DEFAULT_RULES, SettlingRules, days_to_settle

# A partition without a row has seen nothing of that writer, as in `tracking/worker.py`.
_BEHIND = text("""
    WITH reached AS (
        SELECT writer_no, CASE WHEN count(*) = :partitions THEN min(n) ELSE 0 END AS n
        FROM partition_progress WHERE partition < :partitions GROUP BY writer_no
    )
    SELECT w.no, w.last_n - coalesce(r.n, 0), b.committed_at
    FROM position_writer w
    LEFT JOIN reached r ON r.writer_no = w.no
    CROSS JOIN LATERAL (
        SELECT p.committed_at FROM position_batch p
        WHERE p.writer_no = w.no AND p.n > coalesce(r.n, 0) ORDER BY p.n LIMIT 1
    ) b
    WHERE w.last_n > coalesce(r.n, 0)
    ORDER BY w.no
""")


@dataclass(frozen=True, slots=True)
class WriterBehind:
    """Batches of a writer that some partition has not taken in; since: the oldest one's commit."""

    writer_no: int
    batches: int
    since: datetime


async def writers_behind(session: AsyncSession, partitions: int) -> list[WriterBehind]:
    """Return the writers whose batches wait for trips, whoever may own the partitions."""
    rows = await session.execute(_BEHIND, {"partitions": partitions})
    return [WriterBehind(*row) for row in rows]


async def days_waiting(
    session: AsyncSession, now: datetime, rules: SettlingRules = DEFAULT_RULES
) -> int:
    """Return how many days are due to be settled, or to be settled anew."""
    settled = await store.settled_days(session)
    return len(days_to_settle(await store.standing_days(session), settled, now, rules))
