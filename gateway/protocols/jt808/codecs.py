"""How single fields stand on the wire, each both ways (2013 and 2019, section 4.1 and table 1).

Everything is big-endian. Text is GBK; the 2011 edition ends it with 0x00 and later ones don't, so
trailing zeros are never part of it.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from gateway.protocols.jt808.errors import FieldError
from gateway.protocols.jt808.header import Edition
from gateway.protocols.jt808.times import ZonedBcd

T = TypeVar("T")


class Reader:
    """A body being read: bounded, never past its end."""

    __slots__ = ("_body", "_offset", "edition")

    def __init__(self, body: bytes, edition: Edition) -> None:
        self._body = body
        self._offset = 0
        self.edition = edition

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes. Raises FieldError if there are fewer."""
        end = self._offset + length
        if end > len(self._body):
            raise FieldError(f"{length} bytes wanted, {self.left} left")
        taken = self._body[self._offset : end]
        self._offset = end
        return taken

    def rest(self) -> bytes:
        """Return everything that is left."""
        return self.take(self.left)

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._body) - self._offset


class Codec(ABC, Generic[T]):
    """How one field stands on the wire, both ways."""

    @abstractmethod
    def read(self, reader: Reader) -> T:
        """Take the field from `reader`. Raises FieldError."""

    @abstractmethod
    def write(self, value: T, edition: Edition, /) -> bytes:
        """Return the field's bytes. Raises FieldError if the value doesn't fit."""


@dataclass(frozen=True, slots=True)
class Unsigned(Codec[int]):
    """An unsigned integer of `width` bytes."""

    width: int

    def read(self, reader: Reader) -> int:
        return int.from_bytes(reader.take(self.width))

    def write(self, value: int, _edition: Edition, /) -> bytes:
        try:
            return value.to_bytes(self.width)
        except OverflowError:
            raise FieldError(f"{value} doesn't fit {self.width} bytes") from None


class Rest(Codec[bytes]):
    """All remaining bytes."""

    def read(self, reader: Reader) -> bytes:
        return reader.rest()

    def write(self, value: bytes, _edition: Edition, /) -> bytes:
        return value


@dataclass(frozen=True, slots=True)
class PaddedText(Codec[str]):
    """Text in a fixed width that differs by edition.

    The standard pads with zeros (2011: spaces), after the text or in one place before it; firmware
    pads either side. So both are stripped on reading; zeros after the text are written.
    """

    width_2011: int
    width_2013: int
    width_2019: int

    def read(self, reader: Reader) -> str:
        return _text(reader.take(self._width(reader.edition)).strip(b"\x00 "))

    def write(self, value: str, edition: Edition, /) -> bytes:
        width = self._width(edition)
        encoded = _gbk(value)
        if len(encoded) > width:
            raise FieldError(f"{value!r} is longer than {width} bytes")
        return encoded.ljust(width, b" " if edition is Edition.V2011 else b"\x00")

    def _width(self, edition: Edition) -> int:
        if edition is Edition.V2019:
            return self.width_2019
        return self.width_2013 if edition is Edition.V2013 else self.width_2011


class RestText(Codec[str]):
    """Text up to the end of the body."""

    def read(self, reader: Reader) -> str:
        return _text(reader.rest().rstrip(b"\x00"))

    def write(self, value: str, edition: Edition, /) -> bytes:
        return _gbk(value) + (b"\x00" if edition is Edition.V2011 else b"")


class OptionalRestText(Codec[str | None]):
    """Text up to the end of the body, or nothing at all, which is None."""

    def read(self, reader: Reader) -> str | None:
        return RestText().read(reader) or None

    def write(self, value: str | None, edition: Edition, /) -> bytes:
        return b"" if value is None else RestText().write(value, edition)


class Since2019TextThenCounted(Codec[str]):
    """Text up to the end of the body; from 2019 on text after its length in one byte."""

    def read(self, reader: Reader) -> str:
        if reader.edition is not Edition.V2019:
            return RestText().read(reader)
        return _text(reader.take(reader.take(1)[0]).rstrip(b"\x00"))

    def write(self, value: str, edition: Edition, /) -> bytes:
        if edition is not Edition.V2019:
            return RestText().write(value, edition)
        encoded = _gbk(value)
        return Unsigned(1).write(len(encoded), edition) + encoded


@dataclass(frozen=True, slots=True)
class Since2019(Codec[str | None]):
    """Padded text that older editions don't have: None there, and where a 2019 body ends before
    it; cut where the body ends inside it."""

    width: int

    def read(self, reader: Reader) -> str | None:
        if reader.edition is not Edition.V2019 or not reader.left:
            return None
        return _text(reader.take(min(self.width, reader.left)).strip(b"\x00 "))

    def write(self, value: str | None, edition: Edition, /) -> bytes:
        if edition is not Edition.V2019:
            return b""
        return PaddedText(self.width, self.width, self.width).write(value or "", edition)


class CountedWords(Codec[tuple[int, ...]]):
    """A list of WORDs after its count: a BYTE, from 2019 on a WORD."""

    def read(self, reader: Reader) -> tuple[int, ...]:
        count = self._count(reader.edition).read(reader)
        return tuple(Unsigned(2).read(reader) for _ in range(count))

    def write(self, value: tuple[int, ...], edition: Edition, /) -> bytes:
        words = b"".join(Unsigned(2).write(word, edition) for word in value)
        return self._count(edition).write(len(value), edition) + words

    def _count(self, edition: Edition) -> Unsigned:
        return Unsigned(2 if edition is Edition.V2019 else 1)


@dataclass(frozen=True, slots=True)
class BcdTime(Codec[datetime]):
    """Six BCD bytes yymmddhhmmss in a stated zone."""

    zone: ZonedBcd

    def read(self, reader: Reader) -> datetime:
        time = self.zone.decode(reader.take(6))
        if time is None:
            raise FieldError("the bytes are no BCD time")
        return time

    def write(self, value: datetime, _edition: Edition, /) -> bytes:
        return self.zone.encode(value)


def _text(encoded: bytes) -> str:
    # A lone bad byte must not lose a registration; what was sent stands in the raw frame.
    return encoded.decode("gbk", "replace")


def _gbk(text: str) -> bytes:
    try:
        return text.encode("gbk")
    except UnicodeEncodeError:
        raise FieldError(f"{text!r} can't be written in GBK") from None
