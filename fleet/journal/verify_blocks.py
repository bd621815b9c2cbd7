"""The quick look at a stretch of the chain: does every plain entry and every seal in it hold?

It only ever says yes. What it doesn't find whole and plain (an erased entry, one of an older
version or of another algorithm, or a fault) is looked at again, link by link, by
`fleet/journal/verifying.py`, which knows what may be and names what may not.
"""

import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fleet.journal.canonical import instant_text
from fleet.journal.chain import GENESIS
from fleet.journal.words import Algorithm

DIGEST_BYTES = 32

# n, sealed_at in µs since 2000, bytes of salt ‖ payload, bytes of header ‖ payload_digest,
# digest, head; those bytes follow in this order.
_SEAL = struct.Struct("!qqII32s32s")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Block:
    """Seals `first` to `last`, packed with their entries; what isn't plain is left out.

    previous: the head before `first` as it is stored, None where that seal is missing
    """

    first: int
    last: int
    previous: bytes | None
    packed: bytes


def head_after(block: Block) -> bytes | None:
    """Return the block's last head if every seal and every entry in it holds, None otherwise.

    That the head before the block holds is the matter of the block before.
    """
    previous = GENESIS if block.first == 1 else block.previous
    if previous is None:
        return None
    try:
        return _followed(block, previous)
    except OverflowError:  # an instant that this language can't write
        return None


def _followed(block: Block, head: bytes) -> bytes | None:
    # Local names and few calls: this loop runs a hundred thousand times a second.
    packed, unpack, sha256 = block.packed, _SEAL.unpack_from, hashlib.sha256
    n, at, end, seen_us, sealed = block.first - 1, 0, len(block.packed), None, ""
    while at < end:
        n += 1
        found_n, sealed_us, salted, whole, digest, next_head = unpack(packed, at)
        salt_at = at + _SEAL.size
        header_at = salt_at + salted
        at = header_at + whole
        if sealed_us != seen_us:  # one batch of seals has one instant
            seen_us = sealed_us
            instant = instant_text(_EPOCH + timedelta(microseconds=sealed_us))
            sealed = f"{Algorithm.SHA256} {instant}"
        if (
            found_n != n
            or sha256(packed[salt_at:header_at]).digest() != packed[at - DIGEST_BYTES : at]
            or sha256(packed[header_at:at]).digest() != digest
            or sha256(f"{n} {sealed} {head.hex()} {digest.hex()}".encode()).digest() != next_head
        ):
            return None
        head = next_head
    return head if n == block.last else None
