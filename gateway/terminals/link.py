"""One terminal's link: a socket around a JT/T 808 session.

Events are handled in the order of their arrival. A position is answered when its commit is done,
and not before; while too many await their commit, or the peer does not read its answers, nothing
more is read, so that one terminal costs the others nothing.
"""

import asyncio
import hmac
import logging
import time
from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, cast

from sqlalchemy.exc import SQLAlchemyError

from fleet.terminals.identity import KnownTerminal, normal_phone
from fleet.words import Authentication
from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808.batch_frames import PHONE_OCTETS, POSITION_ID
from gateway.protocols.jt808.batch_messages import BATCH_ID
from gateway.protocols.jt808.header import Header
from gateway.protocols.jt808.session import Jt808Session
from gateway.protocols.jt808.session_messages import RegistrationResult, Result
from gateway.terminals.jt808_positions import position_of
from gateway.terminals.parcels import Parcel, positions_in
from kit.clock import utc_now
from tracking.path.batches import Quarantined
from tracking.path.positions import judged

if TYPE_CHECKING:
    from gateway.terminals.door import TerminalDoor

log = logging.getLogger(__name__)

_KEPT_RAW_BYTES = 4096
_WAITING_IDS = (POSITION_ID, BATCH_ID)


class TerminalLink(asyncio.Protocol):
    """State of one connection; `terminal` is known once it has proved who it is."""

    def __init__(self, door: "TerminalDoor") -> None:
        self.door = door
        self.session = Jt808Session()
        self.terminal: KnownTerminal | None = None
        self.epoch = 0
        self.address = "?"
        self.heard_s = door.clock_s()
        self._transport: asyncio.Transport | None = None
        self._events: deque[ev.Event] = deque()
        self._asking: asyncio.Task[None] | None = None
        self._unanswered = 0
        self._unanswered_limit = door.settings.link_unanswered
        self._stopped = False
        self._closed = False
        self._paused = False
        # Once its terminal is known: its number as plain position frames bear it.
        self.terminal_no, self.signature = 0, b""
        self._defects: deque[float] = deque()

    # -- the socket ---------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self.address = peer[0] if peer else "?"
        if not self.door.admit(self):
            self._transport.abort()
            self._transport, self._closed = None, True

    def connection_lost(self, _exc: Exception | None) -> None:
        self._transport = None
        self._events.clear()
        if self._asking is not None:
            self._asking.cancel()
        for left in self.session.finish():
            if isinstance(left, ev.FrameRefused):
                self._refuse(left)
        self.door.left(self)

    def data_received(self, data: bytes) -> None:
        self.heard_s = self.door.clock_s()
        gathered: list[bytes] = []
        for chunk in self.session.cut(data):
            if (
                self.signature
                and isinstance(chunk, bytes)
                and chunk.startswith(_WAITING_IDS)
                # Positions overtake nothing on their way past the events.
                and not self._events
                and self._asking is None
            ):
                gathered.append(chunk)
            else:
                self._events.extend(self.session.read(chunk, utc_now()))
                self._handle_events()
        if gathered and not self._closed:
            self._await_answer(len(gathered))
            received_us = time.time_ns() // 1000
            self.door.gathering.add(Parcel(self, gathered, received_us, positions_in(gathered)))

    def pause_writing(self) -> None:
        self._pause()

    def resume_writing(self) -> None:
        self._read_on()

    def close(self, reason: str) -> None:
        """End the link; what it has not been answered, the terminal will send again."""
        if self._transport is not None:
            self.door.counters.closed.labels(reason).inc()
            log.info("link closed", extra={"address": self.address, "reason": reason})
            self._transport.abort()
            # The socket's end is told later; what was already decoded must not be handled on.
            self._transport, self._closed = None, True
            self._events.clear()

    def stop_reading(self) -> None:
        """Take nothing more; what was taken will still be answered."""
        self._stopped = True
        self._pause()

    def end(self) -> None:
        """End the link after the last answer has left."""
        if self._transport is not None:
            self._transport.close()

    def tick(self, now: datetime) -> None:
        """Let the session ask for missing packages."""
        self._events.extend(self.session.tick(now))
        self._handle_events()

    def _flush(self) -> None:
        data = self.session.data_to_send()
        if data and self._transport is not None:
            self._transport.write(data)

    def _pause(self) -> None:
        if self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def _read_on(self) -> None:
        if self._transport is None or self._stopped or not self._paused:
            return
        if self._unanswered < self._unanswered_limit:
            self._paused = False
            self._transport.resume_reading()

    # -- events, in order ---------------------------------------------------------------------

    def _handle_events(self) -> None:
        while self._events and self._asking is None and not self._closed:
            event = self._events.popleft()
            if isinstance(event, ev.FrameRefused):
                self._refuse(event)
            elif self.terminal is not None and self._handle_known(event):
                continue
            else:
                self._asking = asyncio.ensure_future(self._ask(event))
                self._asking.add_done_callback(self._asked)
        self._flush()

    def _handle_known(self, event: ev.Received) -> bool:
        """Handle what needs no question to the register; return whether it was that."""
        if not self.signs(event.header):
            self._quarantine(event, "another number on this link")
            return True
        match event:
            case ev.Registering() | ev.Authenticating():
                return False
            case ev.PositionsReceived():
                self._take_positions(event)
            case ev.TimeAsked():
                self.session.reply_time(event, utc_now())
            case ev.CommandAnswered():
                pass
            case ev.LoggedOut() | ev.Heartbeat():
                self.session.reply(event, Result.OK)
            case _:
                self.session.reply(event, Result.UNSUPPORTED)
        return True

    async def _ask(self, event: ev.Received) -> None:
        """Handle what needs the register."""
        phone = normal_phone(event.header.phone)
        terminal = await self.door.known.find(phone, self.door.clock_s())
        if terminal is None:
            self._unknown(event)
            return
        match event:
            case ev.Registering(message=message):
                token = await self.door.known.register(
                    terminal, message.maker, message.model, self.address, utc_now()
                )
                self.session.reply_registered(event, RegistrationResult.OK, token)
            case ev.Authenticating(token=token):
                await self._authenticate(event, phone, token)
            case _ if terminal.authentication is Authentication.NUMBER:
                await self._identify(terminal)
                self._handle_known(event)
            case _:
                self._quarantine(event, "not authenticated")

    def _asked(self, task: "asyncio.Task[None]") -> None:
        self._asking = None
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, (SQLAlchemyError, OSError)):
            self.close("register away")
            return
        if error is not None:
            log.error("link failed", exc_info=error, extra={"address": self.address})
            self.close("failed")
            return
        self._handle_events()

    async def _authenticate(self, event: ev.Authenticating, phone: str, token: str) -> None:
        self.door.known.forget(phone)
        terminal = await self.door.known.find(phone, self.door.clock_s())
        if terminal is None or not self._proves(terminal, token):
            self._quarantine(event, "wrong token")
            return
        await self._identify(terminal)
        self.session.reply(event, Result.OK)

    @staticmethod
    def _proves(terminal: KnownTerminal, token: str) -> bool:
        if terminal.authentication is Authentication.NUMBER:
            return True
        expected = terminal.token
        return expected is not None and hmac.compare_digest(expected.encode(), token.encode())

    async def _identify(self, terminal: KnownTerminal) -> None:
        self.epoch = await self.door.known.take_over(terminal.no)
        self.terminal = terminal
        self.terminal_no, self.signature = terminal.no, _signature(terminal.phone)
        self.door.identified(self)

    # -- positions and what is refused --------------------------------------------------------

    def signs(self, header: Header) -> bool:
        """Whether a message with this header bears the number of this link's terminal."""
        return self.terminal is not None and normal_phone(header.phone) == self.terminal.phone

    def answered(self, answers: bytes, count: int) -> None:
        """Write the answers to `count` gathered frames, which are committed."""
        self._unanswered -= count
        if self._transport is not None:
            self._transport.write(answers)
            self._read_on()

    def answered_batch(self, header: Header) -> None:
        """Answer a gathered batch message, whose positions are committed."""
        self._unanswered -= 1
        if self._transport is not None:
            self.session.reply(ev.Received(header, (header.serial,), b""), Result.OK)
            self._flush()
            self._read_on()

    def read_alone(self, chunk: bytes) -> None:
        """Take a gathered chunk back that is no plain position of this terminal."""
        self._unanswered -= 1
        if not self._closed:
            self._events.extend(self.session.read(chunk, utc_now()))
            self._handle_events()
            self._read_on()

    def _take_positions(self, event: ev.PositionsReceived) -> None:
        assert self.terminal is not None
        now, no = utc_now(), self.terminal.no
        rows = [
            judged(position_of(p, no, backfilled=event.blind), now, self.door.rules)
            for p in event.positions
        ]
        unread = [self._kept(piece, "unread item of a batch", now) for piece in event.unread]
        self._await_commit(
            self.door.ingest.submit(rows, unread), event, Result.OK, positions=len(rows)
        )

    def _await_commit(
        self,
        done: "asyncio.Future[None]",
        event: ev.Received,
        result: Result,
        positions: int = 0,
    ) -> None:
        self._await_answer(1)

        def answer(committed: "asyncio.Future[None]") -> None:
            self._unanswered -= 1
            if committed.cancelled() or committed.exception() is not None:
                return
            if self._transport is not None:
                self.session.reply(event, result)
                self.door.counters.positions.inc(positions)
                self._flush()
                self._read_on()

        done.add_done_callback(answer)

    def _await_answer(self, count: int) -> None:
        self._unanswered += count
        if self._unanswered >= self._unanswered_limit:
            self._pause()

    def _refuse(self, refused: ev.FrameRefused) -> None:
        self.door.counters.refused.labels(refused.reason.value).inc()
        log.warning(
            "frame refused",
            extra={"address": self.address, "reason": refused.reason.value, "n": len(refused.raw)},
        )
        phone = normal_phone(refused.header.phone) if refused.header else None
        self.door.ingest.submit((), [self._kept(refused.raw, refused.reason.value, phone=phone)])
        self._note_defect()

    def _unknown(self, event: ev.Received) -> None:
        plate = event.message.plate if isinstance(event, ev.Registering) else None
        if isinstance(event, ev.Registering):
            self.session.reply_registered(event, RegistrationResult.NO_SUCH_TERMINAL)
        self._quarantine(event, "unknown terminal", unknown=True, plate=plate)

    def _quarantine(
        self, event: ev.Received, reason: str, *, unknown: bool = False, plate: str | None = None
    ) -> None:
        self.door.counters.quarantined.labels(reason).inc()
        frame = self._kept(
            event.raw,
            reason,
            phone=normal_phone(event.header.phone),
            unknown=unknown,
            plate=plate,
        )
        done = self.door.ingest.submit((), [frame])
        if not isinstance(event, ev.Registering):
            self._await_commit(done, event, Result.FAILED)
        self._note_defect()

    def _kept(
        self,
        raw: bytes,
        reason: str,
        now: datetime | None = None,
        *,
        phone: str | None = None,
        unknown: bool = False,
        plate: str | None = None,
    ) -> Quarantined:
        return Quarantined(
            received_at=now or utc_now(),
            protocol="jt808",
            phone=phone or (self.terminal.phone if self.terminal else None),
            address=self.address,
            reason=reason,
            raw=raw[:_KEPT_RAW_BYTES],
            unknown_terminal=unknown,
            claimed_plate=plate,
        )

    def _note_defect(self) -> None:
        now_s = self.door.clock_s()
        self._defects.append(now_s)
        while self._defects and now_s - self._defects[0] > 60:
            self._defects.popleft()
        if len(self._defects) > self.door.settings.link_defects_limit:
            self.close("flood of defects")


def _signature(phone: str) -> bytes:
    """Return the BCD bytes that frames of this number bear, none if there can be none."""
    try:
        octets = bytes.fromhex(phone.zfill(2 * PHONE_OCTETS))
    except ValueError:
        return b""
    return octets if len(octets) == PHONE_OCTETS else b""
