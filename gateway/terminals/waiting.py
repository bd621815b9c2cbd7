"""What waits undecoded: what the reads of identified links have brought."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from gateway.protocols.jt808.batch_messages import PlainBatch

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink

_BYTES_A_POSITION = 60
_SHARE = 500


@dataclass(slots=True)
class Segments:
    """Reads in the order of their arrival, uncut: whose, the bytes, received when, and how many
    frames they seem to hold. Each begins and ends with a flag.

    Lists side by side, since one object a read would cost more than reading it.
    """

    links: "list[TerminalLink]" = field(default_factory=list)
    octets: list[bytes] = field(default_factory=list)
    received_us: list[int] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    total: int = 0

    def add(self, link: "TerminalLink", octets: bytes, received_us: int, frames: int) -> None:
        """Append what one read brought."""
        self.links.append(link)
        self.octets.append(octets)
        self.received_us.append(received_us)
        self.frames.append(frames)
        self.total += frames

    def take(self, most: int) -> "Segments":
        """Take the first reads of about `most` frames out."""
        count = len(self.links)
        if self.total > most:
            count = 1 + bisect_left(list(accumulate(self.frames)), most)
        taken = Segments(
            self.links[:count],
            self.octets[:count],
            self.received_us[:count],
            self.frames[:count],
            sum(self.frames[:count]),
        )
        del self.links[:count], self.octets[:count], self.received_us[:count], self.frames[:count]
        self.total -= taken.total
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
