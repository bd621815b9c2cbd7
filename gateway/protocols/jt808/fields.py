"""The declared fields of messages: one declaration reads and writes.

    @dataclass(frozen=True, slots=True)
    class PlatformAnswer(Message):
        message_id: ClassVar[int] = 0x8001
        answered_serial: Word
        answered_id: Word
        result: Byte

Bytes after the last declared field are tolerated: terminals append to messages of the standard.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self, get_type_hints

from gateway.protocols.jt808.codecs import (
    BcdTime,
    Codec,
    CountedWords,
    OptionalRestText,
    Reader,
    Rest,
    RestText,
    Unsigned,
)
from gateway.protocols.jt808.header import Edition
from gateway.protocols.jt808.times import UTC_TIME

Byte = Annotated[int, Unsigned(1)]
Word = Annotated[int, Unsigned(2)]
Remaining = Annotated[bytes, Rest()]
Text = Annotated[str, RestText()]
OptionalText = Annotated[str | None, OptionalRestText()]
Words = Annotated[tuple[int, ...], CountedWords()]
UtcTime = Annotated[datetime, BcdTime(UTC_TIME)]


Layout = tuple[tuple[str, Codec[Any]], ...]


class Message:
    """A message body: a frozen dataclass whose annotations declare its fields in wire order."""

    __slots__ = ()
    message_id: ClassVar[int]
    _layout: ClassVar[Layout] = ()

    def __init_subclass__(cls) -> None:
        cls._layout = _read_layout(cls)

    @classmethod
    def body_edition(cls, _body: bytes, edition: Edition, /) -> Edition:
        """Return the edition that this body really follows; the header can't tell 2011 and may
        lie about 2019."""
        return edition

    @classmethod
    def decode(cls, body: bytes, edition: Edition) -> Self:
        """Return the message that `body` holds. Raises FieldError."""
        reader = Reader(body, cls.body_edition(body, edition))
        return cls(*[codec.read(reader) for _, codec in cls._layout])

    def encode(self, edition: Edition) -> bytes:
        """Return the body for a receiver of `edition`. Raises FieldError."""
        return b"".join(codec.write(getattr(self, name), edition) for name, codec in self._layout)


def _read_layout(message: type[Message]) -> Layout:
    hints = get_type_hints(message, include_extras=True)
    return tuple(
        (name, codec)
        for name, hint in hints.items()
        for codec in getattr(hint, "__metadata__", ())
        if isinstance(codec, Codec)
    )
