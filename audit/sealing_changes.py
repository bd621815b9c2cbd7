"""A sealing that is ordered, replaced or ended has its past days judged anew.

Whoever changes one leaves a row with the period in which other vehicles stand sealed than before:
the whole of a sealing that is ordered, backdated ones included, and what is left of one that ends.
Audit turns it into changed days of the vehicles of that subtree that have figures or findings.
"""

from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.sealings.store import organisations_of, reach_of
from fleet.tables import Sealing, SealingChange
from kit.clock import shanghai_day
from kit.database import Sessions, transaction

_MARK = text("""
    WITH judged AS (
        SELECT vehicle_no, day FROM explained_day
        WHERE day BETWEEN :first AND :last AND organisation_no = ANY(CAST(:nos AS bigint[]))
        UNION
        SELECT vehicle_no, day FROM finding
        WHERE day BETWEEN :first AND :last AND superseded_at IS NULL
          AND organisation_no = ANY(CAST(:nos AS bigint[]))
    )
    INSERT INTO changed_day (vehicle_no, day, cause)
    SELECT vehicle_no, day, 'sealing' FROM judged ORDER BY vehicle_no, day
""")


async def take_sealing_change(sessions: Sessions, now: datetime) -> bool:
    """Mark what one changed sealing concerns; return whether there was one."""
    async with transaction(sessions) as session:
        row = (
            await session.execute(
                select(SealingChange, Sealing)
                .join(Sealing, Sealing.no == SealingChange.sealing_no)
                .order_by(SealingChange.no)
                .limit(1)
                .with_for_update(of=SealingChange, skip_locked=True)
            )
        ).one_or_none()
        if row is None:
            return False
        await _mark(session, row[0], row[1], now)
        await session.execute(delete(SealingChange).where(SealingChange.no == row[0].no))
        return True


async def _mark(
    session: AsyncSession, change: SealingChange, sealing: Sealing, now: datetime
) -> None:
    start, end = change.period.lower, change.period.upper
    assert start is not None
    assert end is not None
    if start > now:
        return
    reach = await reach_of(session, sealing)
    # A day is judged by the tree of its time: who came or went since is concerned too.
    concerned = {
        no for at in (start, min(end, now)) for no in await organisations_of(session, reach, at)
    }
    days = {"first": shanghai_day(start), "last": shanghai_day(min(end, now))}
    await session.execute(_MARK, {**days, "nos": sorted(concerned)})
