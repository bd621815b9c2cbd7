"""The use case of export: every row within scope, from one snapshot, never cut, journalled."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.cells import Shown
from fleet.exchange.csv_files import write_csv_rows
from fleet.exchange.knowing import load_known
from fleet.exchange.known import Extent, Known
from fleet.exchange.sheets import Column, Sheet
from fleet.exchange.xlsx_writing import Facts, SheetBook
from fleet.lists import holds
from kit.clock import SHANGHAI
from kit.settings import Settings

Form = Literal["xlsx", "csv"]
_AT_ONCE = 1000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Exporting:
    """One export: the list, by whom and when, how far they reach, and what is left out.

    scope: the organisations whose rows are wanted; narrowed: without those that are everybody's
    q: part of a name
    of: the name of the organisation in whose subtree the rows lie, to be told in the file
    """

    sheet: Sheet
    act: Act
    extent: Extent
    settings: Settings
    scope: frozenset[int]
    narrowed: bool = False
    q: str | None = None
    of: str | None = None


async def export_file(session: AsyncSession, one: Exporting, form: Form) -> tuple[bytes, int]:
    """Return the file and its number of rows; the export is journalled.

    Raises ExportTooLong for a list that is longer than a worksheet.
    """
    known = await load_known(
        session, one.sheet, one.sheet.read, one.extent, one.act.now, one.settings
    )
    parts = _parts(session, one, known)
    write = _xlsx if form == "xlsx" else _csv
    content, count = await write(one, parts)
    actor = one.act.actor
    one.act.record(
        session,
        "list.export",
        "list",
        None,
        organisation_no=actor.home(one.sheet.read) if actor else None,
        after={"list": one.sheet.name, "form": form, "count": count, **_filters(one)},
    )
    await session.flush()
    return content, count


async def _parts(
    session: AsyncSession, one: Exporting, known: Known
) -> AsyncIterator[list[list[Shown]]]:
    sheet = one.sheet
    statement = sheet.rows(known.now, one.scope, everybodys=not one.narrowed)
    visible = sheet.seen(one.extent)
    if visible is not None:
        statement = statement.where(visible)
    if one.q:
        statement = statement.where(or_(*(holds(source, one.q) for source in sheet.search)))
    # One statement sees one snapshot, however long its rows take to be written.
    result = await session.stream(statement.execution_options(yield_per=_AT_ONCE))
    open_to = {
        column.name: known.extent.scope(column.needs)
        for column in sheet.columns
        if column.needs is not None
    }
    async for rows in result.partitions():
        yield [
            [
                _shown(column, row._mapping[column.name], row.row_owner, open_to, known)
                for column in sheet.columns
            ]
            for row in rows
        ]


def _shown(
    column: Column,
    value: object,
    owner_no: int | None,
    open_to: dict[str, frozenset[int]],
    known: Known,
) -> Shown:
    if value is None:
        return None
    shown = column.kind.show(value, known)
    if column.needs is not None and owner_no not in open_to[column.name]:
        return column.mask(str(shown))
    return shown


async def _xlsx(one: Exporting, parts: AsyncIterator[list[list[Shown]]]) -> tuple[bytes, int]:
    book = SheetBook(one.sheet, _watermark(one))
    async for rows in parts:
        await asyncio.to_thread(book.write, rows)
    facts = Facts(at=one.act.now, by=_by(one), filters=_filters(one))
    return await asyncio.to_thread(book.finish, facts), book.count


async def _csv(one: Exporting, parts: AsyncIterator[list[list[Shown]]]) -> tuple[bytes, int]:
    head: list[list[Shown]] = [[column.zh for column in one.sheet.columns]]
    if one.sheet.people:
        head.insert(0, [_watermark(one)])
    chunks, count = [_BOM, write_csv_rows(head)], 0
    async for rows in parts:
        chunks.append(await asyncio.to_thread(write_csv_rows, rows))
        count += len(rows)
    return b"".join(chunks), count


def _by(one: Exporting) -> str:
    return f"{one.act.actor.name}（{one.act.actor.username}）" if one.act.actor else "系统"


def _watermark(one: Exporting) -> str:
    at = one.act.now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    return " · ".join(part for part in ("内部资料", _by(one), one.of, at) if part)


def _filters(one: Exporting) -> dict[str, object]:
    found = {"organisation": one.of, "q": one.q}
    return {name: value for name, value in found.items() if value}
