"""Pages of lists that run from the newest id to the oldest."""

from collections.abc import Sequence
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Query

from kit.paging import MAX_LIMIT, BadCursor, decode_cursor, encode_cursor

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=200)]


class _Identified(Protocol):
    @property
    def id(self) -> UUID: ...


def before_id(cursor: str | None) -> UUID | None:
    """Return the id before which the page begins, None for the first. Raises BadCursor."""
    key = decode_cursor(cursor, 1)
    try:
        return UUID(str(key[0])) if key else None
    except ValueError as error:
        raise BadCursor from error


def cursor_after(found: Sequence[_Identified], limit: int) -> str | None:
    """Return the cursor after `limit` rows when one more than that was found."""
    return encode_cursor([str(found[limit - 1].id)]) if len(found) > limit else None
