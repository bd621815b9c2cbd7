"""The feed: catches up with the database when woken, and tells every client what moved.

The bus only wakes it. A feed without any bus looks once a second; when the bus that it has is
away, its clients are sent away too, and it catches up from the database until they come back.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime
from itertools import islice
from time import perf_counter

from sqlalchemy.exc import SQLAlchemyError

from gateway.live.client import LiveClient
from gateway.live.counters import LiveCounters
from gateway.live.encoding import Cells, Left, LiveEntry, Tick, Units, coarse_cell
from gateway.live.register import RegisterNews
from gateway.live.rights import Rights
from gateway.live.spelling import Speller
from kit.bus import BATCHES, Bus
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.ending import is_ending, pause
from tracking.live.fleet import LiveFleet

log = logging.getLogger(__name__)

_ALIVE_EVERY_S = 5.0
BEHIND_AFTER_S = 10.0
TRY_AGAIN_LATER = 1013  # RFC 6455's registry of close codes
# Some thousand vehicles a message, and some hundred between two breaths of the process.
_MOST_AT_ONCE = 2_000
_SPELT_AT_ONCE = 200
_CLIENTS_AT_ONCE = 20
_LEAST_REST = 0.25


class LiveFeed:
    """One per process: a live fleet, what was last sent of it, and the clients."""

    def __init__(
        self,
        sessions: Sessions,
        bus: Bus | None,
        fleet: LiveFleet,
        *,
        tick_s: float,
        idle_s: float,
        counters: LiveCounters | None = None,
    ) -> None:
        self.fleet = fleet
        self.sessions = sessions
        self.counters = counters or LiveCounters()
        self.clients: set[LiveClient] = set()
        self.rights = Rights(sessions, self.clients)
        self._woken = asyncio.Event()
        self.register = RegisterNews(sessions, fleet, self._woken.set)
        self._bus, self._tick_s, self._idle_s = bus, tick_s, idle_s
        self._entries: dict[int, LiveEntry] = {}
        self._cells: dict[int, dict[int, LiveEntry]] = {}
        self._speller = Speller()
        self._alive_s = 0.0
        self._told_at: datetime | None = None

    @property
    def is_away(self) -> bool:
        """Whether the bus is away, so that nothing told now would be live."""
        return self._bus is not None and self._bus.behind

    async def run(self) -> None:
        """Follow until cancelled; trouble is logged and tried again."""
        self.counters.began_at = utc_now()
        beside = [
            asyncio.create_task(one)
            for one in (self.rights.run(), self.register.run(), self._wake())
        ]
        try:
            await self._follow()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _wake(self) -> None:
        if self._bus is not None:
            async for _ in self._bus.wakes(BATCHES, self._idle_s):
                self._woken.set()
                # Nobody wakes sooner than a tick later: what comes meanwhile is one wake.
                await asyncio.sleep(self._tick_s)

    async def _follow(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            begun_s = clock()
            self._woken.clear()
            if self.is_away:
                for client in self.clients:
                    client.end(TRY_AGAIN_LATER)
            try:
                await self.step()
            except (SQLAlchemyError, OSError) as error:
                if is_ending():
                    raise
                log.warning("live feed is behind", extra={"error": str(error)})
                self._tell_behind()
            # A step that takes longer than a tick leaves the others a part of their time too.
            rest_s = max(begun_s + self._tick_s - clock(), _LEAST_REST * self._tick_s)
            await pause(rest_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._idle_s):
                    await self._woken.wait()

    async def step(self) -> None:
        """Catch up once and send what changed."""
        now, began_s = utc_now(), perf_counter()
        async with transaction(self.sessions) as session:
            await self.fleet.catch_up(session, now)
            await self.register.catch_up(session, now)
        if self.register.is_current:
            await self._tell_changed(now)
        elif self._behind_s() > BEHIND_AFTER_S:
            self._tell_behind()
        clock_s = asyncio.get_running_loop().time()
        if clock_s - self._alive_s >= _ALIVE_EVERY_S:
            self._alive_s = clock_s
            for client in self.clients:
                client.alive()
        self.counters.tick_s.observe(perf_counter() - began_s)

    @property
    def can_show(self) -> bool:
        """Whether a snapshot made now holds nothing of which the register may say otherwise."""
        return self.register.told

    def same(self, units: Units) -> Units:
        """Return these units, as the object that another client has, if one sees the same.

        Who sees the same is told so by comparing the objects, many times a second.
        """
        return next((one.units for one in self.clients if one.units == units), units)

    def cells(self, cells: Cells) -> list[int]:
        """Return those of these cells (None: of all) in which a vehicle is."""
        return list(self._cells if cells is None else self._cells.keys() & cells)

    def vehicles(self, units: Units, cells: list[int]) -> str:
        """Return the JSON of vehicles of these units in some of these cells, which are taken out.

        Enough for one message: the process has others to answer to.
        """
        found: list[str] = []
        looked_at = 0
        while cells and looked_at < _MOST_AT_ONCE:
            entries = self._cells.get(cells.pop(), {})
            looked_at += len(entries)
            found += [entry.json for entry in entries.values() if entry.unit_no in units]
        return ",".join(found)

    async def _tell_changed(self, now: datetime) -> None:
        changed = iter(self.fleet.take_changed())
        while some := list(islice(changed, _MOST_AT_ONCE)):
            await self._tell(some, now)
        self._told_at = self.counters.told_at = now
        if self.register.is_current and not self.register.told:
            self.register.told = True
            for client in self.clients:
                # Whoever waits for a snapshot wakes and makes it.
                client.alive()

    async def _tell(self, nos: list[int], now: datetime) -> None:
        changed: list[LiveEntry] = []
        left: list[Left] = []
        for n, no in enumerate(nos):
            if n % _SPELT_AT_ONCE == _SPELT_AT_ONCE - 1:
                await asyncio.sleep(0)
            before, after = self._entries.get(no), self._entry(no, now)
            self._keep(no, before, after)
            if after is not None:
                changed.append(after)
            if before is not None and not before.stands_where(after):
                left.append(Left(before, after))
        if changed or left:
            tick = Tick(changed, left)
            for n, client in enumerate(list(self.clients)):
                if n % _CLIENTS_AT_ONCE == _CLIENTS_AT_ONCE - 1:
                    await asyncio.sleep(0)
                client.update(tick, now)

    def _keep(self, no: int, before: LiveEntry | None, after: LiveEntry | None) -> None:
        if before is not None:
            entries = self._cells[before.cell]
            del entries[no]
            if not entries:
                del self._cells[before.cell]
            del self._entries[no]
        if after is not None:
            self._entries[no] = after
            self._cells.setdefault(after.cell, {})[no] = after

    def _entry(self, vehicle_no: int, now: datetime) -> LiveEntry | None:
        vehicle = self.fleet.vehicles.get(vehicle_no)
        position = self.fleet.index.get(vehicle_no)
        if vehicle is None or position is None:
            self._speller.forget(vehicle_no)
            return None
        order = self.fleet.orders.get(vehicle_no)
        return LiveEntry(
            str(vehicle.id),
            vehicle.unit_no,
            coarse_cell(position.lat, position.lon),
            self._speller.spelt(vehicle, position, order, now),
        )

    def _tell_behind(self) -> None:
        seconds = self._behind_s()
        for client in self.clients:
            client.behind(seconds)

    def _behind_s(self) -> float:
        return (utc_now() - self._told_at).total_seconds() if self._told_at else BEHIND_AFTER_S
