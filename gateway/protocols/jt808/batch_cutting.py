"""Byte streams of many links cut into chunks at once: the vectorised twin of `FrameReader.cut`.

Every segment begins and ends with a flag, so that no chunk reaches from one link into another's.
Positions in `octets` are byte offsets; a chunk is what stands between two flags.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_FLAG, _ESCAPE = 0x7E, 0x7D


@dataclass(frozen=True, slots=True)
class Cut:
    """The chunks of some segments, in order, as received: octets[starts[i]:ends[i]], none empty.

    of: for each chunk the index of its segment
    """

    octets: bytes
    starts: Ints
    ends: Ints
    of: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def chunk(self, index: int) -> bytes:
        """Return the bytes of one chunk."""
        return self.octets[self.starts[index] : self.ends[index]]


@dataclass(frozen=True, slots=True)
class Unescaped:
    """Chunks without their escapes; `well` is false where an escape is none."""

    octets: bytes
    starts: Ints
    ends: Ints
    well: Flags


def cut(segments: Sequence[bytes]) -> Cut:
    """Return the chunks of segments, each of which begins and ends with a flag."""
    joined = b"".join(segments)
    octets = np.frombuffer(joined, np.uint8)
    flags = np.flatnonzero(octets == _FLAG)
    starts, ends = flags[:-1] + 1, flags[1:]
    filled = ends > starts
    starts, ends = starts[filled], ends[filled]
    of = np.searchsorted(_ends(segments), starts, side="right")
    return Cut(joined, starts, ends, of)


def unescape(cut: Cut) -> Unescaped:
    """Return the chunks with their escapes undone."""
    octets = np.frombuffer(cut.octets, np.uint8)
    well = np.ones(len(cut), np.bool_)
    marks = np.flatnonzero(octets == _ESCAPE)
    if not len(marks):
        return Unescaped(cut.octets, cut.starts, cut.ends, well)
    # A flag follows every chunk, so that there is always a byte after a mark.
    second = octets[marks + 1]
    is_escape = (second == 1) | (second == 2)
    well[np.searchsorted(cut.ends, marks[~is_escape], side="right")] = False
    marks, second = marks[is_escape], second[is_escape]
    undone = octets.copy()
    undone[marks] = second + 0x7C
    kept = np.ones(len(octets), np.bool_)
    kept[marks + 1] = False
    starts = cut.starts - np.searchsorted(marks, cut.starts)
    ends = cut.ends - np.searchsorted(marks, cut.ends)
    return Unescaped(undone[kept].tobytes(), starts, ends, well)


def _ends(segments: Sequence[bytes]) -> Ints:
    return np.cumsum(np.fromiter(map(len, segments), np.int64, len(segments)))
