"""A terminal that keeps what nobody has acknowledged, and tells what was acknowledged.

JT/T 808 (2013, 6.1.2) knows two habits. A terminal *of storing habit* ends a link on which it
isn't answered, stores while it has none, and sends again what was stored or unanswered, in batch
messages (0x0704). One *of forgetful habit* repeats what isn't answered, and then keeps the alarms
and forgets the rest: what it forgot was never acknowledged.
"""

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from gateway.protocols.jt808.position import PositionReport
from gateway.protocols.jt808.session_messages import (
    PlatformAnswer,
    Registration,
    RegistrationAnswer,
    Result,
)
from gateway.protocols.jt808.terminal_side import Heard, Jt808Terminal

_BATCH_POSITIONS = 25
"""As many as fit into one package of 1,023 bytes."""
_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Habits:
    """How patient a terminal is, in seconds, and how much it has on its way at once.

    forgets: keeps alarms only when it isn't answered
    """

    forgets: bool = False
    heartbeat_s: float = 5.0
    answer_s: float = 4.0
    repeats: int = 2
    back_off_s: float = 0.2
    longest_back_off_s: float = 1.0
    window: int = 8


@dataclass(slots=True)
class _Sent:
    """A message of positions that awaits its answer."""

    reports: tuple[PositionReport, ...]
    at_s: float
    repeats: int = 0


class LinkRefused(ConnectionError):
    """The platform does not let this terminal in."""


class KeepingTerminal:
    """One terminal. `run` keeps its link up until it is cancelled; `offer` gives it a position."""

    def __init__(
        self,
        phone: str,
        port: int,
        chance: Random,
        habits: Habits,
        acknowledged: Callable[[PositionReport], None],
    ) -> None:
        self.phone, self.entered, self.forgotten = phone, False, 0
        self._port, self._chance, self._habits = port, chance, habits
        self._acknowledged = acknowledged
        self._protocol = Jt808Terminal(phone)
        self._registration = Registration(0, 0, "LOAD", "L-1", phone[-7:], 1, "示A10001")
        self._store: deque[PositionReport] = deque()
        self._on_the_way: dict[int, _Sent] = {}
        self._more = asyncio.Event()
        self._blind = True
        self._writer: asyncio.StreamWriter | None = None
        self._abandoned: list[socket.socket] = []

    @property
    def waiting(self) -> int:
        """Positions that nobody has acknowledged and that it keeps."""
        return len(self._store) + sum(len(sent.reports) for sent in self._on_the_way.values())

    def offer(self, report: PositionReport) -> None:
        """Report a position now, or as soon as there is a link."""
        self._store.append(report)
        self._more.set()

    def vanish(self) -> None:
        """Leave the link half open: nothing is said or read on it again, and nobody closes it."""
        if self._writer is not None:
            # A second handle holds the connection when the first is closed: no FIN, no RST.
            held = self._writer.get_extra_info("socket")
            self._abandoned.append(socket.socket(fileno=socket.dup(held.fileno())))
            self._writer.transport.abort()

    async def run(self) -> None:
        """Connect, enter, report; connect again with growing pauses whenever the link ends."""
        pause_s = self._habits.back_off_s
        try:
            while True:
                entered = False
                try:
                    await self._one_link()
                except* (OSError, EOFError):
                    entered = self.entered
                finally:
                    self._link_ended()
                longer_s = min(2 * pause_s, self._habits.longest_back_off_s)
                pause_s = self._habits.back_off_s if entered else longer_s
                await asyncio.sleep(pause_s * self._chance.uniform(0.5, 1.5))
        finally:
            for one in self._abandoned:
                one.close()

    async def _one_link(self) -> None:
        """Hold one link until it ends, which is always an error."""
        async with asyncio.timeout(self._habits.answer_s):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer = writer
        try:
            await self._enter(reader, writer)
            self.entered, self._blind = True, bool(self._store)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._listen(reader))
                both.create_task(self._speak(writer))
        finally:
            self._writer = None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Register for a token where there is none, and show it. Raises LinkRefused."""
        if self._protocol.token is None:
            serial = self._protocol.register(self._registration)
            await self._answered(reader, writer, serial)
        serial = self._protocol.authenticate()
        if await self._answered(reader, writer, serial) != Result.OK:
            self._protocol.token = None
            raise LinkRefused(f"{self.phone}: the token was refused")

    async def _answered(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, serial: int
    ) -> int:
        """Send what is to be sent; return the result of the answer to it."""
        writer.write(self._protocol.data_to_send())
        async with asyncio.timeout(self._habits.answer_s):
            while data := await reader.read(_READ_BYTES):
                for heard in self._protocol.receive(data):
                    match heard.message:
                        case PlatformAnswer(number, _, result) if number == serial:
                            return result
                        case RegistrationAnswer(number, result, _) if number == serial:
                            return result
        raise EOFError(f"{self.phone}: the link was closed before it was let in")

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(_READ_BYTES):
            for heard in self._protocol.receive(data):
                self._hear(heard)
        raise EOFError(f"{self.phone}: the platform closed the link")

    def _hear(self, heard: Heard) -> None:
        match heard.message:
            case PlatformAnswer(serial, _, Result.OK) if serial in self._on_the_way:
                for report in self._on_the_way.pop(serial).reports:
                    self._acknowledged(report)
                self._more.set()
            # A failure is repeated (table 5); any other result is no promise to keep anything.
            case PlatformAnswer(serial, _, result) if serial in self._on_the_way and result > 1:
                raise LinkRefused(f"{self.phone}: positions were refused with {result}")

    async def _speak(self, writer: asyncio.StreamWriter) -> None:
        """Send what is stored, then heartbeats; repeat what isn't answered. Ends by raising."""
        clock_s = asyncio.get_running_loop().time
        beat_at_s = clock_s() + self._habits.heartbeat_s
        while True:
            self._more.clear()
            self._send_stored(clock_s())
            self._repeat_late(clock_s())
            if clock_s() >= beat_at_s:
                self._protocol.heartbeat()
                beat_at_s = clock_s() + self._habits.heartbeat_s
            if data := self._protocol.data_to_send():
                writer.write(data)
                await writer.drain()
            due_s = min([beat_at_s, *(self._due_s(sent) for sent in self._on_the_way.values())])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.01, due_s - clock_s())):
                    await self._more.wait()

    def _send_stored(self, now_s: float) -> None:
        """Send from the front of the store as far as the window allows."""
        while self._store and len(self._on_the_way) < self._habits.window:
            if self._blind or len(self._store) > 1:
                count = min(_BATCH_POSITIONS, len(self._store))
                reports = tuple(self._store.popleft() for _ in range(count))
                serial = self._protocol.report_batch(reports, blind=self._blind)
            else:
                reports = (self._store.popleft(),)
                serial = self._protocol.report(reports[0])
            self._on_the_way[serial] = _Sent(reports, now_s)
        if not self._store:
            self._blind = False

    def _repeat_late(self, now_s: float) -> None:
        """Send again what has waited too long; after the last repeat end the link, or forget."""
        for serial, sent in list(self._on_the_way.items()):
            if now_s < self._due_s(sent):
                continue
            if sent.repeats < self._habits.repeats:
                sent.repeats += 1
                sent.at_s = now_s
                self._protocol.repeat(serial)
            elif self._habits.forgets:
                del self._on_the_way[serial]
                self._take_back(sent.reports)
            else:
                raise TimeoutError(f"{self.phone}: the platform does not answer")

    def _due_s(self, sent: _Sent) -> float:
        return sent.at_s + self._habits.answer_s

    def _take_back(self, reports: tuple[PositionReport, ...]) -> None:
        """Put back to the front what is kept of unanswered reports, before all newer ones."""
        kept = [one for one in reports if one.alarm or not self._habits.forgets]
        self.forgotten += len(reports) - len(kept)
        self._store.extendleft(reversed(kept))

    def _link_ended(self) -> None:
        self.entered = False
        self._protocol.link_lost()
        unsure = tuple(one for sent in self._on_the_way.values() for one in sent.reports)
        self._on_the_way.clear()
        self._take_back(unsure)
