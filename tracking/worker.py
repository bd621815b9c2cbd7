"""The worker that follows vehicles: woken by the bus, told by the database what to do.

Results, the progress through each writer's batches and the check of the leases are one commit.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, perf_counter

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.ending import pause
from kit.log import log_ids
from kit.metrics import LONG_S, Distribution
from tracking import leases, store
from tracking.tables import PartitionProgress, PositionBatch
from tracking.trips.following import Followed, Follower

log = logging.getLogger(__name__)

_BATCHES_AT_ONCE = 500


@dataclass(slots=True)
class WorkerState:
    """What an operator wants to know of a worker.

    batches: how many were taken in
    step_s: seconds of the steps that found batches
    leases_lost: how often a step was thrown away because another owner had taken over
    """

    partitions_held: int = 0
    leases_lost: int = 0
    batches: int = 0
    step_s: Distribution = field(default_factory=lambda: Distribution(LONG_S))
    followed: Followed = field(default_factory=Followed)


@dataclass(frozen=True, slots=True)
class _Step:
    batches: list[PositionBatch]
    followed: Followed


class TrackingWorker:
    """Owns some vehicle partitions and keeps their trips and stops true."""

    def __init__(
        self, sessions: Sessions, owner: str, *, partitions: int, lease: timedelta
    ) -> None:
        self._sessions, self._owner = sessions, owner
        self._partitions, self._lease = partitions, lease
        self._held: dict[int, int] = {}
        self._follower = Follower()
        self.state = WorkerState()
        # By a clock that nobody sets, and that goes on while the process is paused.
        self._renew_at: float | None = None

    async def step(self) -> bool:
        """Take in the batches that wait; return whether there were as many as fit."""
        await self._hold_leases()
        if not self._held:
            return False
        began_s = perf_counter()
        try:
            async with transaction(self._sessions) as session:
                await leases.end_when_paused(session, self._lease)
                async with self._renewing():
                    step = await self._follow(session)
                await leases.VEHICLES.require(session, self._owner, self._held)
        except leases.LeaseLost:
            log.warning("lease lost, starting over", extra={"owner": self._owner})
            self.state.leases_lost += 1
            self._forget()
            return True
        except BaseException:
            self._follower.forget()
            raise
        self._count(step, perf_counter() - began_s)
        return len(step.batches) == _BATCHES_AT_ONCE

    async def stop(self) -> None:
        """Give the leases back."""
        async with transaction(self._sessions) as session:
            await leases.VEHICLES.release(session, self._owner, list(self._held))
        self._forget()

    def _count(self, step: _Step, seconds: float) -> None:
        self.state.followed.add(step.followed)
        if not step.batches:
            return
        self.state.batches += len(step.batches)
        self.state.step_s.observe(seconds)

    def _forget(self) -> None:
        self._held = {}
        self.state.partitions_held = 0
        self._renew_at = None
        self._follower.forget()

    async def _hold_leases(self) -> None:
        now_s = monotonic()
        if self._renew_at is not None and now_s < self._renew_at:
            return
        async with transaction(self._sessions) as session:
            await leases.VEHICLES.prepare(session, self._partitions)
            held = await leases.VEHICLES.hold(session, self._owner, self._partitions, self._lease)
        if held != self._held:
            log.info("partitions held", extra={"owner": self._owner, "partitions": sorted(held)})
            self._follower.forget()
        self._held = held
        self.state.partitions_held = len(held)
        self._renew_at = now_s + self._lease.total_seconds() / 3

    @asynccontextmanager
    async def _renewing(self) -> AsyncIterator[None]:
        """Renew the leases while a step works: one that takes longer could never commit.

        A process that is paused renews nothing, and what has run out comes back by `hold` only.
        """
        task = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _renew(self) -> None:
        while True:
            await pause(self._lease.total_seconds() / 3)
            try:
                async with transaction(self._sessions) as session:
                    await leases.VEHICLES.renew(session, self._owner, self._lease)
            except (SQLAlchemyError, OSError) as error:
                log.warning("leases were not renewed", extra={"error": str(error)})

    async def _follow(self, session: AsyncSession) -> _Step:
        progress = await self._progress(session)
        batches = await store.batches_after(session, progress, _BATCHES_AT_ONCE)
        with log_ids(**_named(batches)):
            spans = await self._spans(session, batches)
            followed = await self._follower.follow(session, spans, utc_now())
            if batches:
                log.debug("batches are followed", extra=_vehicles(spans))
        if not batches:
            return _Step(batches, followed)
        # Writers of the past stay as they are: their number grows with every start of a gateway.
        reached: dict[int, int] = {}
        for batch in batches:
            reached[batch.writer_no] = max(batch.n, reached.get(batch.writer_no, 0))
        await self._save_progress(session, reached)
        return _Step(batches, followed)

    async def _progress(self, session: AsyncSession) -> dict[int, int]:
        """Return, for each writer, the batch up to which every held partition has come."""
        rows = await session.execute(
            select(PartitionProgress.writer_no, func.count(), func.min(PartitionProgress.n))
            .where(PartitionProgress.partition.in_(self._held))
            .group_by(PartitionProgress.writer_no)
        )
        # A partition without a row has seen nothing of that writer.
        return {writer_no: n if seen_by == len(self._held) else 0 for writer_no, seen_by, n in rows}

    async def _save_progress(self, session: AsyncSession, reached: Mapping[int, int]) -> None:
        values = [
            {"partition": partition, "writer_no": writer_no, "n": n}
            for partition in self._held
            for writer_no, n in reached.items()
        ]
        statement = insert(PartitionProgress).values(values)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["partition", "writer_no"],
                set_={"n": statement.excluded.n},
                where=PartitionProgress.n < statement.excluded.n,
            )
        )

    async def _spans(self, session: AsyncSession, batches: list[PositionBatch]) -> list[store.Span]:
        """Return the touched vehicles of the held partitions, each with its whole period."""
        touched = _touched(batches)
        spans: dict[int, store.Span] = {
            change.vehicle_no: change
            for change in await store.take_binding_changes(session, self._owned)
        }
        # A unit or a base of the past judges days anew on which no trip becomes another.
        for change in spans.values():
            await store.mark_changed_since(session, change.vehicle_no, change.since, utc_now())
        for terminal_no, vehicle_no, period in await store.bindings_of(session, touched):
            span = store.Span(vehicle_no, *touched[terminal_no])
            if self._owned(vehicle_no) and _overlaps(period, span):
                spans[vehicle_no] = span.joined(spans.get(vehicle_no))
        return [span for _, span in sorted(spans.items())]

    def _owned(self, vehicle_no: int) -> bool:
        return vehicle_no % self._partitions in self._held


def _named(batches: list[PositionBatch]) -> dict[str, object]:
    """Return how logs name these batches: by each writer's first and last."""
    firsts: dict[int, int] = {}
    lasts: dict[int, int] = {}
    for batch in batches:
        firsts.setdefault(batch.writer_no, batch.n)
        lasts[batch.writer_no] = batch.n
    return {"batches": [_range(w, first, lasts[w]) for w, first in firsts.items()]}


def _range(writer_no: int, first: int, last: int) -> str:
    return f"{writer_no}/{first}" if first == last else f"{writer_no}/{first}-{last}"


def _vehicles(spans: list[store.Span]) -> dict[str, object]:
    return {"vehicle_nos": [span.vehicle_no for span in spans]}


def _touched(batches: list[PositionBatch]) -> dict[int, tuple[datetime, datetime]]:
    """Return, for each terminal, the period in which the batches touched it."""
    touched: dict[int, tuple[float, float]] = {}
    for batch in batches:
        for no, first, last in zip(
            batch.terminal_nos, batch.first_times, batch.last_times, strict=True
        ):
            since, until = touched.get(no, (first, last))
            touched[no] = (min(since, first), max(until, last))
    return {
        no: (datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC))
        for no, (first, last) in touched.items()
    }


def _overlaps(period: Range[datetime], span: store.Span) -> bool:
    begins = period.lower is None or span.until >= period.lower
    return begins and (period.upper is None or span.since < period.upper)
