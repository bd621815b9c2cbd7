"""The platform's end of one JT/T 808 link: no socket, no clock, no database.

    for event in session.receive(data, now): ...   what arrived
    session.reply(event, Result.OK)                when the caller has committed it
    socket.write(session.data_to_send())           what is to leave
    session.tick(now)                              now and then, for split messages

Answers are correlated by the serial and id they answer and are written in the terminal's own header
layout; our own serials increase with every frame, so that terminals can answer commands in turn.
"""

from datetime import datetime

from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.errors import Defect, FieldError, FrameError, Jt808Error
from gateway.protocols.jt808.fields import Message
from gateway.protocols.jt808.framing import DefectiveFrame, Frame, FrameReader, frame, unwrap
from gateway.protocols.jt808.header import Header, Packet, open_frame
from gateway.protocols.jt808.messages import UnknownMessage, decode_message
from gateway.protocols.jt808.packages import PackageLimits, Reassembler, WholeMessage, payloads
from gateway.protocols.jt808.position_messages import BLIND, PositionBatch, PositionMessage

LIMITS = PackageLimits()
"""What a link may have unfinished, if nobody says otherwise."""

_ASKED_AT_ONCE = 255
"""The 2013 resend request counts its packages in one byte."""


class NotIdentifiedError(Jt808Error):
    """Nothing arrived on this link yet: there is no terminal to write to."""


class Jt808Session:
    """Protocol state of one link. Our serials count from `first_serial` and wrap after 0xFFFF.

    A hundred thousand links stand idle at once: what most of them never need is made when needed.
    """

    __slots__ = ("_limits", "_out", "_packages", "_peer", "_reader", "_serial")

    def __init__(self, limits: PackageLimits = LIMITS, first_serial: int = 0) -> None:
        self._limits = limits
        self._reader = FrameReader()
        self._packages: Reassembler | None = None
        self._out = b""
        self._serial = first_serial
        self._peer: Header | None = None

    def receive(self, data: bytes, now: datetime) -> list[ev.Event]:
        """Return what `data` completed. Whatever the bytes, nothing is raised."""
        return [event for chunk in self.cut(data) for event in self.read(chunk, now)]

    def cut(self, data: bytes) -> list[bytes | DefectiveFrame]:
        """Return what ended inside `data`, for `read` or, position frames, a decoder of many."""
        return self._reader.cut(data)

    @property
    def is_between_frames(self) -> bool:
        """Whether bytes that begin and end with a flag could be cut without `cut`."""
        return self._reader.is_between_frames

    def read(self, chunk: bytes | DefectiveFrame, now: datetime) -> list[ev.Event]:
        """Return what a chunk of `cut` completes. Whatever the bytes, nothing is raised."""
        event = self._event(unwrap(chunk) if isinstance(chunk, bytes) else chunk, now)
        return self._given_up() if event is None else [event, *self._given_up()]

    @property
    def awaits_packages(self) -> bool:
        """Whether a split message is unfinished, so that `tick` has something to do."""
        return self._packages is not None and not self._packages.is_idle

    def tick(self, now: datetime) -> list[ev.Event]:
        """Ask for missing packages; return the split messages that were given up."""
        for absent in self._packages.tick(now) if self._packages is not None else ():
            numbers = absent.numbers[:_ASKED_AT_ONCE]
            self.send(sm.PlatformResendRequest(absent.first_serial, numbers), absent.header)
        return self._given_up()

    def finish(self) -> list[ev.Event]:
        """Return what the ended link left unfinished in its last bytes."""
        return [ev.FrameRefused(left.raw, left.reason) for left in self._reader.finish()]

    def reply(self, event: ev.Received, result: sm.Result = sm.Result.OK) -> None:
        """Answer a message with 0x8001, every package of it by its own serial."""
        for serial in event.serials:
            answer = sm.PlatformAnswer(serial, event.header.message_id, result)
            self.send(answer, event.header)

    def reply_registered(
        self, event: ev.Registering, result: sm.RegistrationResult, token: str | None = None
    ) -> None:
        """Answer a registration with 0x8100; only a good result carries the token."""
        shown = token if result is sm.RegistrationResult.OK else None
        self.send(sm.RegistrationAnswer(event.header.serial, result, shown), event.header)

    def reply_time(self, event: ev.TimeAsked, now: datetime) -> None:
        """Answer a time query with 0x8004, in UTC."""
        self.send(sm.TimeAnswer(now), event.header)

    def take_serials(self, count: int) -> int:
        """Return the first of `count` serials of ours, for frames that are made elsewhere."""
        first = self._serial
        self._serial = (first + count) & 0xFFFF
        return first

    def send(self, message: Message | UnknownMessage, to: Header | None = None) -> int:
        """Append a message to what is to be sent; return its first serial, by which a command's
        answer will be known. Raises NotIdentifiedError before anything arrived."""
        peer = to or self._peer
        if peer is None:
            raise NotIdentifiedError
        first = self._serial
        header = peer.answering(message.message_id, first)
        for serial, payload in payloads(header, message.encode(peer.edition)):
            self._out += frame(payload)
            self._serial = (serial + 1) & 0xFFFF
        return first

    def data_to_send(self) -> bytes:
        """Return the bytes to be written, once."""
        data, self._out = self._out, b""
        return data

    def _event(self, item: Frame | DefectiveFrame, now: datetime) -> ev.Event | None:
        packet = open_frame(item) if isinstance(item, Frame) else item
        if isinstance(packet, DefectiveFrame):
            return ev.FrameRefused(packet.raw, packet.reason)
        header = packet.header
        self._peer = header
        try:
            whole = self._whole(packet, now)
            return None if whole is None else _interpret(whole)
        except FrameError as error:
            return ev.FrameRefused(packet.raw, error.reason, header)

    def _given_up(self) -> list[ev.Event]:
        if self._packages is None:
            return []
        return [
            ev.FrameRefused(whole.raw, Defect.PACKAGES, whole.header)
            for whole in self._packages.take_given_up()
        ]

    def _whole(self, packet: Packet, now: datetime) -> WholeMessage | None:
        header = packet.header
        if header.encryption:
            raise FrameError(Defect.ENCRYPTED)
        if header.package is None:
            return WholeMessage(header, (header.serial,), packet.body, packet.raw)
        if self._packages is None:
            self._packages = Reassembler(self._limits)
        return self._packages.add(packet, header.package, now)


def _interpret(whole: WholeMessage) -> ev.Event:
    header = whole.header
    try:
        message = decode_message(header.message_id, whole.body, header.edition)
    except FieldError:
        return ev.FrameRefused(whole.raw, Defect.BODY, header)
    return _event_of(message, whole)


def _event_of(message: Message | UnknownMessage, whole: WholeMessage) -> ev.Event:
    header, serials, raw = whole.header, whole.serials, whole.raw
    match message:
        case PositionMessage(position):
            return ev.PositionsReceived(header, serials, raw, (position,), False, False, ())
        case PositionBatch(_, kind, batch):
            return ev.PositionsReceived(
                header, serials, raw, batch.positions, True, kind == BLIND, batch.unread
            )
        case sm.TerminalHeartbeat(body):
            return ev.Heartbeat(header, serials, raw, body)
        case sm.Authentication(token, imei, software):
            return ev.Authenticating(header, serials, raw, token, imei, software)
        case sm.Registration():
            return ev.Registering(header, serials, raw, message)
        case sm.LogOut():
            return ev.LoggedOut(header, serials, raw)
        case sm.TimeQuery():
            return ev.TimeAsked(header, serials, raw)
        case sm.TerminalAnswer():
            return ev.CommandAnswered(header, serials, raw, message)
        case _:
            return ev.Unhandled(header, serials, raw, message)
