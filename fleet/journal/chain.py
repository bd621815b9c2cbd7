"""The chain: which digests a seal holds, and how each head follows from the one before.

    payload_digest = H(salt ‖ payload)
    digest         = H(header ‖ payload_digest)
    head           = H("n algorithm sealed_at previous digest")       previous and digest in hex

The payload's digest stands in the seal, so that the payload can go and the chain still holds.
`docs/verify_journal.py` says the same without any code of ours.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from fleet.journal.canonical import instant_text
from fleet.journal.words import Algorithm

SALT_BYTES = 16
_USUAL = Algorithm.SHA256.value
GENESIS = bytes(32)  # the head before the first seal


@dataclass(frozen=True, slots=True)
class Root:
    """What a third party keeps: the head after seal `n` pins every entry up to it."""

    n: int
    head: bytes
    sealed_at: datetime
    algorithm: Algorithm

    def to_line(self) -> str:
        """Return `n head sealed_at algorithm`, as it stands in the file of heads."""
        return f"{self.n} {self.head.hex()} {instant_text(self.sealed_at)} {self.algorithm}"


def hashed(algorithm: str, data: bytes) -> bytes:
    """Return the digest of `data`. Raises ValueError for an unknown algorithm."""
    if algorithm == _USUAL:  # by name it takes twice as long
        return hashlib.sha256(data).digest()
    return hashlib.new(Algorithm(algorithm), data).digest()


def payload_digest(algorithm: str, salt: bytes, payload: bytes) -> bytes:
    """Return the digest that stands for a payload, and tells nothing of it without the salt."""
    return hashed(algorithm, salt + payload)


def entry_digest(algorithm: str, header: bytes, payload_digest: bytes) -> bytes:
    """Return the digest of a whole entry."""
    return hashed(algorithm, header + payload_digest)


def next_head(n: int, algorithm: str, sealed_at: str, previous: bytes, digest: bytes) -> bytes:
    """Return the head after seal `n`; `sealed_at` is an instant's text."""
    line = f"{n} {algorithm} {sealed_at} {previous.hex()} {digest.hex()}"
    return hashed(algorithm, line.encode())
