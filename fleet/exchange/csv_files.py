"""CSV: read in the encodings that Chinese offices use, written in UTF-8 with a byte order mark."""

import csv
import io
import itertools
import re
from collections.abc import Sequence
from datetime import date, datetime

from openpyxl.utils import get_column_letter

from fleet.exchange.cells import LONGEST_CELL, Cell, Formula, Shown
from fleet.exchange.errors import CellTooLong, NotASpreadsheet, TooManyColumns, TooManyRows
from fleet.exchange.neutral import neutral, plain

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",\t;"
_QUOTED = re.compile(r'"[^"]*"?')
# A watermark and a title may stand above the headings.
_LINES_THAT_TELL = 12


def read_csv(content: bytes, most_rows: int, most_columns: int) -> list[list[Cell]]:
    """Return the records of a CSV text.

    Raises NotASpreadsheet, CellTooLong, TooManyRows, TooManyColumns.
    """
    text = _decode(content)
    if "\0" in text:
        raise NotASpreadsheet
    delimiter = _delimiter_of(text)
    rows: list[list[Cell]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= most_rows:
                raise TooManyRows(f"It has more than {most_rows} rows.")
            if len(record) > most_columns and any(map(str.strip, record[most_columns:])):
                raise TooManyColumns(f"Row {len(rows) + 1} has {len(record)} cells.")
            _refuse_long(record, len(rows) + 1)
            rows.append([_cell(value) for value in record[:most_columns]])
    except csv.Error as error:  # of a reader that isn't strict: a field beyond its own limit
        raise CellTooLong(f"A cell of row {len(rows) + 1} is too long or never ends.") from error
    return rows


def _refuse_long(record: Sequence[str], row_no: int) -> None:
    for at, value in enumerate(record, start=1):
        if len(value) > LONGEST_CELL:
            place = f"{get_column_letter(at)}{row_no}"
            raise CellTooLong(f"Cell {place} has {len(value)} characters.")


def _delimiter_of(text: str) -> str:
    """Return what stands most often between the fields of the first lines, a comma if nothing."""
    lines = itertools.islice(io.StringIO(text), _LINES_THAT_TELL)
    between = _QUOTED.sub("", "".join(lines))
    return max(_DELIMITERS, key=between.count)


def _decode(content: bytes) -> str:
    """Return the text. UTF-8 is tried first: text in GB 18030 is hardly ever valid in it."""
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotASpreadsheet


def _cell(text: str) -> Cell:
    if text.lstrip().startswith("="):
        return Formula(text)
    return plain(text) or None


def write_csv_rows(rows: Sequence[Sequence[Shown]]) -> bytes:
    """Return records in UTF-8; the byte order mark stands before the first one only."""
    out = io.StringIO(newline="")
    # All fields are quoted, so that only what divides them can be taken for a delimiter.
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([_text(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _text(value: Shown) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return neutral(value)
    return str(value)
