"""XLSX workbooks read without trust: nothing is evaluated, and what would unfold is not opened.

A workbook is a ZIP of XML (ECMA-376). Before it is read, the declared sizes are held against
limits (Python's ZIP reader never gives more than declared), and document types are refused,
because entities are declared there.
"""

import io
import re
import warnings
import zipfile
from datetime import date, time, timedelta
from typing import IO

from openpyxl import load_workbook

from fleet.exchange.cells import Cell, ErrorValue, Formula
from fleet.exchange.errors import (
    FileDamaged,
    FileSuspicious,
    NotASpreadsheet,
    OldOrEncrypted,
    TooManyRows,
)

_MAX_UNFOLDED_BYTES = 256 * 1024 * 1024
_MAX_STRINGS_BYTES = 48 * 1024 * 1024
_MAX_PARTS = 500
# Rows that resemble each other shrink thirtyfold; a bomb shrinks a thousandfold.
_MAX_RATIO = 200
_RATIO_FROM_BYTES = 1024 * 1024
_ENCRYPTED = 0x1

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:]{2,30})\"")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(
    content: bytes, most_rows: int, most_columns: int
) -> tuple[list[list[Cell]], list[str]]:
    """Return the cells of the first worksheet by rows, and its merged ranges.

    Raises NotASpreadsheet, OldOrEncrypted, FileSuspicious, FileDamaged, TooManyRows.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _refuse_bombs(parts)
            if "[Content_Types].xml" not in parts.namelist():
                raise NotASpreadsheet
            return _read(parts, content, most_rows, most_columns)
    except (NotASpreadsheet, OldOrEncrypted, FileSuspicious, TooManyRows, MemoryError):
        raise
    except Exception as error:  # the reader tells of damage in a dozen ways
        raise FileDamaged from error


def _refuse_bombs(parts: zipfile.ZipFile) -> None:
    infos = parts.infolist()
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise OldOrEncrypted
    if len(infos) > _MAX_PARTS or sum(info.file_size for info in infos) > _MAX_UNFOLDED_BYTES:
        raise FileSuspicious
    for info in infos:
        large = info.file_size > _RATIO_FROM_BYTES
        if large and info.file_size > _MAX_RATIO * max(info.compress_size, 1):
            raise FileSuspicious
        if info.filename.endswith("sharedStrings.xml") and info.file_size > _MAX_STRINGS_BYTES:
            raise FileSuspicious
        if info.filename.endswith((".xml", ".rels", ".vml")):
            with parts.open(info) as part:
                if _declares_entities(part):
                    raise FileSuspicious


def _declares_entities(part: IO[bytes]) -> bool:
    # A document type stands before the root element; UTF-16 is told by its mark.
    head = part.read(4096)
    return b"<!" in head.replace(b"\0", b"").replace(b"<!--", b"")


def _read(
    parts: zipfile.ZipFile, content: bytes, most_rows: int, most_columns: int
) -> tuple[list[list[Cell]], list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on styles and dates, which become values or problems
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        if not book.worksheets:
            raise NotASpreadsheet
        sheet = book.worksheets[0]
        # What a file says about its size may be false; what it holds counts.
        sheet.reset_dimensions()
        rows: list[list[Cell]] = []
        for cells in sheet.iter_rows(max_col=most_columns, max_row=most_rows + 1):
            rows.append(_trimmed([_cell(cell) for cell in cells]))
            if len(rows) > most_rows and any(cell is not None for cell in rows[-1]):
                raise TooManyRows
    path = str(getattr(sheet, "_worksheet_path", ""))
    with parts.open(path) as part:
        return rows[:most_rows], _merged_in(part)


def _trimmed(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _cell(cell: object) -> Cell:
    kind: object = getattr(cell, "data_type", None)
    value: object = getattr(cell, "value", None)
    if kind == "f":
        return Formula(str(value))
    if kind == "e":
        return ErrorValue(str(value))
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if value is None or isinstance(value, bool | int | float | date | time | timedelta):
        return value
    return ErrorValue(str(value))


def _merged_in(part: IO[bytes]) -> list[str]:
    """Return the merged ranges of a worksheet; they stand behind its rows."""
    found: list[str] = []
    tail = b""
    while chunk := part.read(1 << 20):
        block = tail + chunk
        found += [ref.decode() for ref in _MERGED.findall(block)]
        tail = block[block.rfind(b"<") :] if b"<" in block else b""
        # The tail is searched again, so an element that is whole in it must not count twice.
        if _MERGED.search(tail):
            tail = b""
    return found
