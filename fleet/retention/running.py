"""A run of retention: each room erases its own kinds; a hold goes before every rule."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal.recording import record
from fleet.retention.kinds import DataKind, horizon
from fleet.retention.store import keep_days
from fleet.retention.tables import RetentionRun
from kit.clock import shanghai_day
from kit.database import Sessions, transaction


@dataclass(frozen=True, slots=True)
class Erasure:
    """What a run is about to erase: a kind of data from before an instant."""

    kind: DataKind
    before: datetime
    now: datetime
    dry_run: bool


Counts = Mapping[str, int]
Eraser = Callable[[Sessions, Erasure], Awaitable[Counts]]
"""Erases, or counts on a dry run; returns rows by table. It journals what it erases."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What a kind has lost, or would lose, by table."""

    kind: DataKind
    before: datetime
    counts: Counts


async def run_retention(
    sessions: Sessions,
    erasers: Sequence[tuple[DataKind, Eraser]],
    now: datetime,
    *,
    dry_run: bool = False,
) -> list[Erased]:
    """Erase what has had its time and what no hold covers; return what was erased, by kind."""
    async with transaction(sessions) as session:
        days = await keep_days(session, now)
    erased = []
    for kind, eraser in erasers:
        erasure = Erasure(kind, horizon(days[kind], now), now, dry_run)
        erased.append(Erased(kind, erasure.before, await eraser(sessions, erasure)))
    return erased


async def run_daily(
    sessions: Sessions, erasers: Sequence[tuple[DataKind, Eraser]], now: datetime
) -> bool:
    """Run once a Shanghai day, whoever of the workers comes first; return whether we did."""
    day = shanghai_day(now)
    async with transaction(sessions) as session:
        claim = insert(RetentionRun).values(day=day, began_at=now, results={})
        claimed = await session.execute(claim.on_conflict_do_nothing().returning(RetentionRun.day))
        if claimed.one_or_none() is None:
            return False
    erased = await run_retention(sessions, erasers, now)
    results: dict[str, object] = {}
    for one in erased:
        told = results.setdefault(one.kind.value, {})
        assert isinstance(told, dict)
        told.update(one.counts)
    async with transaction(sessions) as session:
        await session.execute(
            update(RetentionRun)
            .where(RetentionRun.day == day)
            .values(ended_at=text("now()"), results=results)
        )
    return True


def record_erasure(
    session: AsyncSession, erasure: Erasure, counts: Counts, **facts: object
) -> None:
    """Journal what was erased, in the transaction that erases it; nothing erased leaves nothing."""
    if not any(counts.values()):
        return
    record(
        session,
        actor=None,
        action="retention.erase",
        object_kind="retention_rule",
        object_id=None,
        now=erasure.now,
        after={
            "kind": erasure.kind,
            "before": erasure.before.isoformat(),
            "counts": dict(counts),
            **facts,
        },
    )
