"""What every list of the register shares: its page, its period filter and its scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Row,
    Select,
    SQLColumnExpression,
    Text,
    any_,
    cast,
    literal,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kit.paging import MAX_LIMIT, BadCursor, Page, decode_cursor, encode_cursor

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is asked for."""

    limit: int
    cursor: str | None


def _slice(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Slice:
    return Slice(limit, cursor)


Paging = Annotated[Slice, Depends(_slice)]


def in_force(period: InstrumentedAttribute[Range[datetime]], now: datetime) -> ColumnElement[bool]:
    """Return the condition that a dated row holds at `now`."""
    return period.op("@>", is_comparison=True)(literal(now, DateTime(timezone=True)))


def within(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], nos: Iterable[int]
) -> ColumnElement[bool]:
    """Return the condition that `column` is one of `nos`, as one parameter however many."""
    # As text: the driver, which looks at each number's type, takes twenty times as long.
    array = "{" + ",".join(map(str, nos)) + "}"
    return column == any_(cast(literal(array, Text), ARRAY(BigInteger)))


def holds(
    column: SQLColumnExpression[str] | SQLColumnExpression[str | None], part: str
) -> ColumnElement[bool]:
    """Return the condition that `column` holds `part`, in capitals or not.

    Chinese knows no capitals, and comparing without folding them reads a list twice as fast.
    """
    if part.lower() == part.upper():
        return column.contains(part, autoescape=True)
    return column.icontains(part, autoescape=True)


async def read_page(
    session: AsyncSession,
    # The columns differ from list to list; each caller reads its own by name.
    statement: Select[*tuple[Any, ...]],
    sort: InstrumentedAttribute[str],
    id_column: InstrumentedAttribute[UUID],
    part: Slice,
) -> Page[Row[*tuple[Any, ...]]]:
    """Return one page of `statement`, ordered by `sort` and then by id."""
    key = decode_cursor(part.cursor, 2)
    if key is not None:
        statement = statement.where(tuple_(sort, id_column) > (str(key[0]), _id(key[1])))
    statement = statement.add_columns(sort.label("page_sort"), id_column.label("page_id"))
    rows = (await session.execute(statement.order_by(sort, id_column).limit(part.limit + 1))).all()
    if len(rows) <= part.limit:
        return Page(rows, None)
    last = rows[part.limit - 1]
    return Page(rows[: part.limit], encode_cursor((last.page_sort, str(last.page_id))))


def _id(value: str | int) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise BadCursor from error
