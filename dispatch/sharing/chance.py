"""Chance that is the same on every machine: xorshift64* (Vigna 2016), its state an array of one.

numba's own generator is one for the whole process; this one comes in as an argument.
"""

import numpy as np
from numpy.typing import NDArray

from dispatch.sharing.compiled import compiled

Chance = NDArray[np.uint64]


def chance_of(seed: int) -> Chance:
    """Return the chance of this seed; the same seed gives the same course."""
    return np.array(
        [(seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64 or 1], dtype=np.uint64
    )


@compiled
def uniform(chance: Chance) -> float:
    """Return a number from 0 up to but not including 1."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    return float((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) * 2.0**-53


@compiled
def below(chance: Chance, limit: int) -> int:
    """Return a whole number from 0 up to but not including the limit."""
    return int(uniform(chance) * limit)
