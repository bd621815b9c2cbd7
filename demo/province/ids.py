"""Public ids that a seed decides: UUIDv7 (RFC 9562 section 5.7) of one fixed day."""

from random import Random
from uuid import UUID

_FIRST_MS = 1_767_196_800_000  # 2026-01-01 in Shanghai


class Ids:
    """Gives out ids in ascending order, one millisecond apart."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._ms = _FIRST_MS

    def next(self) -> UUID:
        """Return the next id."""
        self._ms += 1
        random = self._random.getrandbits(74)
        high, low = random >> 62, random & ((1 << 62) - 1)
        return UUID(int=self._ms << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
