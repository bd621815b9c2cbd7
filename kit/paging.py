"""Lists are paged by an opaque cursor and never cut silently."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from kit.errors import BadRequest

MAX_LIMIT = 500

T = TypeVar("T")


class BadCursor(BadRequest):
    """The cursor is not one that this list has given out."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `next_cursor` is None on the last."""

    items: Sequence[T]
    next_cursor: str | None


def encode_cursor(key: Sequence[str | int]) -> str:
    """Return the opaque cursor after the row with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def instant_in(part: str | int) -> datetime:
    """Return the aware instant that a cursor holds. Raises BadCursor."""
    try:
        instant = datetime.fromisoformat(str(part))
    except ValueError as error:
        raise BadCursor from error
    if instant.tzinfo is None:
        raise BadCursor
    return instant


def number_in(part: str | int) -> int:
    """Return the 64-bit number that a cursor holds. Raises BadCursor."""
    if type(part) is not int or not -(2**63) <= part < 2**63:
        raise BadCursor
    return part


def uuid_in(part: str | int) -> UUID:
    """Return the id that a cursor holds. Raises BadCursor."""
    try:
        return UUID(str(part))
    except ValueError as error:
        raise BadCursor from error


def decode_cursor(cursor: str | None, width: int) -> tuple[str | int, ...] | None:
    """Return the sort key in `cursor`, or None for the first page. Raises BadCursor."""
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor from error
    if not isinstance(key, list) or len(key) != width:
        raise BadCursor
    if not all(type(part) is int or _is_text(part) for part in key):
        raise BadCursor
    return tuple(key)


def _is_text(part: object) -> bool:
    # JSON can spell U+0000 and half a surrogate pair; the database can hold neither.
    return isinstance(part, str) and not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in part)
