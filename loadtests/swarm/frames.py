"""The bytes that a terminal of the swarm sends, made before anything is measured."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from gateway.protocols.jt808.fields import Message
from gateway.protocols.jt808.framing import frame
from gateway.protocols.jt808.header import Edition, plain_header
from gateway.protocols.jt808.packages import payloads
from gateway.protocols.jt808.position import PositionReport, position_report
from gateway.protocols.jt808.position_messages import PositionMessage, position_batch
from gateway.protocols.jt808.session_messages import TerminalHeartbeat

PHONES_FROM = 10_000_000_000
"""The swarm's numbers begin here: eleven digits, as the 2013 edition has them."""

_STEP_DEG = 0.0001
_EVERY = timedelta(seconds=5)


def phone_of(terminal: int) -> str:
    """Return the number of the swarm's terminal `terminal`, counted from 0."""
    return str(PHONES_FROM + terminal)


def signature_of(terminal: int) -> bytes:
    """Return the number as the bytes of a header."""
    return bytes.fromhex(phone_of(terminal).zfill(12))


def greeting(terminal: int) -> bytes:
    """Return the frame that proves who this is: a heartbeat, serial 0."""
    return heartbeat(terminal, 0)


def heartbeat(terminal: int, serial: int) -> bytes:
    """Return the frame of a heartbeat."""
    return _framed(terminal, serial, TerminalHeartbeat())


def live_frame(terminal: int, serial: int, report: PositionReport) -> bytes:
    """Return the frame of one position (0x0200)."""
    return _framed(terminal, serial, PositionMessage(report))


def blind_frame(terminal: int, serial: int, reports: Sequence[PositionReport]) -> bytes:
    """Return the frame of positions stored while the link was down (0x0704, kind 1)."""
    return _framed(terminal, serial, position_batch(tuple(reports), blind=True))


def reports(terminal: int, count: int, since: datetime) -> list[bytes]:
    """Return `count` frames of one position each, serials 1 to `count`, on a line of its own.

    since: when the first was fixed; the others follow every five seconds
    """
    return [
        live_frame(
            terminal,
            n + 1,
            position_report(
                since.astimezone(UTC) + n * _EVERY,
                45.5 + (terminal % 997) * _STEP_DEG + n * _STEP_DEG,
                126.5 + (terminal // 997) * _STEP_DEG,
                speed_kmh=40.0,
                course_deg=n % 360,
                altitude_m=140,
                odometer_m=100_000 + 100 * n,
                satellites=11,
            ),
        )
        for n in range(count)
    ]


def _framed(terminal: int, serial: int, message: Message) -> bytes:
    header = plain_header(message.message_id, phone_of(terminal), serial, Edition.V2013)
    return b"".join(
        frame(payload) for _, payload in payloads(header, message.encode(Edition.V2013))
    )
