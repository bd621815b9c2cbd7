"""One terminal's link: its connection, and what of it still awaits its commit.

A position is answered when its commit is done, and not before; while too many await theirs, or the
peer does not read its answers, nothing more is read, so that one terminal costs the others nothing.
"""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from fleet.terminals.identity import KnownTerminal, normal_phone
from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808.batch_frames import PHONE_OCTETS, POSITION_ID
from gateway.protocols.jt808.batch_messages import BATCH_ID
from gateway.protocols.jt808.framing import FLAG
from gateway.protocols.jt808.header import Header
from gateway.protocols.jt808.session import Jt808Session
from gateway.protocols.jt808.session_messages import Result
from gateway.terminals.conversation import Conversation
from gateway.terminals.sockets import Connection
from kit.clock import utc_now

if TYPE_CHECKING:
    from gateway.terminals.door import TerminalDoor

log = logging.getLogger(__name__)

_POSITION = FLAG + POSITION_ID
_GATHERED_IDS = (POSITION_ID, BATCH_ID)


class TerminalLink:
    """State of one connection; `terminal` is known once it has proved who it is."""

    __slots__ = (
        "_connection", "_conversation", "_gathers", "_heard", "_paused", "_resting", "_second",
        "_stopped", "_unanswered", "address", "closed", "door", "epoch", "heard_s", "session",
        "signature", "terminal", "terminal_no",
    )  # fmt: skip

    def __init__(self, door: "TerminalDoor", connection: Connection, address: str) -> None:
        self.door = door
        self.address = address
        self.session = Jt808Session()
        self.terminal: KnownTerminal | None = None
        # Once its terminal is known: its number as plain position frames bear it.
        self.terminal_no, self.signature = 0, b""
        self.epoch = 0
        self.heard_s = door.clock_s()
        self.closed = False
        self._connection = connection
        self._conversation = Conversation(self)
        self._unanswered = 0
        # Whether reads that begin with a position and end with a flag can wait uncut.
        self._gathers = False
        self._stopped = self._paused = self._resting = False
        # Messages heard one by one in the present second.
        self._second = self._heard = 0

    # -- the connection -----------------------------------------------------------------------

    def received(self, data: bytes) -> None:
        """Gather what can be read with many others; take the rest at once, in order."""
        self.heard_s = self.door.sockets.at_s
        if (
            self._gathers
            and data.startswith(_POSITION)
            and data.endswith(FLAG)
            # Positions overtake nothing on their way past the conversation.
            and self._conversation.asking is None
        ):
            frames = data.count(FLAG) // 2
            self.await_answer(frames)
            self.door.gathering.add_frames(self, data, self.door.sockets.at_us, frames)
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        """Take bytes apart; gather the messages of many positions, hear the rest."""
        counted = heard = 0
        for chunk in self.session.cut(data):
            if self.closed:
                break
            if (
                self.signature
                and isinstance(chunk, bytes)
                and chunk.startswith(_GATHERED_IDS)
                and self._conversation.asking is None
            ):
                self.await_answer(1)
                counted += chunk.startswith(BATCH_ID)
                self._gather(chunk)
            else:
                heard += 1
                self._conversation.hear(self.session.read(chunk, utc_now()))
        # Gathered frames of one position are counted where they are read.
        self.door.counters.frames.inc(counted + heard)
        self._rest_after(heard)
        self._gathers = bool(self.signature) and self.session.is_between_frames

    def _rest_after(self, heard: int) -> None:
        """Hear nothing more in a second in which so much was said: it is the others' time too."""
        second = int(self.heard_s)
        if second != self._second:
            self._second, self._heard = second, 0
        self._heard += heard
        if self._heard >= self.door.settings.link_messages_per_s and not self.closed:
            self._resting = True
            self.door.resting.add(self)
            self.pause()

    def rest_over(self) -> None:
        """Hear again."""
        self._resting = False
        self.read_on()

    def _gather(self, chunk: bytes) -> None:
        gathering, at_us = self.door.gathering, self.door.sockets.at_us
        if chunk.startswith(BATCH_ID):
            gathering.add_message(self, chunk, at_us)
        else:
            gathering.add_frames(self, FLAG + chunk + FLAG, at_us, 1)

    def ended(self) -> None:
        """Note that the peer has hung up; what it sent before is kept."""
        if not self.closed:
            self._leave()

    def close(self, reason: str) -> None:
        """End the link; what it has not been answered, the terminal will send again."""
        if not self.closed:
            self.door.counters.closed.labels(reason).inc()
            log.info("link closed", extra={**self.named, "reason": reason})
            self._connection.close()
            self._leave()

    def stop_reading(self) -> None:
        """Take nothing more; what was taken will still be answered."""
        self._stopped = True
        self.pause()

    def end(self) -> None:
        """End the link after the last answer has left."""
        self._connection.end()
        self.ended()

    def write(self, data: bytes) -> None:
        """Send to the terminal, if it is still there."""
        if data and not self.closed:
            self._connection.write(data)

    def tick(self, now: datetime) -> None:
        """Let the session ask for missing packages."""
        self._conversation.hear(self.session.tick(now))

    def _leave(self) -> None:
        self.closed = True
        self._conversation.end()
        self.door.left(self)

    def pause(self) -> None:
        """Read nothing more for now."""
        if not self.closed and not self._paused:
            self._paused = True
            self._connection.hold_back()

    def read_on(self) -> None:
        """Read again, if nothing stands against it."""
        if (
            self._paused
            and not self._stopped
            and not self._resting
            and self._conversation.asking is None
            and not self.closed
            and self._unanswered < self.door.settings.link_unanswered
        ):
            self._paused = False
            self._connection.read_on()

    # -- who it is ----------------------------------------------------------------------------

    def identify(self, terminal: KnownTerminal, epoch: int) -> None:
        """Note whose link this is."""
        self.terminal, self.epoch = terminal, epoch
        self.terminal_no, self.signature = terminal.no, _signature(terminal.phone)
        self.door.identified(self)

    @property
    def named(self) -> dict[str, object]:
        """How log lines name this link: by its address, and its terminal once that is known."""
        return {"address": self.address, "terminal_no": self.terminal_no or None}

    def signs(self, header: Header) -> bool:
        """Whether a message with this header bears the number of this link's terminal."""
        return self.terminal is not None and normal_phone(header.phone) == self.terminal.phone

    # -- what awaits its commit ---------------------------------------------------------------

    def await_answer(self, count: int) -> None:
        """Note that `count` frames will be answered when they are committed."""
        self._unanswered += count
        if self._unanswered >= self.door.settings.link_unanswered:
            self.pause()

    def answered(self, answers: bytes, count: int) -> None:
        """Write the answers to `count` frames, which are committed."""
        self._unanswered -= count
        self.write(answers)
        if self._paused:
            self.read_on()

    def answered_batch(self, header: Header) -> None:
        """Answer a gathered batch message, whose positions are committed."""
        self.session.reply(ev.Received(header, (header.serial,), b""), Result.OK)
        self.answered(self.session.data_to_send(), 1)

    def read_alone(self, chunk: bytes) -> None:
        """Take a gathered chunk back that is no plain position of this terminal."""
        if not self.closed:
            self._conversation.hear(self.session.read(chunk, utc_now()))
        self.answered(b"", 1)


def _signature(phone: str) -> bytes:
    """Return the BCD bytes that frames of this number bear, none if there can be none."""
    try:
        octets = bytes.fromhex(phone.zfill(2 * PHONE_OCTETS))
    except ValueError:
        return b""
    return octets if len(octets) == PHONE_OCTETS else b""
