"""One client of the live feed: its scope, its view, and what waits to be sent to it.

A client that reads too slowly is not queued for: what it missed is dropped, and it gets a new
snapshot when it reads again. Sequence numbers have no gap within what was sent. A large snapshot is
followed by updates that hold the rest of it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.live.counters import LiveCounters
from gateway.live.encoding import LiveEntry, Tick, Units

_MOST_WAITING = 64


@dataclass(frozen=True, slots=True)
class Left:
    """An entry of which not everybody who saw it sees what came after it; None: it is gone."""

    before: LiveEntry
    after: LiveEntry | None


class LiveClient:
    """What the feed knows of a client; the socket's task takes messages from `waiting`."""

    def __init__(self, units: Units, token: str = "", counters: LiveCounters | None = None) -> None:
        self.units = units
        self.token = token
        self._counters = counters or LiveCounters()
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.cells: frozenset[int] | None = None
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self.needs_snapshot = True
        self.unshown: list[int] = []
        self._seq = 0

    def snapshot(self, vehicles: bytes, now: datetime) -> None:
        """Queue what is in view, or the first of it: `unshown` names the cells of the rest."""
        self.needs_snapshot = False
        self._put(_message(b"snapshot", self._next(), now, vehicles))

    def more(self, vehicles: bytes, now: datetime) -> None:
        """Queue more of what a snapshot began."""
        self._put(_message(b"update", self._next(), now, vehicles, b""))

    def update(self, tick: Tick, left: Sequence[Left], now: datetime) -> None:
        """Queue what changed in view and what left it."""
        if self.needs_snapshot:
            return
        vehicles = tick.vehicles(self.units, self.cells)
        gone = [one.before.id for one in left if self._sees(one.before) > self._sees(one.after)]
        if vehicles or gone:
            ids = ",".join(f'"{vehicle_id}"' for vehicle_id in gone).encode()
            self._put(_message(b"update", self._next(), now, vehicles, ids))

    def alive(self) -> None:
        """Queue a sign of life."""
        self._put(b'{"type":"alive"}')

    def behind(self, seconds: float) -> None:
        """Queue that the feed lags."""
        self._put(b'{"type":"behind","seconds":%d}' % round(seconds))

    def keep_to(self, units: Units) -> None:
        """See these units from now on; whatever waits to be sent was made for others."""
        if units == self.units:
            return
        self.units = units
        self._drop()
        # Its sender wakes and makes the new snapshot.
        self.alive()

    def end(self, code: int) -> None:
        """Send nothing more and close with this code."""
        self._drop()
        if not self.ended.done():
            self.ended.set_result(code)

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _sees(self, entry: LiveEntry | None) -> bool:
        return (
            entry is not None
            and entry.unit_no in self.units
            and (self.cells is None or entry.cell in self.cells)
        )

    def _put(self, message: bytes) -> None:
        if self.ended.done():
            return
        if self.waiting.qsize() >= _MOST_WAITING:
            self._counters.overrun += 1
            self._drop()
            return
        self._counters.messages += 1
        self._counters.sent_bytes += len(message)
        self.waiting.put_nowait(message)

    def _drop(self) -> None:
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.needs_snapshot = True


def _message(
    kind: bytes, seq: int, now: datetime, vehicles: bytes, gone: bytes | None = None
) -> bytes:
    parts = [
        b'{"type":"%b","seq":%d,"at":"%b","vehicles":['
        % (kind, seq, now.isoformat(timespec="milliseconds").encode()),
        vehicles,
        b"]",
    ]
    if gone is not None:
        parts += [b',"gone":[', gone, b"]"]
    return b"".join((*parts, b"}"))
