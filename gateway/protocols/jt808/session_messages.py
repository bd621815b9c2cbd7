"""Messages that open, keep and end a link (2013 and 2019, sections 8.1-8.10).

Registration exists in three editions of other widths; 2011 is told by its length alone.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar

from gateway.protocols.jt808.codecs import PaddedText, Since2019, Since2019TextThenCounted
from gateway.protocols.jt808.fields import (
    Byte,
    Message,
    OptionalText,
    Remaining,
    Text,
    UtcTime,
    Word,
    Words,
)
from gateway.protocols.jt808.header import Edition

_REGISTRATION_2013_LENGTH = 37
_REGISTRATION_2019_LENGTH = 76


class Result(IntEnum):
    """Result of a general answer, 0x0001 and 0x8001."""

    OK = 0
    FAILED = 1
    BAD_MESSAGE = 2
    UNSUPPORTED = 3
    ALARM_CONFIRMED = 4
    """Only from the platform."""


class RegistrationResult(IntEnum):
    """Result of a registration, 0x8100."""

    OK = 0
    VEHICLE_ALREADY_REGISTERED = 1
    NO_SUCH_VEHICLE = 2
    TERMINAL_ALREADY_REGISTERED = 3
    NO_SUCH_TERMINAL = 4


@dataclass(frozen=True, slots=True)
class TerminalAnswer(Message):
    """General answer of the terminal. Terminals may send one twice."""

    message_id: ClassVar[int] = 0x0001
    answered_serial: Word
    answered_id: Word
    result: Byte


@dataclass(frozen=True, slots=True)
class PlatformAnswer(Message):
    """General answer of the platform."""

    message_id: ClassVar[int] = 0x8001
    answered_serial: Word
    answered_id: Word
    result: Byte


@dataclass(frozen=True, slots=True)
class TerminalHeartbeat(Message):
    """The standard's has no body; some terminals put a status in it."""

    message_id: ClassVar[int] = 0x0002
    body: Remaining = b""


@dataclass(frozen=True, slots=True)
class LogOut(Message):
    """The terminal gives up its registration."""

    message_id: ClassVar[int] = 0x0003


@dataclass(frozen=True, slots=True)
class TimeQuery(Message):
    """The terminal asks for the time (2019)."""

    message_id: ClassVar[int] = 0x0004


@dataclass(frozen=True, slots=True)
class TimeAnswer(Message):
    """The platform's time, the only one in UTC (2019)."""

    message_id: ClassVar[int] = 0x8004
    time: UtcTime


@dataclass(frozen=True, slots=True)
class TerminalResendRequest(Message):
    """The terminal misses packages of a split message (2019)."""

    message_id: ClassVar[int] = 0x0005
    first_serial: Word
    indexes: Words


@dataclass(frozen=True, slots=True)
class PlatformResendRequest(Message):
    """The platform misses packages of a split message; `first_serial` is the first package's."""

    message_id: ClassVar[int] = 0x8003
    first_serial: Word
    indexes: Words


@dataclass(frozen=True, slots=True)
class Registration(Message):
    """A terminal presents itself and its vehicle. `plate` is the VIN while unplated (colour 0)."""

    message_id: ClassVar[int] = 0x0100
    province: Word
    city: Word
    maker: Annotated[str, PaddedText(5, 5, 11)]
    model: Annotated[str, PaddedText(8, 20, 30)]
    terminal_id: Annotated[str, PaddedText(7, 7, 30)]
    plate_colour: Byte
    plate: Text

    @classmethod
    def body_edition(cls, body: bytes, edition: Edition, /) -> Edition:
        if len(body) < _REGISTRATION_2013_LENGTH:
            return Edition.V2011
        if edition is Edition.V2019 and len(body) < _REGISTRATION_2019_LENGTH:
            return Edition.V2013
        return edition


@dataclass(frozen=True, slots=True)
class RegistrationAnswer(Message):
    """The platform's answer to a registration; `token` only with result 0."""

    message_id: ClassVar[int] = 0x8100
    answered_serial: Word
    result: Byte
    token: OptionalText


@dataclass(frozen=True, slots=True)
class Authentication(Message):
    """The terminal shows its token; from 2019 on with its IMEI and software version."""

    message_id: ClassVar[int] = 0x0102
    token: Annotated[str, Since2019TextThenCounted()]
    imei: Annotated[str | None, Since2019(15)] = None
    software: Annotated[str | None, Since2019(20)] = None

    @classmethod
    def body_edition(cls, body: bytes, edition: Edition, /) -> Edition:
        # A 2013 token begins with a printable character, which as a count exceeds the body.
        if edition is Edition.V2019 and body and 1 + body[0] > len(body):
            return Edition.V2013
        return edition
