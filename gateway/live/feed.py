"""The feed: catches up with the database when woken, and tells every client what moved.

The bus only wakes it. A feed without any bus looks once a second; when the bus that it has is
away, its clients are sent away too, and it catches up from the database until they come back.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.live_orders import read_live_orders
from gateway.live.client import LiveClient
from gateway.live.encoding import LiveEntry, Tick, Units, coarse_cell
from gateway.live.rights import Rights
from kit.bus import BATCHES, Bus
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tracking.live import LiveFleet
from tracking.live_service import live_item
from tracking.live_state import live_state

log = logging.getLogger(__name__)

_REGISTER_EVERY_S = 2.0
_ALIVE_EVERY_S = 5.0
BEHIND_AFTER_S = 10.0
TRY_AGAIN_LATER = 1013  # RFC 6455's registry of close codes


class LiveFeed:
    """One per process: a live fleet, what was last sent of it, and the clients."""

    def __init__(
        self, sessions: Sessions, bus: Bus | None, fleet: LiveFleet, *, tick_s: float, idle_s: float
    ) -> None:
        self.fleet = fleet
        self.sessions = sessions
        self.clients: set[LiveClient] = set()
        self.rights = Rights(sessions, self.clients, self._read_register_next)
        self._bus, self._tick_s, self._idle_s = bus, tick_s, idle_s
        self._entries: dict[int, LiveEntry] = {}
        self._ids: dict[int, str] = {}
        self._states: dict[int, object] = {}
        self._register_read_s = -_REGISTER_EVERY_S
        self._alive_s = 0.0

    @property
    def is_away(self) -> bool:
        """Whether the bus is away, so that nothing told now would be live."""
        return self._bus is not None and self._bus.behind

    async def run(self) -> None:
        """Follow until cancelled; trouble is logged and tried again."""
        watching = asyncio.create_task(self.rights.run())
        try:
            await self._follow()
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _follow(self) -> None:
        wakes = self._bus.wakes(BATCHES, self._idle_s) if self._bus else None
        while True:
            if self.is_away:
                for client in self.clients:
                    client.end(TRY_AGAIN_LATER)
            try:
                await self.step()
            except (SQLAlchemyError, OSError) as error:
                log.warning("live feed is behind", extra={"error": str(error)})
                self._tell_behind()
            await asyncio.sleep(self._tick_s)
            if wakes is None:
                await asyncio.sleep(self._idle_s)
            else:
                with suppress(StopAsyncIteration):
                    await anext(wakes)

    async def step(self) -> None:
        """Catch up once and send what changed."""
        now = utc_now()
        clock_s = asyncio.get_running_loop().time()
        async with transaction(self.sessions) as session:
            moved = await self.fleet.catch_up(session, now)
            if clock_s - self._register_read_s >= _REGISTER_EVERY_S:
                # Set first: what changes while the register is read asks for another reading.
                self._register_read_s = clock_s
                moved |= await self.fleet.read_register(session, now)
                moved |= await self._read_orders(session)
                moved |= self._turned_silent(now)
        self._send(moved, now)
        if clock_s - self._alive_s >= _ALIVE_EVERY_S:
            self._alive_s = clock_s
            for client in self.clients:
                client.alive()

    def snapshot(self, units: Units, cells: frozenset[int] | None) -> bytes:
        """Return the JSON of all vehicles of these units in these cells."""
        return Tick(self._entries.values()).vehicles(units, cells)

    def _read_register_next(self) -> None:
        self._register_read_s = -_REGISTER_EVERY_S

    async def _read_orders(self, session: AsyncSession) -> set[int]:
        orders = await read_live_orders(session)
        numbers = orders.keys() | self.fleet.orders.keys()
        changed = {no for no in numbers if orders.get(no) != self.fleet.orders.get(no)}
        self.fleet.orders = orders
        return changed

    def _turned_silent(self, now: datetime) -> set[int]:
        states = {p.vehicle_no: live_state(p, now) for p in self.fleet.index}
        changed = {no for no, state in states.items() if self._states.get(no) != state}
        self._states = dict(states)
        return changed

    def _send(self, moved: set[int], now: datetime) -> None:
        changed: list[LiveEntry] = []
        gone: list[tuple[LiveEntry, str]] = []
        for no in moved:
            before = self._entries.get(no)
            after = self._entry(no, now)
            if after is not None:
                changed.append(after)
                self._entries[no] = after
            if before is not None and (
                after is None or (before.cell, before.unit_no) != (after.cell, after.unit_no)
            ):
                gone.append((before, self._ids[no]))
                if after is None:
                    del self._entries[no]
        if changed or gone:
            tick = Tick(changed)
            for client in self.clients:
                client.update(tick, gone, now)

    def _entry(self, vehicle_no: int, now: datetime) -> LiveEntry | None:
        vehicle = self.fleet.vehicles.get(vehicle_no)
        position = self.fleet.index.get(vehicle_no)
        if vehicle is None or position is None:
            return None
        self._ids[vehicle_no] = str(vehicle.id)
        item = live_item(self.fleet, vehicle, position, now)
        return LiveEntry(
            vehicle.unit_no,
            coarse_cell(position.lat, position.lon),
            item.model_dump_json().encode(),
        )

    def _tell_behind(self) -> None:
        caught_up = self.fleet.caught_up_at
        seconds = (utc_now() - caught_up).total_seconds() if caught_up else BEHIND_AFTER_S
        for client in self.clients:
            client.behind(seconds)
