"""One client of the live feed: its scope, its view, and what waits to be sent to it.

A client that reads too slowly is not queued for: what it missed is dropped, and it gets a new
snapshot when it reads again. Sequence numbers have no gap within what was sent. A large snapshot is
followed by updates that hold the rest of it.
"""

import asyncio
from datetime import datetime

from gateway.live.counters import LiveCounters
from gateway.live.encoding import Cells, Tick, Units

_MOST_WAITING = 64


class LiveClient:
    """What the feed knows of a client; the socket's task takes messages from `waiting`."""

    def __init__(self, units: Units, token: str = "", counters: LiveCounters | None = None) -> None:
        self.units = units
        self.token = token
        self._counters = counters or LiveCounters()
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.cells: Cells = None
        self.waiting: asyncio.Queue[str] = asyncio.Queue()
        self.needs_snapshot = True
        self.unshown: list[int] = []
        self._seq = 0

    def snapshot(self, vehicles: str, now: datetime) -> None:
        """Queue what is in view, or the first of it: `unshown` names the cells of the rest."""
        self.needs_snapshot = False
        self._put(_message("snapshot", self._next(), now, vehicles))

    def more(self, vehicles: str, now: datetime) -> None:
        """Queue more of what a snapshot began."""
        self._put(_message("update", self._next(), now, vehicles, ""))

    def update(self, tick: Tick, now: datetime) -> None:
        """Queue what changed in view and what left it."""
        if self.needs_snapshot:
            return
        vehicles, gone = tick.told(self.units, self.cells)
        if vehicles or gone:
            self._put(_message("update", self._next(), now, vehicles, gone))

    def alive(self) -> None:
        """Queue a sign of life."""
        self._put('{"type":"alive"}')

    def behind(self, seconds: float) -> None:
        """Queue that the feed lags."""
        self._put(f'{{"type":"behind","seconds":{round(seconds)}}}')

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

    def _put(self, message: str) -> None:
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


def _message(kind: str, seq: int, now: datetime, vehicles: str, gone: str | None = None) -> str:
    at = now.isoformat(timespec="milliseconds")
    head = f'{{"type":"{kind}","seq":{seq},"at":"{at}","vehicles":['
    return "".join((head, vehicles, "]}" if gone is None else f'],"gone":[{gone}]}}'))
