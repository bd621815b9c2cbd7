"""Erasing findings, explained kilometres, and trips and stops: those last that no finding cites.

Trips follow the rule of tracks. A trip that a finding cites stays as long as the finding.
"""

from sqlalchemy import text

from fleet.retention.kinds import DataKind
from fleet.retention.running import Counts, Eraser, Erasure, record_erasure
from fleet.retention.store import lock_retention, move_horizon
from kit.database import Sessions, transaction


def _unheld(row: str, period: str) -> str:
    return (
        "NOT EXISTS (SELECT FROM hold h WHERE h.released_at IS NULL "
        f"AND h.vehicle_no = {row}.vehicle_no AND h.period && {period})"
    )


_DAY = (
    "tstzrange(d.day::timestamp AT TIME ZONE 'Asia/Shanghai', "
    "(d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')"
)
_FINDINGS = {
    "finding": f"finding f WHERE upper(f.period) < :before AND {_unheld('f', 'f.period')}",
    "explained_day": f"explained_day d WHERE upper({_DAY}) <= :before AND {_unheld('d', _DAY)}",
}
_TRIPS = {
    "trip": (
        f"trip t WHERE upper(t.period) < :before AND {_unheld('t', 't.period')} "
        "AND NOT EXISTS (SELECT FROM finding f WHERE f.trip_id = t.id)"
    ),
    "stop": f"stop s WHERE upper(s.period) < :before AND {_unheld('s', 's.period')}",
}


def _deleting(rows: dict[str, str]) -> Eraser:
    async def eraser(sessions: Sessions, erasure: Erasure) -> Counts:
        counts: dict[str, int] = {}
        told = {"before": erasure.before}
        async with transaction(sessions) as session:
            await lock_retention(session)
            if erasure.kind is DataKind.TRACKS and not erasure.dry_run:
                # With the trips in one commit: nobody may settle their days anew from nothing.
                await move_horizon(session, DataKind.TRACKS, erasure.before)
            for table, condition in rows.items():
                count = text(f"SELECT count(*) FROM {condition}")  # noqa: S608 - our own names
                counts[table] = await session.scalar(count, told) or 0
                if not erasure.dry_run and counts[table]:
                    await session.execute(text(f"DELETE FROM {condition}"), told)  # noqa: S608
            if not erasure.dry_run:
                record_erasure(session, erasure, counts)
        return counts

    return eraser


# Findings first: what they cite may go with them.
ERASERS: tuple[tuple[DataKind, Eraser], ...] = (
    (DataKind.FINDINGS, _deleting(_FINDINGS)),
    (DataKind.TRACKS, _deleting(_TRIPS)),
)
