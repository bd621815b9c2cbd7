"""What a worker tells Prometheus: what its work has done, and what waits for it."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal.heads import HeadsUnreadable
from fleet.journal.sealer import Sealer
from fleet.journal.waiting import unsealed_since
from kit.metrics import Figure, counter, gauge, histogram
from tracking.behind import days_waiting, writers_behind
from tracking.settling.settler import SettlingState
from tracking.worker import WorkerState

log = logging.getLogger(__name__)

WORKS = (
    *("tracking", "audit", "settling", "counting", "retention", "sealing", "watching"),
    *("dispatching", "planning"),
)
"""What a worker does beside one another; each is tried again when it fails."""


@dataclass(slots=True)
class WorkerWatch:
    """The figures of one worker that no room keeps.

    failures: how often each work failed and was put off
    behind: batches of each writer that wait for trips, whoever owns the partitions
    behind_s, unsealed_s: seconds for which the oldest batch and the oldest journal entry wait
    heads_missing: whether heads could not be written outside, or another chain's stand there
    """

    settling: SettlingState = field(default_factory=SettlingState)
    failures: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(WORKS, 0)))
    behind: dict[str, float] = field(default_factory=dict)
    behind_s: float | None = None
    unsealed_s: float | None = None
    days_waiting: int | None = None
    heads_missing: bool = False
    retention_runs: int = 0

    def put_off(self, work: str, error: Exception) -> None:
        """Note that a work has failed and will be tried again."""
        self.failures[work] += 1
        log.warning("a work will try again", extra={"work": work, "error": str(error)})

    async def look(self, session: AsyncSession, partitions: int, now: datetime) -> None:
        """Look up what waits; while that fails it is unknown."""
        try:
            await self._look(session, partitions, now)
        except BaseException:
            self.behind_s = self.unsealed_s = self.days_waiting = None
            raise

    async def _look(self, session: AsyncSession, partitions: int, now: datetime) -> None:
        writers = await writers_behind(session, partitions)
        told = {str(one.writer_no): float(one.batches) for one in writers}
        # A writer that was behind and is no more is told of once again: a series must not end high.
        self.behind = {**dict.fromkeys((w for w, n in self.behind.items() if n), 0.0), **told}
        oldest = min((one.since for one in writers), default=now)
        self.behind_s = max((now - oldest).total_seconds(), 0.0)
        self.days_waiting = await days_waiting(session, now)
        unsealed = await unsealed_since(session)
        self.unsealed_s = max((now - (unsealed or now)).total_seconds(), 0.0)


def watched_sealing(sealer: Sealer, watch: WorkerWatch) -> Callable[[], Awaitable[None]]:
    """Return what seals all that waits, and notes whether the heads stand outside.

    The heads are held against the chain once, before the first seal. What is returned raises what
    the sealer does.
    """
    stands: bool | None = None

    async def seal() -> None:
        nonlocal stands
        try:
            if stands is None:
                stands = await sealer.check()
            while await sealer.step():
                pass
        except (OSError, HeadsUnreadable):
            watch.heads_missing = True
            raise
        watch.heads_missing = not stands

    return seal


def worker_figures(state: WorkerState, watch: WorkerWatch) -> tuple[Figure, ...]:
    """Return what a worker keeps, named: trips first, then what follows once a day is over."""
    followed = state.followed
    return (
        gauge(
            "gongche_worker_partitions_held",
            "Vehicle partitions that this worker owns",
            lambda: state.partitions_held,
        ),
        counter(
            "gongche_worker_leases_lost_total",
            "Steps thrown away because another worker had taken over",
            lambda: state.leases_lost,
        ),
        gauge(
            "gongche_worker_batches_behind",
            "Batches that wait for trips, by writer",
            lambda: watch.behind,
            "writer",
        ),
        gauge(
            "gongche_worker_behind_seconds",
            "How long the oldest batch has waited for trips",
            lambda: watch.behind_s,
        ),
        counter(
            "gongche_worker_batches_total", "Batches taken in by this worker", lambda: state.batches
        ),
        histogram(
            "gongche_worker_step_seconds",
            "A step of the worker that took batches in",
            lambda: state.step_s,
        ),
        counter(
            "gongche_vehicles_followed_total",
            "Vehicles that steps have followed, each once a step",
            lambda: followed.vehicles,
        ),
        counter(
            "gongche_trips_started_total",
            "Movements that began, those read anew included",
            lambda: followed.started,
        ),
        counter(
            "gongche_trips_ended_total", "Versions of ended trips written", lambda: followed.written
        ),
        counter(
            "gongche_trips_superseded_total",
            "Versions of trips superseded",
            lambda: followed.superseded,
        ),
        gauge(
            "gongche_settling_days_waiting",
            "Days of positions that are due to be settled",
            lambda: watch.days_waiting,
        ),
        counter(
            "gongche_settling_days_total",
            "Days settled, or settled anew",
            lambda: watch.settling.days,
        ),
        histogram(
            "gongche_settling_day_seconds", "Settling of a day", lambda: watch.settling.day_s
        ),
        counter(
            "gongche_retention_runs_total", "Daily runs of retention", lambda: watch.retention_runs
        ),
        gauge(
            "gongche_journal_unsealed_seconds",
            "How long the oldest journal entry has waited for its seal",
            lambda: watch.unsealed_s,
        ),
        gauge(
            "gongche_journal_heads_missing",
            "1 while the journal's heads can not be kept outside, or another journal's are there",
            lambda: watch.heads_missing,
        ),
        counter(
            "gongche_worker_failures_total",
            "Times that a work failed and was put off, by work",
            lambda: watch.failures,
            "work",
        ),
    )
