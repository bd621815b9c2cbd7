"""The cells of a file become rows of a list: headings found, every cell read by its column."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from fleet.exchange.cells import Cell, as_written, is_blank
from fleet.exchange.errors import NoHeadings, TooManyRows
from fleet.exchange.files import MAX_ROWS, Table
from fleet.exchange.known import Known
from fleet.exchange.plan import Plan, Problem, ReadRow
from fleet.exchange.reasons import MERGED, REQUIRED, CellRefused, Reason
from fleet.exchange.sheets import MASK, NUMBER, Column, Sheet

EXAMPLE = "【示例】"
"""Before the first cell of a template's example row, which an import leaves out."""
_HEADING_ROWS = 10


@dataclass(frozen=True, slots=True)
class _Heading:
    at: int
    column: Column


def read_rows(sheet: Sheet, table: Table, known: Known) -> tuple[Plan, list[ReadRow]]:
    """Return a plan with the problems of single cells, and the rows that have none.

    Raises NoHeadings, TooManyRows.
    """
    plan = Plan()
    top = _heading_row(sheet, table.rows)
    headings, ignored = _headings(sheet, table.rows[top])
    plan.ignored_columns = ignored
    _refuse_merged(table, plan, top)
    rows: list[ReadRow] = []
    for number, cells in enumerate(table.rows[top + 1 :], start=top + 2):
        if all(is_blank(cell) for cell in cells):
            continue
        first = next(cell for cell in cells if not is_blank(cell))
        if isinstance(first, str) and first.lstrip().startswith(EXAMPLE):
            plan.example_rows += 1
            continue
        plan.rows += 1
        if plan.rows > MAX_ROWS:
            raise TooManyRows(f"Row {number} is one more than {MAX_ROWS}.")
        row = _read_row(sheet, headings, number, cells, known, plan)
        if row is not None:
            rows.append(row)
    return plan, rows


def _heading_row(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> int:
    """Return the index of the first row that names every column which tells rows apart."""
    needed = [sheet.column(name) for name in sheet.key if sheet.column(name).required]
    needed = needed or [column for column in sheet.written if column.required]
    for index, cells in enumerate(rows[:_HEADING_ROWS]):
        names = {heading.column.name for heading in _headings(sheet, cells)[0]}
        if names >= {column.name for column in needed}:
            return index
    wanted = [column.zh for column in needed]
    raise NoHeadings(f"Wanted among the headings: {'、'.join(wanted)}.", headings=wanted)


def _headings(sheet: Sheet, cells: Sequence[Cell]) -> tuple[list[_Heading], list[str]]:
    known = {
        _folded(text): column
        for column in sheet.columns
        for text in (column.name, column.zh, column.en)
    }
    found: list[_Heading] = []
    ignored: list[str] = []
    for at, cell in enumerate(cells):
        if is_blank(cell):
            continue
        column = known.get(_folded(as_written(cell)))
        if column is None or any(one.column is column for one in found):
            ignored.append(as_written(cell))
        else:
            found.append(_Heading(at, column))
    return found, ignored


def _folded(text: str) -> str:
    return re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", text)).lower()


def _refuse_merged(table: Table, plan: Plan, top: int) -> None:
    for reference in table.merged:
        rows = [int(digits) for digits in re.findall(r"[A-Z]+(\d+)", reference)]
        if rows and max(rows) > top:
            plan.problems.append(Problem(min(rows), MERGED, cell=reference))


def _read_row(
    sheet: Sheet,
    headings: Sequence[_Heading],
    number: int,
    cells: Sequence[Cell],
    known: Known,
    plan: Plan,
) -> ReadRow | None:
    values: dict[str, object] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    for at, column in ((one.at, one.column) for one in headings):
        if not column.written:
            continue
        cell = cells[at] if at < len(cells) else None
        place = f"{get_column_letter(at + 1)}{number}"
        places[column.name] = place
        if _hides(column) and isinstance(cell, str) and MASK in cell:
            continue
        if is_blank(cell):
            if column.required:
                problems.append(_problem(number, place, column, REQUIRED, None))
            if not column.keeps:
                values[column.name] = column.blank
            continue
        try:
            values[column.name] = column.kind.read(cell, known)
        except CellRefused as refused:
            value = as_written(cell) if column.quoted else None
            problems.append(_problem(number, place, column, refused.reason, value))
    row = ReadRow(number, values, places)
    withheld = sheet.withhold(row, problems, known) if sheet.withhold else None
    if withheld is not None:
        problems = [withheld]
    elif sheet.numbered and values.get(NUMBER) is not None:
        # It stands already: what can't be read of it, such as names beyond the scope, is not held
        # against the register, and changes nothing.
        plan.warnings += [one for one in problems if one.reason is not REQUIRED]
        return row
    plan.problems += problems
    return None if problems else row


def _hides(column: Column) -> bool:
    return column.needs is not None or column.masked


def _problem(number: int, place: str, column: Column, reason: Reason, value: str | None) -> Problem:
    return Problem(number, reason, place, column.name, column.zh, value)
