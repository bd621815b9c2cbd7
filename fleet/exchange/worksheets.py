"""The XML of a worksheet and of the table of strings, read as it streams by: no tree is built.

Source: ECMA-376 part 1, sections 18.3.1 (worksheets) and 18.4 (shared strings). What a hostile
file could make large is bounded while it is read: rows, columns, cells in a row, a cell's text,
ranges.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO
from xml.parsers import expat

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from fleet.exchange.cells import LONGEST_CELL, Cell, ErrorValue, Formula
from fleet.exchange.errors import (
    CellTooLong,
    FileDamaged,
    FileSuspicious,
    TooManyColumns,
    TooManyRows,
)

MOST_CELLS_IN_ROW = 16_384
"""As many columns as a worksheet has; more cells stand in no honest row."""
_MOST_RANGES = 50_000
_MOST_DIGITS = 40
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"-?[0-9]+")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Dates:
    """Which styles show a number as a date or a span of time, and from which day they count."""

    epoch: datetime
    dates: Collection[int] = ()
    spans: Collection[int] = ()


def read_strings(part: IO[bytes]) -> list[str]:
    """Return the shared strings, without the spaces around them; one too long stays too long.

    Raises FileDamaged, FileSuspicious.
    """
    reader = _Strings()
    _parse(part, reader.start, reader.end, reader.text)
    return reader.found


def read_worksheet(
    part: IO[bytes], strings: Sequence[str], dates: Dates, most_rows: int, most_columns: int
) -> tuple[list[list[Cell]], list[str]]:
    """Return the cells by rows, the first of which is row 1, and the merged ranges.

    Reading ends at the first cell that stands too far down or to the right.
    Raises TooManyRows, TooManyColumns, CellTooLong, FileDamaged, FileSuspicious.
    """
    reader = _Cells(strings, dates, most_rows, most_columns)
    _parse(part, reader.start, reader.end, reader.text)
    return reader.rows, reader.merged


_Start = Callable[[str, Mapping[str, str]], None]


def _parse(
    part: IO[bytes], start: _Start, end: Callable[[str], None], text: Callable[[str], None]
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attrs: start(_local(name), attrs)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        while chunk := part.read(_AT_ONCE):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileDamaged from error


def _local(name: str) -> str:
    return name if ":" not in name else name.rpartition(":")[2]


def _refuse_document_type(*_: object) -> None:
    # Entities, which may unfold without end, are declared there.
    raise FileSuspicious


@dataclass(slots=True)
class _Strings:
    """The text of each <si>, without the readings (rPh) that stand above Japanese text."""

    found: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _open: bool = False
    _reading: bool = False

    def start(self, name: str, _attrs: Mapping[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._reading = True
        elif name == "t":
            self._open = not self._reading

    def end(self, name: str) -> None:
        if name == "si":
            text = _unescaped("".join(self._parts))
            # Millions of cells may show it: what costs by its length is done once, here.
            self.found.append(text.strip() if len(text) <= LONGEST_CELL else text)
        elif name == "rPh":
            self._reading = False
        elif name == "t":
            self._open = False

    def text(self, data: str) -> None:
        if self._open:
            self._parts.append(data)


@dataclass(slots=True)
class _Cells:
    """The cells of a worksheet, one row at a time."""

    strings: Sequence[str]
    dates: Dates
    most_rows: int
    most_columns: int
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    _row_no: int = 0
    _row: list[Cell] = field(default_factory=list)
    _column: int = 0
    _count: int = 0
    _kind: str = "n"
    _style: int = 0
    _parts: list[str] = field(default_factory=list)
    _formula: list[str] | None = None
    _into: list[str] | None = None
    _reading: bool = False
    _columns: dict[str, int] = field(default_factory=dict)

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        if name == "c":
            self._begin_cell(attrs)
        elif name in ("v", "t"):
            self._into = None if self._reading else self._parts
        elif name == "f":
            self._formula = self._into = []
        elif name == "row":
            self._begin_row(attrs)
        elif name == "rPh":
            self._reading = True
        elif name == "mergeCell":
            self.merged.append(attrs.get("ref", "")[:30])
            if len(self.merged) > _MOST_RANGES:
                raise FileSuspicious

    def end(self, name: str) -> None:
        if name in ("v", "t", "f"):
            self._into = None
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._row:
            self.rows += [[] for _ in range(self._row_no - len(self.rows) - 1)]
            self.rows.append(self._row)
        elif name == "rPh":
            self._reading = False

    def text(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    def _begin_row(self, attrs: Mapping[str, str]) -> None:
        said = attrs.get("r")
        no = _int(said) if said is not None else self._row_no + 1
        if no <= self._row_no:
            raise FileDamaged
        self._row_no, self._row, self._column, self._count = no, [], 0, 0

    def _begin_cell(self, attrs: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > MOST_CELLS_IN_ROW:
            raise FileSuspicious
        said = attrs.get("r")
        column = self._column_of(said) if said is not None else self._column + 1
        if column <= self._column:
            raise FileDamaged
        self._column, self._kind = column, attrs.get("t", "n")
        self._style = _int(attrs.get("s", "0"))
        self._parts, self._formula = [], None

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            if not _REFERENCE.fullmatch(reference):
                raise FileDamaged
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - 64
            self._columns[letters] = number
        return self._columns[letters]

    def _end_cell(self) -> None:
        value = self._value()
        if value is None or value == "":
            return
        if self._row_no > self.most_rows:
            raise TooManyRows(f"Row {self._row_no} is one too many.")
        if self._column > self.most_columns:
            raise TooManyColumns(f"Row {self._row_no} has a cell in column {self._column}.")
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            place = f"{get_column_letter(self._column)}{self._row_no}"
            raise CellTooLong(f"Cell {place} has {len(value)} characters.")
        self._row += [None] * (self._column - len(self._row) - 1)
        self._row.append(value)

    def _value(self) -> Cell:
        if self._formula is not None:
            return Formula("=" + "".join(self._formula)[:100])
        kind, text = self._kind, "".join(self._parts)
        if kind in ("str", "inlineStr"):
            return _unescaped(text)
        if not text:
            return None
        if kind == "s":
            return self._shared(text)
        if kind == "n":
            return self._number(text)
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "d":
            return _instant(text)
        return ErrorValue(text[:100])

    def _shared(self, text: str) -> str:
        index = _int(text)
        if index >= len(self.strings):
            raise FileDamaged
        return self.strings[index]

    def _number(self, text: str) -> Cell:
        if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text):
            return ErrorValue(text[:100])
        number = int(text) if _WHOLE.fullmatch(text) else float(text)
        if self._style not in self.dates.dates:
            return number
        try:
            return from_excel(  # type: ignore[no-any-return]
                number, self.dates.epoch, timedelta=self._style in self.dates.spans
            )
        except (OverflowError, ValueError):
            return ErrorValue("#VALUE!")


def _int(text: str) -> int:
    if not (1 <= len(text) <= 9 and text.isascii() and text.isdigit()):
        raise FileDamaged
    return int(text)


def _instant(text: str) -> Cell:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return ErrorValue(text[:100])


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
