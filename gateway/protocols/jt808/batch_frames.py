"""Frames of single positions (0x0200), many at once: the vectorised twin of framing and header.

What is plain is read here: one package, unencrypted, a right checksum, the header that its version
flag announces. Everything else is for the scalar codec, which alone says what is wrong with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gateway.protocols.jt808.batch_cutting import Bytes, Cut, Flags, Ints, cut, unescape
from gateway.protocols.jt808.batch_positions import PositionArrays, read_bodies
from gateway.protocols.jt808.framing import FLAG
from gateway.protocols.jt808.position import BASIC_LENGTH
from gateway.protocols.jt808.position_messages import PositionMessage

POSITION_ID = PositionMessage.message_id.to_bytes(2)
_BODY_LENGTH, _ENCRYPTION, _PACKAGED, _VERSIONED = 0x03FF, 0x1C00, 0x2000, 0x4000
_OLD_HEADER, _NEW_HEADER = 12, 17
PHONE_OCTETS = 10


@dataclass(frozen=True, slots=True)
class FrameArrays:
    """The plain ones among many frames; `index` says which these are, in order.

    `phone` is (n, 10): the number's BCD bytes, those of 2013 with four zeros before them. `version`
    is the protocol version of the 2019 header, -1 in the older one.
    """

    index: Ints
    phone: Bytes
    version: Ints
    serial: Ints
    positions: PositionArrays


def decode_frames(chunks: Sequence[bytes]) -> FrameArrays:
    """Return what the plain frames among `chunks`, the bytes between two flags, say."""
    return decode_cut(cut([FLAG + chunk + FLAG for chunk in chunks]))


def decode_cut(chunks: Cut, signed: Bytes | None = None) -> FrameArrays:
    """Return what the plain frames among `chunks` say.

    signed: (n, 10), the number that each must be signed with to count as plain
    """
    unescaped = unescape(chunks)
    joined, starts, ends = unescaped.octets, unescaped.starts, unescaped.ends
    octets = np.frombuffer(joined, np.uint8)
    plain = unescaped.well & (ends - starts > _OLD_HEADER + BASIC_LENGTH)
    plain[plain] = _whole(octets, starts[plain], ends[plain])
    index = np.flatnonzero(plain)
    starts, ends = starts[index], ends[index]
    attributes = _words(octets, starts + 2)
    is_new = attributes & _VERSIONED != 0
    bodies = starts + np.where(is_new, _NEW_HEADER, _OLD_HEADER)
    body_length = ends - 1 - bodies
    fits = (
        (_words(octets, starts) == PositionMessage.message_id)
        & (attributes & (_ENCRYPTION | _PACKAGED) == 0)
        & (attributes & _BODY_LENGTH == body_length)
        & (body_length >= BASIC_LENGTH)
    )
    phone = _phones(octets, starts, is_new)
    if signed is not None:
        fits &= (phone == signed[index]).all(axis=1)
    positions = read_bodies(joined, bodies[fits], ends[fits] - 1)
    if not positions.sure.all():
        # Rare enough to be read twice: an array without its unsure rows is a simpler thing.
        fits[np.flatnonzero(fits)[~positions.sure]] = False
        positions = read_bodies(joined, bodies[fits], ends[fits] - 1)
    starts, is_new, bodies = starts[fits], is_new[fits], bodies[fits]
    return FrameArrays(
        index=index[fits],
        phone=phone[fits],
        version=np.where(is_new, octets[starts + 4].astype(np.int64), -1),
        serial=_words(octets, bodies - 2),
        positions=positions,
    )


def _whole(octets: Bytes, starts: Ints, ends: Ints) -> Flags:
    """Return which frames' bytes, the checksum among them, XOR to nothing."""
    if not len(starts):
        return np.ones(0, np.bool_)
    # Each sum runs on to the next frame's start; what stands between two frames is summed apart.
    bounds = np.empty(2 * len(starts), np.int64)
    bounds[::2], bounds[1::2] = starts, ends
    whole: Flags = np.bitwise_xor.reduceat(octets, bounds)[::2] == 0
    return whole


def _words(octets: Bytes, at: Ints) -> Ints:
    words: Ints = octets[at].astype(np.int64) << 8 | octets[at + 1]
    return words


def _phones(octets: Bytes, starts: Ints, is_new: Flags) -> Bytes:
    # In the older header the four bytes before the number are id and attributes.
    first = starts + np.where(is_new, 5, 0)
    phones: Bytes = octets[first[:, None] + np.arange(PHONE_OCTETS)]
    phones[~is_new, :4] = 0
    return phones
