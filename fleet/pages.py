"""Pages of lists that run from the newest row to the oldest: ids grow with time (UUIDv7)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from fleet.lists import Slice
from kit.paging import Page, decode_cursor, encode_cursor, uuid_in


async def read_newest(
    session: AsyncSession,
    # The columns differ from list to list; each caller reads its own by name.
    statement: Select[*tuple[Any, ...]],
    id_column: InstrumentedAttribute[UUID],
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return one page of `statement`, the newest id first. Raises BadCursor."""
    if (key := decode_cursor(part.cursor, 1)) is not None:
        statement = statement.where(id_column < uuid_in(key[0]))
    statement = statement.add_columns(id_column.label("page_id"))
    rows = (await session.execute(statement.order_by(id_column.desc()).limit(part.limit + 1))).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    return Page(rows[: part.limit], encode_cursor((str(rows[part.limit - 1].page_id),)))
