"""What a session tells its caller. Each message waits for `reply` with its own event.

Nothing is acknowledged before the caller says so: an acknowledged position is a committed one.
"""

from dataclasses import dataclass

from gateway.protocols.jt808.errors import Defect
from gateway.protocols.jt808.fields import Message
from gateway.protocols.jt808.header import Header
from gateway.protocols.jt808.messages import UnknownMessage
from gateway.protocols.jt808.position import PositionReport
from gateway.protocols.jt808.session_messages import Registration, TerminalAnswer


@dataclass(frozen=True, slots=True)
class Received:
    """A whole message. `serials` are those of all its packages, in order: one, or more if it was
    split; `header` is the first package's. `raw` is the message as received, all its frames."""

    header: Header
    serials: tuple[int, ...]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Registering(Received):
    """Answer with `reply_registered`."""

    message: Registration


@dataclass(frozen=True, slots=True)
class Authenticating(Received):
    """The terminal showed its token; IMEI and software version only from 2019 on."""

    token: str
    imei: str | None
    software: str | None


@dataclass(frozen=True, slots=True)
class PositionsReceived(Received):
    """One position, or a batch. `blind` is true for what was stored while the link was down.
    `unread` holds the raw pieces of a batch that are no position."""

    positions: tuple[PositionReport, ...]
    batch: bool
    blind: bool
    unread: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Heartbeat(Received):
    """The link is alive. Some terminals send a body along."""

    body: bytes


@dataclass(frozen=True, slots=True)
class LoggedOut(Received):
    """The terminal gave up its registration."""


@dataclass(frozen=True, slots=True)
class TimeAsked(Received):
    """Answer with `reply_time`."""


@dataclass(frozen=True, slots=True)
class CommandAnswered(Received):
    """The terminal answered a command of ours, perhaps twice. It awaits no reply."""

    message: TerminalAnswer


@dataclass(frozen=True, slots=True)
class Unhandled(Received):
    """A whole message that the session gives no meaning to."""

    message: Message | UnknownMessage


@dataclass(frozen=True, slots=True)
class FrameRefused:
    """Bytes that became no message, as received: count them, keep them, acknowledge nothing.
    `header` is known when the frame itself was whole."""

    raw: bytes
    reason: Defect
    header: Header | None = None


Event = (
    Registering
    | Authenticating
    | PositionsReceived
    | Heartbeat
    | LoggedOut
    | TimeAsked
    | CommandAnswered
    | Unhandled
    | FrameRefused
)
