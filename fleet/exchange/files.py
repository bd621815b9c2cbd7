"""A file becomes a table of cells, whatever its form; its name and its type are not believed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fleet.exchange import csv_files, xlsx_files
from fleet.exchange.cells import Cell
from fleet.exchange.errors import FileTooLarge, NotASpreadsheet, OldOrEncrypted

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
# Watermark, title and headings stand above the rows.
_MOST_LINES = MAX_ROWS + 11
MAX_COLUMNS = 100

_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file by rows, the first of which is row 1; merged: ranges such as B3:C4."""

    rows: Sequence[Sequence[Cell]]
    merged: Sequence[str] = field(default=())


def read_file(content: bytes) -> Table:
    """Return the first worksheet of an XLSX workbook, or a CSV text (UTF-8, UTF-16, GB 18030).

    Raises FileTooLarge, NotASpreadsheet, OldOrEncrypted, FileDamaged, FileSuspicious, TooManyRows,
    TooManyColumns, CellTooLong.
    """
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge
    if content.startswith(_OLE):
        raise OldOrEncrypted
    if content.startswith(_ZIP):
        rows, merged = xlsx_files.read_xlsx(content, _MOST_LINES, MAX_COLUMNS)
        return Table(rows, merged)
    if content.startswith(_PDF) or not content.strip():
        raise NotASpreadsheet
    return Table(csv_files.read_csv(content, _MOST_LINES, MAX_COLUMNS))
