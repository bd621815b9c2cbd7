"""Messages that carry positions: 0x0200 and 0x0704 (2013 and 2019, 8.12 and 8.49)."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from gateway.protocols.jt808.codecs import Codec, Reader
from gateway.protocols.jt808.errors import FieldError
from gateway.protocols.jt808.fields import Byte, Message, Word
from gateway.protocols.jt808.header import Edition
from gateway.protocols.jt808.position import (
    BASIC_LENGTH,
    PositionReport,
    decode_position,
    encode_position,
)

NORMAL, BLIND = 0, 1
"""Kinds of batch: sent together, or stored while the link was down (盲区补报)."""


class WholePosition(Codec[PositionReport]):
    """A position up to the end of the body."""

    def read(self, reader: Reader) -> PositionReport:
        return decode_position(reader.rest())

    def write(self, value: PositionReport, _edition: Edition, /) -> bytes:
        return encode_position(value)


@dataclass(frozen=True, slots=True)
class BatchItems:
    """The items of a batch. What is no position stays raw: whole items and an unread `tail`."""

    items: tuple[PositionReport | bytes, ...]
    tail: bytes = b""

    @property
    def positions(self) -> tuple[PositionReport, ...]:
        return tuple(item for item in self.items if isinstance(item, PositionReport))

    @property
    def unread(self) -> tuple[bytes, ...]:
        """The raw pieces that are no position."""
        bad = tuple(item for item in self.items if isinstance(item, bytes))
        return (*bad, self.tail) if self.tail else bad


class CountedItems(Codec[BatchItems]):
    """Items {length WORD, position} up to the end of the body.

    Some firmware writes wrong lengths. While all lengths together end exactly at the body's end, a
    short item is only itself bad; otherwise nothing after the first bad one can be trusted, and it
    stays raw in the tail.
    """

    def read(self, reader: Reader) -> BatchItems:
        body = reader.rest()
        spans = item_spans(body)
        in_step = (spans[-1][1] if spans else 0) == len(body)
        items: list[PositionReport | bytes] = []
        for start, end in spans:
            item = body[start + 2 : end]
            if len(item) >= BASIC_LENGTH:
                items.append(decode_position(item))
            elif in_step:
                items.append(item)
            else:
                return BatchItems(tuple(items), body[start:])
        return BatchItems(tuple(items), body[spans[-1][1] :] if spans else body)

    def write(self, value: BatchItems, _edition: Edition, /) -> bytes:
        pieces: list[bytes] = []
        for item in value.items:
            encoded = item if isinstance(item, bytes) else encode_position(item)
            if len(encoded) > 0xFFFF:
                raise FieldError(f"an item of a batch has 65,535 bytes at most, not {len(encoded)}")
            pieces += (len(encoded).to_bytes(2), encoded)
        return b"".join((*pieces, value.tail))


def item_spans(body: bytes) -> list[tuple[int, int]]:
    """Start and end of each item with its length, as far as the lengths stay inside the body."""
    spans: list[tuple[int, int]] = []
    start = 0
    while start + 2 <= len(body):
        end = start + 2 + int.from_bytes(body[start : start + 2])
        if end > len(body):
            break
        spans.append((start, end))
        start = end
    return spans


@dataclass(frozen=True, slots=True)
class PositionMessage(Message):
    """One position."""

    message_id: ClassVar[int] = 0x0200
    position: Annotated[PositionReport, WholePosition()]


@dataclass(frozen=True, slots=True)
class PositionBatch(Message):
    """Several positions. `count` is what the sender declared; the items speak for themselves."""

    message_id: ClassVar[int] = 0x0704
    count: Word
    kind: Byte
    batch: Annotated[BatchItems, CountedItems()]


def position_batch(positions: tuple[PositionReport, ...], *, blind: bool) -> PositionBatch:
    """Return the batch message of `positions`."""
    return PositionBatch(len(positions), BLIND if blind else NORMAL, BatchItems(positions))
