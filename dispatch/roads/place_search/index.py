"""The places of a map by name: every way to type a name, from each of its syllables on, in order.

A suffix array (Manber and Myers 1993) over three texts: names as written, as spoken, and their
initials. What begins with a query lies together in it, so that a query is two binary searches,
whatever its length and wherever in a name it stands. Its arrays are mapped from the version's
folder, so that processes share them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dispatch.roads.place_search.spelling import plain, spelling, tokens

Ints32 = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

_END = b"\n"
_SORTED_BYTES = 24
"""Suffixes that are alike for so long stand in any order, and are compared when asked for."""


class Match(IntEnum):
    """How a query meets a name, the best first."""

    WHOLE = 0
    BEGINS = 1
    WITHIN = 2
    WHOLE_PINYIN = 3
    BEGINS_PINYIN = 4
    WITHIN_PINYIN = 5
    WHOLE_INITIALS = 6
    BEGINS_INITIALS = 7
    WITHIN_INITIALS = 8


_NONE = 255
_SCATTERED = 16
"""Added where the parts of a query are found, but not together."""


@dataclass(frozen=True, eq=False)
class NameIndex:
    """N names; `text` holds each three times, `suffix` all places in it where a query may begin."""

    text: Bytes
    suffix: npt.NDArray[np.int64]
    owner: Ints32
    """(len(suffix),) the name that each suffix belongs to."""
    region: npt.NDArray[np.int64]
    """Where the three texts begin, and where the last one ends."""

    @classmethod
    def build(cls, names: Sequence[str]) -> NameIndex:
        """The index of names, by their number."""
        spelled = [spelling(name) for name in names]
        texts = (
            [tuple(one.written) for one in spelled],
            [one.syllables for one in spelled],
            [one.initials for one in spelled],
        )
        parts = [_laid_out(units) for units in texts]
        region = np.cumsum([0, *(len(text) for text, _, _ in parts)], dtype=np.int64)
        text = np.concatenate([text for text, _, _ in parts])
        suffix = np.concatenate(
            [starts + begins for (_, starts, _), begins in zip(parts, region, strict=False)]
        )
        owner = np.concatenate([owners for _, _, owners in parts])
        order = _in_order(text, suffix)
        return cls(text, suffix[order], owner[order], region)

    @classmethod
    def load(cls, folder: Path) -> NameIndex:
        """The index that lies in a version's folder. Raises OSError or ValueError."""
        arrays = {
            field.name: np.load(_file(folder, field.name), mmap_mode="r", allow_pickle=False)
            for field in fields(cls)
        }
        return cls(**arrays)

    def save(self, folder: Path) -> None:
        """Write the arrays into a map version's folder."""
        for field in fields(self):
            np.save(_file(folder, field.name), getattr(self, field.name), allow_pickle=False)

    def find(self, query: str, count: int) -> Bytes:
        """(count,) how well each name meets the query, 255 where it doesn't: the less the better.

        A name that has the query as one stands before one that has its parts here and there.
        count: how many names there are
        """
        parts = tokens(query)
        if not parts:
            return np.full(count, _NONE, dtype=np.uint8)
        best = self._met(plain(query), count)
        if len(parts) == 1:
            return best
        every = np.zeros(count, dtype=np.uint8)
        for part in parts:
            np.maximum(every, self._met(part, count), out=every)
        scattered = np.where(every == _NONE, _NONE, every + _SCATTERED).astype(np.uint8)
        return np.minimum(best, scattered)

    def _met(self, part: str, count: int) -> Bytes:
        """(count,) the best match of one part with each name."""
        met = np.full(count, _NONE, dtype=np.uint8)
        wanted = part.encode()
        at, owner = self._beginning_with(wanted)
        if len(at) == 0:
            return met
        begins = self.text[np.maximum(at - 1, 0)] == ord(_END)
        begins |= at == 0
        whole = begins & (self.text[at + len(wanted)] == ord(_END))
        kinds = 3 * (np.searchsorted(self.region, at, side="right") - 1)
        kinds = (kinds + np.where(whole, Match.WHOLE, np.where(begins, 1, 2))).astype(np.uint8)
        for kind in reversed(Match):
            met[owner[kinds == kind]] = kind
        return met

    def _beginning_with(self, wanted: bytes) -> tuple[npt.NDArray[np.int64], Ints32]:
        """Suffixes that begin with these bytes, and whose they are."""
        head = wanted[:_SORTED_BYTES]
        length = len(head)
        first, last = 0, len(self.suffix)
        while first < last:
            middle = (first + last) // 2
            at = int(self.suffix[middle])
            if self.text[at : at + length].tobytes() < head:
                first = middle + 1
            else:
                last = middle
        begin, last = first, len(self.suffix)
        while first < last:
            middle = (first + last) // 2
            at = int(self.suffix[middle])
            if self.text[at : at + length].tobytes() <= head:
                first = middle + 1
            else:
                last = middle
        found, owner = self.suffix[begin:first], self.owner[begin:first]
        if len(wanted) > length:
            size = len(wanted)
            same = [self.text[at : at + size].tobytes() == wanted for at in found.tolist()]
            found, owner = found[same], owner[same]
        return found, owner


def _file(folder: Path, array: str) -> Path:
    return folder / f"place_{array}.npy"


INDEX_FILES = tuple(_file(Path(), field.name).name for field in fields(NameIndex))


def _laid_out(names: Sequence[Sequence[str]]) -> tuple[Bytes, npt.NDArray[np.int64], Ints32]:
    """The bytes of names that are given by their units; where each unit begins; whose it is."""
    units = [unit.encode() for unit in chain.from_iterable((*name, "\n") for name in names)]
    text = np.frombuffer(b"".join(units), dtype=np.uint8)
    lengths = np.fromiter(map(len, units), dtype=np.int64, count=len(units))
    starts = np.cumsum(lengths) - lengths
    counts = np.fromiter((len(name) + 1 for name in names), dtype=np.int64, count=len(names))
    owner = np.repeat(np.arange(len(names), dtype=np.int32), counts)
    wanted = text[starts] != ord(_END)
    return text, starts[wanted], owner[wanted]


def _in_order(text: Bytes, suffix: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The order of suffixes by their first bytes: eight at a time, the last ones first."""
    padded = np.concatenate([text, np.zeros(_SORTED_BYTES, dtype=np.uint8)])
    order = np.arange(len(suffix))
    for start in range(_SORTED_BYTES - 8, -1, -8):
        keys = np.zeros(len(suffix), dtype=np.uint64)
        for byte in range(8):
            keys = (keys << np.uint64(8)) | padded[suffix + (start + byte)]
        order = order[np.argsort(keys[order], kind="stable")]
    return order
