"""Records as they are stored: one text of JSON, compressed, and its SHA-256.

The keys are sorted and nothing is between the tokens, so that one value has one text.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)
"""What is raised by reading, ranking or matching a record that says nonsense."""

_UNREADABLE = "the record can't be read"
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Packed:
    """A record as it is stored."""

    content: bytes
    sha256: bytes


class OtherFormat(ValueError):
    """The record is of another version."""


def packed(told: Mapping[str, object]) -> Packed:
    """Return what a record tells as it is stored."""
    text = _ENCODER.encode(told).encode()
    return Packed(zlib.compress(text, 1), hashlib.sha256(text).digest())


def unpacked(content: bytes, sha256: bytes, read: Callable[[Any], Read]) -> Read:
    """Return what `read` makes of a stored record.

    Raises ValueError where it isn't what was stored or tells nonsense, OtherFormat as `read` does.
    """
    try:
        text = zlib.decompress(content)
    except zlib.error as error:
        raise ValueError(_UNREADABLE) from error
    if hashlib.sha256(text).digest() != sha256:
        raise ValueError("the record isn't what was stored: its SHA-256 differs")
    try:
        return read(json.loads(text))
    except OtherFormat:
        raise
    except BROKEN as error:
        raise ValueError(_UNREADABLE) from error
