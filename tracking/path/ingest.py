"""Acknowledged means committed: positions gather while the last commit is in flight.

Whoever submits gets a future that resolves when the database has the positions on disk, and only
then acknowledges. One batch is in flight; the next is whatever arrived meanwhile, so an idle
system answers at once and a loaded one commits in bulk (group commit), fifty times a second at
most.

A batch that the database refuses for its data (SQLSTATE class 22 or 23) is halved until the row
to blame stands alone; that one goes to quarantine and is acknowledged, the rest is stored. A
commit whose outcome is unknown is looked up by its batch number before it is repeated.
"""

import asyncio
import logging
import struct
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

import psycopg

from kit.metrics import SHORT_S, SIZES, Distribution
from tracking.path import store
from tracking.path.batches import Quarantined, days_of
from tracking.path.columns import (
    NO_POSITIONS,
    PositionColumns,
    columns_of,
    joined,
    time_of,
)
from tracking.path.positions import JudgedPosition

log = logging.getLogger(__name__)

# SQLSTATE classes 22 and 23, and values that do not fit the wire.
_REFUSED = (psycopg.DataError, psycopg.IntegrityError, ValueError, OverflowError, struct.error)

_COMMIT_EVERY_S = 0.02
"""A commit costs as much as reading some hundred positions: fifty in a second are enough. Whoever
comes after a silence is committed at once."""
_FRAME_WEIGHT = 20
_READ_AHEAD = 1_000
"""Positions read together while a commit is in flight: arrays pay, and nobody waits long."""

Published = Callable[[int, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Submission:
    """What one message brought, acknowledged as one."""

    rows: PositionColumns
    quarantined: Sequence[Quarantined]
    done: "asyncio.Future[None]"

    @property
    def weight(self) -> int:
        """What it takes of a batch, in positions: a refused frame is stored one by one."""
        return len(self.rows) + _FRAME_WEIGHT * len(self.quarantined)


class Gathering(Protocol):
    """What doors have received and not yet decoded: it is decoded when its batch is made."""

    def __len__(self) -> int:
        """How many positions wait, about."""
        ...

    def submit_some(self, most: int) -> None:
        """Decode up to about `most` positions and submit them."""
        ...

    def clear(self) -> None:
        """Forget all of it."""
        ...


@dataclass(slots=True)
class IngestState:
    """What an operator wants to know of the path; counts are of positions unless they say else.

    waiting: submitted and not committed
    refused: put aside because the database refused them
    failures: commits that will be repeated
    reading_s: seconds for which a batch was decoded and judged
    commit_s: seconds from the beginning of a commit to its success
    batch_positions: how many positions a commit held
    last_commit_at: by the loop's clock
    """

    positions: int = 0
    batches: int = 0
    quarantined: int = 0
    refused: int = 0
    failures: int = 0
    waiting: int = 0
    stalled: bool = False
    reading_s: Distribution = field(default_factory=lambda: Distribution(SHORT_S))
    commit_s: Distribution = field(default_factory=lambda: Distribution(SHORT_S))
    batch_positions: Distribution = field(default_factory=lambda: Distribution(SIZES))
    last_commit_at: float | None = None
    days: set[date] = field(default_factory=set)


class Ingest:
    """Commits submissions in batches, one at a time, until closed."""

    def __init__(
        self,
        url: str,
        name: str,
        *,
        batch_positions: int,
        patience_s: float,
        publish: Published,
        on_stalled: Callable[[], None] = lambda: None,
        on_recovered: Callable[[], None] = lambda: None,
    ) -> None:
        self._url, self._name = url, name
        self._batch_positions, self._patience_s = batch_positions, patience_s
        self._publish, self._on_stalled, self._on_recovered = publish, on_stalled, on_recovered
        self._waiting: list[Submission] = []
        self._wake = asyncio.Event()
        self._closing = self._committing = False
        self._connection: store.Connection | None = None
        self._writer_no = 0
        self._n = 0
        self._unsure = False
        self._hinting: asyncio.Task[None] | None = None
        self._gathering: Gathering | None = None
        self.state = IngestState()

    def take_from(self, gathering: Gathering) -> None:
        """Let `gathering` submit what it holds whenever a batch is made."""
        self._gathering = gathering

    def wake(self) -> None:
        """Note that something was gathered; while the last commit is in flight, read ahead."""
        self._wake.set()
        gathering = self._gathering
        if (
            self._committing
            and gathering is not None
            and len(gathering) >= _READ_AHEAD
            and self.state.waiting < self._batch_positions
        ):
            # What reading gives back to be gathered again is not read at once.
            self._committing = False
            gathering.submit_some(_READ_AHEAD)
            self._committing = True

    def submit(
        self,
        rows: Sequence[JudgedPosition] | PositionColumns,
        quarantined: Sequence[Quarantined] = (),
    ) -> "asyncio.Future[None]":
        """Take positions and frames; the future resolves when they are committed."""
        if not isinstance(rows, PositionColumns):
            rows, unfit = columns_of(rows)
            quarantined = [*quarantined, *(_refused(one, "no column holds it") for one in unfit)]
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(Submission(rows, quarantined, done))
        self.state.waiting += len(rows)
        self._wake.set()
        return done

    async def run(self) -> None:
        """Commit until `close` was called and nothing is waiting."""
        trouble_since: float | None = None
        clock = asyncio.get_running_loop().time
        while not self._finished:
            await self._wake.wait()
            self._wake.clear()
            # While stalled nothing waits: an empty batch finds out when commits succeed again.
            while self._holds_work or (self.state.stalled and not self._closing):
                if self._closing and self.state.stalled:
                    self.give_up()
                    break
                batch, began_s = self._next_batch(), clock()
                try:
                    self._committing = True
                    await self._commit(batch)
                # A read-only stand-in, a full disk, a missing right: whatever a server in
                # trouble says, the batch is kept and tried again.
                except (psycopg.Error, OSError) as error:
                    self._put_back(batch)
                    self.state.failures += 1
                    if trouble_since is None:
                        trouble_since = max(began_s, self.state.last_commit_at or began_s)
                    await self._trouble(error, clock() - trouble_since)
                    continue
                finally:
                    self._committing = False
                trouble_since = None
                if self.state.stalled:
                    self.state.stalled = False
                    self._on_recovered()
                await self._gather_until(began_s + _COMMIT_EVERY_S)
        if self._hinting is not None:
            self._hinting.cancel()
        await self._disconnect()

    async def _gather_until(self, at_s: float) -> None:
        """Let more come in, unless a batch is full already or nothing more will come."""
        rest_s = at_s - asyncio.get_running_loop().time()
        if rest_s > 0 and self.waiting < self._batch_positions and not self._closing:
            await asyncio.sleep(rest_s)

    def close(self) -> None:
        """Let `run` end once everything that was submitted is committed."""
        self._closing = True
        self._wake.set()

    def give_up(self) -> None:
        """Forget what is waiting: its links are closed, and their terminals will send it again."""
        if self._gathering is not None:
            self._gathering.clear()
        for submission in self._waiting:
            submission.done.cancel()
        self._waiting.clear()
        self.state.waiting = 0

    @property
    def waiting(self) -> int:
        """How many positions wait for their commit, those that are not yet decoded about."""
        return self.state.waiting + (len(self._gathering) if self._gathering is not None else 0)

    @property
    def _finished(self) -> bool:
        return self._closing and not self._holds_work

    @property
    def _holds_work(self) -> bool:
        return bool(self._waiting or self._gathering)

    def _next_batch(self) -> list[Submission]:
        if self._gathering and self.state.waiting < self._batch_positions:
            began_s = time.perf_counter()
            self._gathering.submit_some(self._batch_positions - self.state.waiting)
            self.state.reading_s.observe(time.perf_counter() - began_s)
        taken, size = 0, 0
        for submission in self._waiting:
            if taken and size + submission.weight > self._batch_positions:
                break
            size += submission.weight
            taken += 1
        batch, self._waiting = self._waiting[:taken], self._waiting[taken:]
        self.state.waiting -= sum(len(submission.rows) for submission in batch)
        return batch

    def _put_back(self, batch: list[Submission]) -> None:
        kept = [s for s in batch if not s.done.done()]
        self._waiting[:0] = kept
        self.state.waiting += sum(len(s.rows) for s in kept)

    async def _trouble(self, error: Exception, for_s: float) -> None:
        log.warning(
            "commit failed, will be repeated",
            extra={**self._batch(self._n + 1), "error": str(error), "for_s": for_s},
        )
        await self._disconnect()
        if for_s >= self._patience_s and not self.state.stalled:
            self.state.stalled = True
            self._on_stalled()
        self._wake.set()
        await asyncio.sleep(min(1.0, 0.05 + for_s / 10))

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close()
            except psycopg.Error:
                log.debug("connection was already gone")

    async def _connected(self) -> store.Connection:
        if self._connection is None:
            self._connection = await store.connect(self._url)
            self.state.days.clear()
            self._unsure = True
            if not self._writer_no:
                self._writer_no = await store.enrol_writer(self._connection, self._name)
        return self._connection

    async def _commit(self, batch: list[Submission]) -> None:
        rows = joined([submission.rows for submission in batch]) if batch else NO_POSITIONS
        frames = [frame for submission in batch for frame in submission.quarantined]
        await self._store(rows, frames)
        for submission in batch:
            if not submission.done.done():
                submission.done.set_result(None)

    async def _store(
        self, rows: PositionColumns, frames: Sequence[Quarantined], *, again: bool = False
    ) -> None:
        began_s = time.perf_counter()
        try:
            # A server that hangs is as far away as one that is down.
            async with asyncio.timeout(self._patience_s):
                await self._attempt(rows, frames)
        except psycopg.errors.UniqueViolation as error:
            # An attempt that we had given up has been committed after all.
            raise psycopg.OperationalError("this batch number is taken") from error
        except _REFUSED as error:
            if self.state.days and not again:
                # A day that is remembered may have been dropped since: ask for it again.
                self.state.days.clear()
                await self._store(rows, frames, again=True)
            else:
                await self._halve(rows, frames, error)
            return
        self.state.positions += len(rows)
        self.state.quarantined += len(frames)
        self.state.batches += 1
        self.state.commit_s.observe(time.perf_counter() - began_s)
        self.state.batch_positions.observe(len(rows))
        self.state.last_commit_at = asyncio.get_running_loop().time()
        log.debug(
            "a batch is committed",
            extra={**self._batch(self._n), "positions": len(rows), "frames": len(frames)},
        )
        self._hint()

    async def _attempt(self, rows: PositionColumns, frames: Sequence[Quarantined]) -> None:
        connection = await self._connected()
        n = self._n + 1
        # The last attempt at this number may have been committed without our knowing: then its
        # positions stand, and this attempt, under the next number, is a repeat of them.
        if self._unsure and await store.batch_stands(connection, self._writer_no, n):
            self._n, n = n, n + 1
        self._unsure = False
        for day in sorted(days_of(rows) - self.state.days):
            await store.ensure_day(connection, day)
            self.state.days.add(day)
        await store.commit_batch(connection, self._writer_no, n, rows, frames)
        self._n = n

    def _batch(self, n: int) -> dict[str, object]:
        """Return how logs name a batch of ours; its writer is unknown until it is enrolled."""
        return {"writer": self._name, "batch": f"{self._writer_no}/{n}"}

    def _hint(self) -> None:
        """Wake the consumers; nobody waits for it, and the newest stands for all."""
        if self._hinting is None or self._hinting.done():
            self._hinting = asyncio.ensure_future(self._hint_newest())

    async def _hint_newest(self) -> None:
        told = 0
        while told != self._n:
            told = self._n
            await self._publish(self._writer_no, told)

    async def _halve(
        self, rows: PositionColumns, frames: Sequence[Quarantined], error: Exception
    ) -> None:
        if len(rows) and frames:
            await self._store(rows, ())
            await self._store(NO_POSITIONS, frames)
        elif len(rows) > 1:
            middle = len(rows) // 2
            await self._store(rows[:middle], ())
            await self._store(rows[middle:], ())
        elif len(rows):
            self.state.refused += 1
            terminal_no = int(rows.records[0]["terminal_no"])
            log.error(
                "the database refused a position",
                extra={
                    **self._batch(self._n + 1),
                    "terminal_no": terminal_no,
                    "sqlstate": getattr(error, "sqlstate", None),
                    "error": type(error).__name__,
                },
            )
            await self._store(NO_POSITIONS, [_blamed(rows, error)])
        elif len(frames) > 1:
            middle = len(frames) // 2
            await self._store(NO_POSITIONS, frames[:middle])
            await self._store(NO_POSITIONS, frames[middle:])
        else:
            raise psycopg.OperationalError("the database refused a quarantined frame") from error


def _blamed(row: PositionColumns, error: Exception) -> Quarantined:
    """Return the one position of `row` as a frame that the database refused."""
    record = row.records[0]
    return _kept(
        time_of(int(record["received_at"])),
        int(record["terminal_no"]),
        row.raw[0],
        str(getattr(error, "sqlstate", None) or error),
    )


def _refused(row: JudgedPosition, why: str) -> Quarantined:
    return _kept(row.received_at, row.position.terminal_no, row.position.raw, why)


def _kept(received_at: datetime, terminal_no: int, raw: bytes, why: str) -> Quarantined:
    return Quarantined(
        received_at=received_at,
        protocol="position",
        phone=None,
        address=f"terminal_no {terminal_no}",
        reason=f"refused by the database ({why})",
        raw=raw,
    )
