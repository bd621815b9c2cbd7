"""Looks whether anything ails: every few seconds, and when somebody asks.

No question waits longer than a deadline, whatever a server does, and one that got no answer is
asked anew only when it has ended: a server in trouble is not asked by a crowd.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal.heads import HeadsFile, HeadsUnreadable
from fleet.journal.waiting import heads_behind_since, unsealed_since
from gateway.http.ailments import Ailment, HealthRules, began, longer_than
from gateway.http.static import map_version
from gateway.live.counters import LiveCounters
from gateway.terminals.beats import DoorsSeen, doors_seen
from kit.bus import Bus
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.disk import WANTED_FREE_BYTES, disk_of
from kit.ending import pause
from kit.isolation import Isolated
from kit.settings import Settings
from tracking.behind import days_waiting, writers_behind
from tracking.tables import PositionBatch

log = logging.getLogger(__name__)

State = Literal["ok", "away", "none"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found when it was looked last.

    database_s: seconds of the database's answer; None when it gave none
    since: what ails, and since when
    """

    database: State
    database_s: float | None
    bus: State
    map: str | None
    last_commit_at: datetime | None
    since: Mapping[Ailment, datetime]


@dataclass(frozen=True, slots=True)
class _Stored:
    answer_s: float
    last_commit_at: datetime | None
    ailing: Mapping[Ailment, datetime | None]


class HealthWatch:
    """One per process: what ails, as of at most a second ago."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        bus: Bus | None,
        live: LiveCounters,
        rules: HealthRules | None = None,
    ) -> None:
        self._settings, self._sessions, self._bus, self._live = settings, sessions, bus, live
        self._rules = rules or HealthRules()
        self._heads = HeadsFile(settings.journal_heads_path)
        self._asked: dict[str, asyncio.Task[object]] = {}
        self._turn = asyncio.Lock()
        self._looked_s: float | None = None
        self.seen: Seen | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            with Isolated(log, "it could not be looked whether anything ails"):
                await self.look()
            await pause(self._rules.look_every_s)

    async def look(self) -> Seen:
        """Return what ails; whoever asks meanwhile gets the same answer."""
        async with self._turn:
            fresh_s = time.monotonic() - self._rules.kept_s
            if self.seen is None or self._looked_s is None or self._looked_s < fresh_s:
                self.seen = await self._look(utc_now())
                self._looked_s = time.monotonic()
            return self.seen

    async def _look(self, now: datetime) -> Seen:
        stored, bus = await asyncio.gather(
            self._within("database", lambda: self._ask_database(now)), self._ask_bus()
        )
        version = map_version(self._settings.maps_dir)
        found: dict[Ailment, datetime | None] = dict(stored.ailing) if stored else {}
        if stored is None:
            found[Ailment.DATABASE_AWAY] = None
        elif stored.answer_s > self._rules.database_slow_s:
            found[Ailment.DATABASE_SLOW] = None
        bus_state, doors = bus
        if bus_state == "away":
            found[Ailment.BUS_AWAY] = None
        if doors is not None and not doors.open:
            found[Ailment.GATEWAY_UNSEEN] = None
        if doors is not None and doors.stalled:
            found[Ailment.INGEST_STALLED] = None
        if longer_than(self._live.current_at, self._rules.live_behind, now):
            found[Ailment.LIVE_BEHIND] = self._live.current_at
        if disk_of(self._settings.data_dir).free < WANTED_FREE_BYTES:
            found[Ailment.DISK_LOW] = None
        if version is None:
            found[Ailment.MAP_ABSENT] = None
        return Seen(
            database="away" if stored is None else "ok",
            database_s=stored.answer_s if stored else None,
            bus=bus_state,
            map=version,
            last_commit_at=stored.last_commit_at if stored else None,
            since=began(self.seen.since if self.seen else {}, found, now),
        )

    async def _ask_bus(self) -> tuple[State, DoorsSeen | None]:
        bus = self._bus
        if bus is None:
            return "none", None
        if not await self._within("bus", bus.ping):
            return "away", None
        return "ok", await self._within("doors", lambda: doors_seen(bus))

    async def _ask_database(self, now: datetime) -> _Stored:
        began_s = time.monotonic()
        async with transaction(self._sessions) as session:
            last_commit_at = await session.scalar(select(func.max(PositionBatch.committed_at)))
            answer_s = time.monotonic() - began_s
            return _Stored(answer_s, last_commit_at, await self._ailing(session, now))

    async def _ailing(self, session: AsyncSession, now: datetime) -> dict[Ailment, datetime | None]:
        """Return what the database's rows say: everything here is late work."""
        rules, found = self._rules, dict[Ailment, datetime | None]()

        def note(ailment: Ailment, since: datetime | None, allowed: timedelta) -> None:
            if longer_than(since, allowed, now):
                found[ailment] = since

        writers = await writers_behind(session, self._settings.vehicle_partitions)
        behind_since = min((one.since for one in writers), default=None)
        note(Ailment.WORKER_BEHIND, behind_since, rules.worker_behind)
        note(Ailment.JOURNAL_UNSEALED, await unsealed_since(session), rules.unsealed)
        if await days_waiting(session, now - rules.settling_after):
            found[Ailment.SETTLING_BEHIND] = None
        try:
            heads_since = await heads_behind_since(session, self._heads)
            note(Ailment.HEADS_MISSING, heads_since, rules.heads_behind)
        except (HeadsUnreadable, OSError):
            found[Ailment.HEADS_MISSING] = None
        return found

    async def _within(self, name: str, ask: Callable[[], Awaitable[T]]) -> T | None:
        """Return the answer; None when there is none in time, or an error instead."""
        before = self._asked.get(name)
        if before is not None and not before.done():
            return None
        task = asyncio.ensure_future(_answered(ask))
        self._asked[name] = task
        try:
            async with asyncio.timeout(self._rules.answer_within_s):
                # Cancelled alone it may still wait for its server; nobody waits with it.
                return await asyncio.shield(task)
        except TimeoutError:
            task.cancel()
            return None


async def _answered(ask: Callable[[], Awaitable[T]]) -> T | None:
    try:
        return await ask()
    except (SQLAlchemyError, OSError):
        return None
