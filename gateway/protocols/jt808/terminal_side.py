"""The terminal's end of a link, for the simulator and for replays: no socket, no clock.

It speaks through the same messages as the platform's end. What it sent stays unacknowledged, by
serial, until the platform answers, so that the caller can repeat it, or take the positions back
when the link is lost and report them blind later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.errors import FieldError, Jt808Error
from gateway.protocols.jt808.fields import Message
from gateway.protocols.jt808.framing import Frame, FrameReader, frame
from gateway.protocols.jt808.header import Edition, Header, Packet, open_frame, plain_header
from gateway.protocols.jt808.messages import UnknownMessage, decode_message
from gateway.protocols.jt808.packages import payloads
from gateway.protocols.jt808.position import PositionReport
from gateway.protocols.jt808.position_messages import PositionMessage, position_batch

UNACKNOWLEDGED_LIMIT = 0x4000
"""Packages; serials wrap at 0x10000, and an answer must mean one package."""


class WindowFullError(Jt808Error):
    """Too much is unacknowledged to send more."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message on its way: its id, the positions in it, and its packages' frames by serial."""

    message_id: int
    positions: tuple[PositionReport, ...]
    frames: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the platform."""

    header: Header
    message: Message | UnknownMessage


class Jt808Terminal:
    """Protocol state of one terminal; it outlives its links."""

    def __init__(self, phone: str, edition: Edition = Edition.V2013) -> None:
        self._phone = phone
        self._edition = edition
        self._reader = FrameReader()
        self._out = bytearray()
        self._serial = 0
        self._pending: dict[int, Sent] = {}
        self.token: str | None = None
        """As given by the last accepted registration."""

    @property
    def unacknowledged(self) -> Mapping[int, Sent]:
        """What the platform hasn't answered, by the serial of each package."""
        return MappingProxyType(self._pending)

    def register(self, registration: sm.Registration) -> int:
        """Present the terminal and its vehicle; the answer brings the token."""
        return self._send(registration)

    def authenticate(self, token: str | None = None, imei: str = "", software: str = "") -> int:
        """Show `token`, or the one that registration brought."""
        return self._send(sm.Authentication(token or self.token or "", imei, software))

    def heartbeat(self) -> int:
        return self._send(sm.TerminalHeartbeat())

    def log_out(self) -> int:
        return self._send(sm.LogOut())

    def ask_time(self) -> int:
        return self._send(sm.TimeQuery())

    def report(self, position: PositionReport) -> int:
        """Send one position; return its serial."""
        return self._send(PositionMessage(position), (position,))

    def report_batch(self, positions: tuple[PositionReport, ...], *, blind: bool = True) -> int:
        """Send several positions in one message, in packages if it is long; return its first
        serial."""
        return self._send(position_batch(positions, blind=blind), positions)

    def answer(self, heard: Heard, result: sm.Result = sm.Result.OK) -> None:
        """Answer a command of the platform."""
        answer = sm.TerminalAnswer(heard.header.serial, heard.header.message_id, result)
        self._write(answer)

    def repeat(self, serial: int) -> None:
        """Send an unacknowledged package again, byte for byte."""
        self._out += self._pending[serial].frames[serial]

    def link_lost(self) -> tuple[PositionReport, ...]:
        """Forget the link; return the positions of unacknowledged messages in the order sent."""
        unsure = {id(sent): sent for sent in self._pending.values()}
        self._pending.clear()
        self._out.clear()
        self._reader = FrameReader()
        return tuple(position for sent in unsure.values() for position in sent.positions)

    def receive(self, data: bytes) -> list[Heard]:
        """Return the platform's messages in `data`, after taking note of answers, token and
        resend requests. Defective frames and split messages are passed over."""
        heard: list[Heard] = []
        for item in self._reader.feed(data):
            packet = open_frame(item) if isinstance(item, Frame) else item
            if not isinstance(packet, Packet) or packet.header.package is not None:
                continue
            header = packet.header
            try:
                message = decode_message(header.message_id, packet.body, header.edition)
            except FieldError:
                continue
            self._note(message)
            heard.append(Heard(header, message))
        return heard

    def data_to_send(self) -> bytes:
        """Return the bytes to be written, once."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def _send(self, message: Message, positions: tuple[PositionReport, ...] = ()) -> int:
        if len(self._pending) >= UNACKNOWLEDGED_LIMIT:
            raise WindowFullError
        first = self._serial
        sent = Sent(message.message_id, positions, self._write(message))
        self._pending.update(dict.fromkeys(sent.frames, sent))
        return first

    def _write(self, message: Message) -> dict[int, bytes]:
        header = plain_header(message.message_id, self._phone, self._serial, self._edition)
        packages = payloads(header, message.encode(self._edition))
        frames = {serial: frame(payload) for serial, payload in packages}
        self._serial = (self._serial + len(frames)) & 0xFFFF
        self._out += b"".join(frames.values())
        return frames

    def _note(self, message: Message | UnknownMessage) -> None:
        match message:
            case sm.PlatformAnswer(serial, message_id, result):
                # A failure may be repeated; for the other refusals repeating changes nothing.
                if result != sm.Result.FAILED:
                    self._acknowledge(serial, message_id)
            case sm.RegistrationAnswer(serial, _, token):
                self.token = token or self.token
                self._acknowledge(serial, sm.Registration.message_id)
            case sm.TimeAnswer():
                for serial, sent in list(self._pending.items()):
                    if sent.message_id == sm.TimeQuery.message_id:
                        self._acknowledge(serial, sent.message_id)
            case sm.PlatformResendRequest(first_serial, numbers):
                for number in numbers:
                    serial = (first_serial + number - 1) & 0xFFFF
                    if serial in self._pending:
                        self.repeat(serial)

    def _acknowledge(self, serial: int, message_id: int) -> None:
        sent = self._pending.get(serial)
        if sent is not None and sent.message_id == message_id:
            del self._pending[serial]
