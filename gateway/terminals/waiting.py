"""What waits undecoded: what the reads of identified links have brought."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from gateway.protocols.jt808.batch_messages import PlainBatch

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink

_BYTES_A_POSITION = 60
_SHARE = 500


@dataclass(slots=True)
class Frames:
    """Frames in the order of their arrival: whose, the bytes between flags, received when.

    Three lists, since one object a frame would cost more than reading it.
    """

    links: "list[TerminalLink]" = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    received_us: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.chunks)

    def add(self, link: "TerminalLink", chunks: Sequence[bytes], received_us: int) -> None:
        """Append what one read brought."""
        if len(chunks) == 1:
            self.links.append(link)
            self.chunks.append(chunks[0])
            self.received_us.append(received_us)
        else:
            self.links.extend(repeat(link, len(chunks)))
            self.chunks.extend(chunks)
            self.received_us.extend(repeat(received_us, len(chunks)))

    def take(self, most: int) -> "Frames":
        """Take the first `most` frames out."""
        taken = Frames(self.links[:most], self.chunks[:most], self.received_us[:most])
        del self.links[:most], self.chunks[:most], self.received_us[:most]
        return taken


class PlainMessage(NamedTuple):
    """A message whose items are plain positions, as it came and as it was read."""

    link: "TerminalLink"
    chunk: bytes
    received_us: int
    batch: PlainBatch


class Messages:
    """Messages in the order of their arrival; `positions`: how many there are in them, about."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[TerminalLink, bytes, int]] = deque()
        self.positions = 0

    def __iter__(self) -> "Iterator[tuple[TerminalLink, bytes, int]]":
        return iter(self._waiting)

    def add(self, link: "TerminalLink", chunk: bytes, received_us: int) -> None:
        """Append a message."""
        self._waiting.append((link, chunk, received_us))
        self.positions += _positions_in(chunk)

    def take_shares(self, most: int) -> "Iterator[Messages]":
        """Take about `most` positions out, in shares, so that a batch can end between."""
        taken = 0
        while self._waiting and taken < most:
            share = Messages()
            while self._waiting and share.positions < _SHARE:
                link, chunk, received_us = self._waiting.popleft()
                self.positions -= _positions_in(chunk)
                share.add(link, chunk, received_us)
            taken += share.positions
            yield share


def _positions_in(chunk: bytes) -> int:
    return 1 + len(chunk) // _BYTES_A_POSITION
