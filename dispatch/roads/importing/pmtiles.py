"""Reading a PMTiles archive, as far as checking one needs.

Source: PMTiles specification, version 3 (github.com/protomaps/PMTiles, spec/v3/spec.md),
sections 3 (header), 4 (directories) and 5 (metadata).
"""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct("<7sB11Q6B4i")
_MAGIC, _VERSION, _GZIP = b"PMTiles", 3, 2


@dataclass(frozen=True, slots=True)
class _Entry:
    """A run of equal tiles, or a leaf directory where `run` is 0."""

    tile_id: int
    offset: int
    length: int
    run: int


class Archive:
    """One archive in memory. Raises ValueError where the bytes are no PMTiles archive."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        if len(self._data) < _HEADER.size:
            raise ValueError(f"{path.name} is too short for a PMTiles archive")
        fields = _HEADER.unpack_from(self._data)
        if fields[:2] != (_MAGIC, _VERSION):
            raise ValueError(f"{path.name} is no PMTiles archive of version 3")
        self._root, self._metadata = fields[2:4], fields[4:6]
        self._leaves, self._tiles = fields[6], fields[8]
        self._inner_gzip, self._tile_gzip = fields[14] == _GZIP, fields[15] == _GZIP
        self.min_zoom, self.max_zoom = int(fields[17]), int(fields[18])

    @property
    def metadata(self) -> dict[str, object]:
        """The archive's JSON metadata."""
        offset, length = self._metadata
        metadata: dict[str, object] = json.loads(self._inner(offset, length))
        return metadata

    def tiles(self) -> Iterator[bytes]:
        """Every distinct tile, uncompressed."""
        for entry in self._entries(*self._root):
            start = self._tiles + entry.offset
            tile = self._data[start : start + entry.length]
            yield gzip.decompress(tile) if self._tile_gzip else tile

    def _inner(self, offset: int, length: int) -> bytes:
        part = self._data[offset : offset + length]
        return gzip.decompress(part) if self._inner_gzip else part

    def _entries(self, offset: int, length: int) -> Iterator[_Entry]:
        for entry in _directory(self._inner(offset, length)):
            if entry.run:
                yield entry
            else:
                yield from self._entries(self._leaves + entry.offset, entry.length)


def _directory(data: bytes) -> list[_Entry]:
    numbers = _varints(data)
    count = next(numbers)
    tile_ids, tile_id = [], 0
    for _ in range(count):
        tile_id += next(numbers)
        tile_ids.append(tile_id)
    runs = [next(numbers) for _ in range(count)]
    lengths = [next(numbers) for _ in range(count)]
    offsets: list[int] = []
    for index in range(count):
        stated = next(numbers)
        # 0 says: right behind the entry before; others are stored plus one.
        follows = offsets[-1] + lengths[index - 1] if stated == 0 and index else 0
        offsets.append(stated - 1 if stated else follows)
    rows = zip(tile_ids, offsets, lengths, runs, strict=True)
    return [_Entry(*row) for row in rows]


def _varints(data: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0
