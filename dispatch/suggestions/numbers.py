"""Thousands of numbers as one text: written and read at once, and exactly.

The text is the type in numpy's words, a colon, and the bytes in base64: `|u1:AAEC` is 0, 1, 2.
Whole numbers, none of them negative, take as few bytes as the largest of them needs.
"""

from base64 import b64decode, b64encode

import numpy as np
from numpy.typing import NDArray

from dispatch.eligibility.columns import Floats, Ints


def pack_whole(numbers: Ints) -> str:
    """Return whole numbers from 0 as text."""
    return _text(numbers.astype(np.min_scalar_type(int(numbers.max(initial=0)))))


def pack_floats(numbers: Floats) -> str:
    """Return floats as text."""
    return _text(numbers)


def unpack_whole(told: str | list[int]) -> Ints:
    """Return whole numbers as a record has them: as text, or as a list in its first format."""
    return _numbers(told).astype(np.int64)


def unpack_floats(told: str | list[float]) -> Floats:
    """Return floats as a record has them: as text, or as a list in its first format."""
    return _numbers(told).astype(np.float64)


def _text(numbers: NDArray[np.generic]) -> str:
    little = numbers.astype(numbers.dtype.newbyteorder("<"), copy=False)
    return f"{little.dtype.str}:{b64encode(little.tobytes()).decode()}"


def _numbers(told: str | list[int] | list[float]) -> NDArray[np.generic]:
    if isinstance(told, list):
        return np.array(told)
    kind, _, text = told.partition(":")
    return np.frombuffer(b64decode(text), dtype=np.dtype(kind))
