"""Frames of JT/T 808: flags, escapes, checksum (2013 and 2019, section 4.4).

    7E | header | body | XOR | 7E        inside the flags 7E -> 7D 02 and 7D -> 7D 01

Every flag both ends what came before it and opens what follows. So two frames may share one flag,
7E 7E is nothing, and after any garbage the very next flag is in step again.

Escapes are undone before the checksum is tested: each escape pair changes the XOR by 1, so testing
first would accept damaged frames with an even number of escapes and refuse good ones with an odd.
"""

from dataclasses import dataclass
from enum import Enum, auto

from gateway.protocols.jt808.errors import Defect

FLAG = b"\x7e"
ESCAPE = b"\x7d"
SHORTEST_PAYLOAD = 12 + 1
"""Bytes: the 2013 header without a body, and the checksum."""
LONGEST_BETWEEN_FLAGS = 2 * (21 + 1023 + 1)
"""Bytes: 2019 header with package item, fullest body, checksum, every byte escaped."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose checksum is right: `raw` as received with its flags, `payload` unescaped
    header and body without the checksum."""

    raw: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class DefectiveFrame:
    """Bytes that are no frame, kept as received, and why."""

    raw: bytes
    reason: Defect


class _State(Enum):
    HUNTING = auto()
    """No flag was seen yet."""
    INSIDE = auto()
    SKIPPING = auto()
    """The frame is already refused as oversize; its end is awaited."""


class FrameReader:
    """Cuts a byte stream into frames, however it was split into reads.

    Holds at most `limit` bytes and copies each byte once, so that one byte a read costs no more
    than whole frames do.
    """

    __slots__ = ("_chunk", "_limit", "_state")

    def __init__(self, limit: int = LONGEST_BETWEEN_FLAGS) -> None:
        self._limit = limit
        self._state = _State.HUNTING
        self._chunk = bytearray()

    def feed(self, data: bytes) -> list[Frame | DefectiveFrame]:
        """Return what ended inside `data`, in order of arrival."""
        return [unwrap(one) if isinstance(one, bytes) else one for one in self.cut(data)]

    def cut(self, data: bytes) -> list[bytes | DefectiveFrame]:
        """Return the chunks between flags that ended inside `data`, as received and untested, for
        `unwrap` or a decoder of many; what can't be a chunk is already refused."""
        # Most reads begin and end between frames.
        if (
            not self._chunk
            and self._state is not _State.SKIPPING
            and len(data) <= self._limit
            and data.startswith(FLAG)
            and data.endswith(FLAG)
        ):
            self._state = _State.INSIDE
            return [chunk for chunk in data.split(FLAG) if chunk]
        found: list[bytes | DefectiveFrame] = []
        start = 0
        view = memoryview(data)
        while (flag := data.find(FLAG, start)) >= 0:
            if flag - start <= self._limit and self._state is _State.INSIDE and not self._chunk:
                if flag > start:
                    found.append(data[start:flag])
            else:
                self._keep(view[start:flag], found)
                self._end_chunk(found)
            start = flag + 1
        self._keep(view[start:], found)
        return found

    @property
    def is_between_frames(self) -> bool:
        """Whether a flag was the last byte, so that a flag which follows opens a frame."""
        return self._state is _State.INSIDE and not self._chunk

    def finish(self) -> list[DefectiveFrame]:
        """Return what the ended link left unfinished, and be ready for another."""
        left = bytes(self._chunk)
        state = self._state
        self._chunk.clear()
        self._state = _State.HUNTING
        if not left or state is _State.SKIPPING:
            return []
        if state is _State.HUNTING:
            return [DefectiveFrame(left, Defect.GARBAGE)]
        return [DefectiveFrame(FLAG + left, Defect.TRUNCATED)]

    def _keep(self, piece: memoryview, found: list[bytes | DefectiveFrame]) -> None:
        # Each further limit-full counts again, so that a flood without flags is seen as one.
        while len(self._chunk) + len(piece) > self._limit:
            room = self._limit - len(self._chunk)
            self._chunk += piece[:room]
            piece = piece[room:]
            if self._state is _State.HUNTING:
                found.append(DefectiveFrame(bytes(self._chunk), Defect.GARBAGE))
            else:
                found.append(DefectiveFrame(FLAG + self._chunk, Defect.OVERSIZE))
                self._state = _State.SKIPPING
            self._chunk.clear()
        self._chunk += piece

    def _end_chunk(self, found: list[bytes | DefectiveFrame]) -> None:
        chunk = bytes(self._chunk)
        self._chunk.clear()
        state, self._state = self._state, _State.INSIDE
        if not chunk or state is _State.SKIPPING:
            return
        if state is _State.HUNTING:
            found.append(DefectiveFrame(chunk, Defect.GARBAGE))
        else:
            found.append(chunk)


def unwrap(chunk: bytes) -> Frame | DefectiveFrame:
    """Return the frame that `chunk`, the bytes between two flags, is, or why it is none."""
    if len(chunk) > LONGEST_BETWEEN_FLAGS:
        return DefectiveFrame(FLAG + chunk[:LONGEST_BETWEEN_FLAGS], Defect.OVERSIZE)
    raw = FLAG + chunk + FLAG
    payload = unescape(chunk)
    if payload is None:
        return DefectiveFrame(raw, Defect.BAD_ESCAPE)
    if len(payload) < SHORTEST_PAYLOAD:
        return DefectiveFrame(raw, Defect.TRUNCATED)
    # The checksum XORed into what it was made from leaves nothing.
    if checksum(payload) != 0:
        return DefectiveFrame(raw, Defect.CHECKSUM)
    return Frame(raw, payload[:-1])


def frame(payload: bytes) -> bytes:
    """Return `payload` (header and body) as it goes over the wire."""
    summed = payload + bytes((checksum(payload),))
    # The order matters: escaping 7E first would escape its own 7D again.
    escaped = summed.replace(ESCAPE, b"\x7d\x01").replace(FLAG, b"\x7d\x02")
    return FLAG + escaped + FLAG


def checksum(payload: bytes) -> int:
    """Return the XOR of all bytes, 0 to 255.

    The bytes are folded in halves as one integer, which is several times faster than a loop.
    """
    folded = int.from_bytes(payload)
    width = 1 << max(len(payload) - 1, 0).bit_length()
    while width > 1:
        width //= 2
        folded = (folded >> (8 * width)) ^ (folded & ((1 << (8 * width)) - 1))
    return folded


def unescape(chunk: bytes) -> bytes | None:
    """Return the bytes that were escaped into `chunk`, or None if an escape is none."""
    if ESCAPE not in chunk:
        return chunk
    first, *escaped = chunk.split(ESCAPE)
    pieces = [first]
    for piece in escaped:
        if piece[:1] == b"\x01":
            pieces += (ESCAPE, piece[1:])
        elif piece[:1] == b"\x02":
            pieces += (FLAG, piece[1:])
        else:
            return None
    return b"".join(pieces)
