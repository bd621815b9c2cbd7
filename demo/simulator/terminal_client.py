"""A terminal on a real link: it reports, and keeps what nobody has acknowledged.

It stores its positions while the link is down, and sends them after the next authentication in
batch messages (盲区补报), the oldest first; a position that arrives meanwhile waits behind them.
What was sent and not acknowledged when a link ends goes back to the front of the store: the
platform counts a repeated position once. The store is bounded; when it is full, the oldest go.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field
from random import Random

from gateway.protocols.jt808.position import PositionReport
from gateway.protocols.jt808.session_messages import (
    PlatformAnswer,
    Registration,
    RegistrationAnswer,
    RegistrationResult,
    Result,
)
from gateway.protocols.jt808.terminal_side import Heard, Jt808Terminal

BATCH_POSITIONS = 25
"""As many positions with two items as fit into one package of 1,023 bytes."""


@dataclass(frozen=True, slots=True)
class LinkTerms:
    """How patient a terminal is, in seconds, and how much it keeps."""

    heartbeat_s: float = 60.0
    answer_s: float = 20.0
    repeats: int = 2
    back_off_s: float = 1.0
    longest_back_off_s: float = 30.0
    window: int = 8
    """Messages on their way at once."""
    store_positions: int = 20_000

    def __post_init__(self) -> None:
        if min(self.heartbeat_s, self.answer_s, self.back_off_s, self.longest_back_off_s) <= 0:
            raise ValueError("every duration must be positive")
        if min(self.window, self.store_positions) < 1 or self.repeats < 0:
            raise ValueError("window and store_positions must be positive")


@dataclass(slots=True)
class Counts:
    """Positions by what became of them; terminals may share one."""

    sent: int = 0
    acknowledged: int = 0
    resent: int = 0
    stored: int = 0
    dropped: int = 0
    links: int = 0


@dataclass(slots=True)
class _OnTheWay:
    """A message of positions that awaits its answer."""

    positions: int
    sent_at_s: float
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """With what a terminal registers."""

    phone: str
    plate: str
    plate_colour: int = 1
    maker: str = "SIMU"
    model: str = "SIM-1"

    @property
    def registration(self) -> Registration:
        """The message that presents it; its id is the last seven digits of its number."""
        return Registration(
            province=0,
            city=0,
            maker=self.maker[:5],
            model=self.model[:8],
            terminal_id=self.phone[-7:],
            plate_colour=self.plate_colour,
            plate=self.plate,
        )


class LinkRefused(Exception):
    """The platform does not let this terminal in."""


@dataclass(slots=True)
class TerminalClient:
    """One terminal. `run` keeps its link up until it is cancelled; `offer` gives it a position.

    `token` is the state worth keeping between runs.
    """

    identity: Identity
    host: str
    port: int
    random: Random
    counts: Counts = field(default_factory=Counts)
    terms: LinkTerms = field(default_factory=LinkTerms)
    token: str | None = None
    _protocol: Jt808Terminal = field(init=False)
    _store: deque[PositionReport] = field(init=False, default_factory=deque)
    _on_the_way: dict[int, _OnTheWay] = field(init=False, default_factory=dict)
    _more: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _heard: deque[Heard] = field(init=False, default_factory=deque)
    _entered: bool = field(init=False, default=False)
    _blind: bool = field(init=False, default=True)

    def __post_init__(self) -> None:
        self._protocol = Jt808Terminal(self.identity.phone)

    @property
    def waiting(self) -> int:
        """Positions that nobody has acknowledged: stored, or on their way."""
        return len(self._store) + sum(sent.positions for sent in self._on_the_way.values())

    @property
    def entered(self) -> bool:
        """Whether the platform has let it in on the present link."""
        return self._entered

    def offer(self, report: PositionReport) -> None:
        """Report a position now, or as soon as there is a link."""
        self._store.append(report)
        if not self._entered:
            self.counts.stored += 1
        self._forget_oldest()
        self._more.set()

    async def run(self) -> None:
        """Connect, enter, report; connect again with growing pauses whenever the link ends."""
        pause_s = self.terms.back_off_s
        while True:
            try:
                await self._one_link()
            except (OSError, TimeoutError, LinkRefused):
                entered = self._entered
            finally:
                self._link_ended()
            pause_s = (
                self.terms.back_off_s
                if entered
                else min(2 * pause_s, self.terms.longest_back_off_s)
            )
            await asyncio.sleep(pause_s * self.random.uniform(0.5, 1.5))

    async def _one_link(self) -> None:
        """Hold one link until it ends, which is always an error. Raises LinkRefused, OSError."""
        async with asyncio.timeout(self.terms.answer_s):
            reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            await self._enter(reader, writer)
            self._entered = True
            self._blind = bool(self._store)
            self.counts.links += 1
            await self._talk(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Listen and speak until one of them ends, and end both."""
        both = {
            asyncio.ensure_future(self._listen(reader)),
            asyncio.ensure_future(self._speak(writer)),
        }
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Authenticate with the known token, or register for one first. Raises LinkRefused."""
        if self.token is not None and await self._authenticate(reader, writer):
            return
        if not await self._register(reader, writer):
            raise LinkRefused(f"{self.identity.phone}: the registration was refused")
        if not await self._authenticate(reader, writer):
            raise LinkRefused(f"{self.identity.phone}: the token was refused")

    async def _register(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        serial = self._protocol.register(self.identity.registration)
        while True:
            match await self._hear(reader, writer):
                case RegistrationAnswer(answered_serial=answered, result=result) if (
                    answered == serial
                ):
                    self.token = self._protocol.token
                    return result == RegistrationResult.OK

    async def _authenticate(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        serial = self._protocol.authenticate(self.token)
        while True:
            match await self._hear(reader, writer):
                case PlatformAnswer(answered_serial=answered, result=result) if answered == serial:
                    return result == Result.OK

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> object:
        """Send what is to be sent; return the platform's next message."""
        if data := self._protocol.data_to_send():
            writer.write(data)
            await writer.drain()
        while not self._heard:
            async with asyncio.timeout(self.terms.answer_s):
                data = await reader.read(65_536)
            if not data:
                raise ConnectionResetError("the platform closed the link")
            self._heard.extend(self._protocol.receive(data))
        return self._heard.popleft().message

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65_536):
            self._protocol.receive(data)
            self._note_acknowledged()
        raise ConnectionResetError("the platform closed the link")

    async def _speak(self, writer: asyncio.StreamWriter) -> None:
        """Send what is stored, then heartbeats; repeat what isn't answered. Ends by raising."""
        clock_s = asyncio.get_running_loop().time
        beat_at_s = clock_s() + self.terms.heartbeat_s
        while True:
            self._more.clear()
            self._send_stored(clock_s())
            self._repeat_late(clock_s())
            if clock_s() >= beat_at_s:
                self._protocol.heartbeat()
                beat_at_s = clock_s() + self.terms.heartbeat_s
            if data := self._protocol.data_to_send():
                writer.write(data)
                await writer.drain()
            due_s = min([beat_at_s, *(self._due_s(sent) for sent in self._on_the_way.values())])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.01, due_s - clock_s())):
                    await self._more.wait()

    def _send_stored(self, now_s: float) -> None:
        """Send from the front of the store as far as the window allows."""
        while self._store and len(self._on_the_way) < self.terms.window:
            if self._blind or len(self._store) > 1:
                count = min(BATCH_POSITIONS, len(self._store))
                batch = tuple(self._store.popleft() for _ in range(count))
                serial = self._protocol.report_batch(batch, blind=self._blind)
            else:
                count = 1
                serial = self._protocol.report(self._store.popleft())
            self._on_the_way[serial] = _OnTheWay(count, now_s)
            self.counts.sent += count
        if not self._store:
            self._blind = False

    def _repeat_late(self, now_s: float) -> None:
        """Send again what has waited too long. Raises TimeoutError after the last repeat."""
        for serial, sent in self._on_the_way.items():
            if now_s < self._due_s(sent):
                continue
            if sent.repeats >= self.terms.repeats:
                raise TimeoutError("the platform does not answer")
            sent.repeats += 1
            sent.sent_at_s = now_s
            self._protocol.repeat(serial)
            self.counts.resent += sent.positions

    def _due_s(self, sent: _OnTheWay) -> float:
        return sent.sent_at_s + self.terms.answer_s

    def _note_acknowledged(self) -> None:
        pending = self._protocol.unacknowledged
        for serial in [serial for serial in self._on_the_way if serial not in pending]:
            self.counts.acknowledged += self._on_the_way.pop(serial).positions
            self._more.set()

    def _link_ended(self) -> None:
        """Take back what was not acknowledged; it will be sent again, before all newer ones."""
        unsure = self._protocol.link_lost()
        self._on_the_way.clear()
        self._heard.clear()
        self._entered = False
        if unsure:
            self.counts.resent += len(unsure)
            self._store.extendleft(reversed(unsure))
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        while len(self._store) > self.terms.store_positions:
            self._store.popleft()
            self.counts.dropped += 1
