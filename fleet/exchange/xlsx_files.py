"""XLSX workbooks read without trust: nothing is evaluated, and what would unfold is not opened.

A workbook is a ZIP of XML (ECMA-376). Before it is read, the declared sizes are held against
limits (Python's ZIP reader never gives more than declared), and document types are refused,
because entities are declared there.
"""

import io
import warnings
import zipfile
from typing import IO

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from fleet.exchange.cells import Cell
from fleet.exchange.errors import FileDamaged, FileSuspicious, NotASpreadsheet, OldOrEncrypted
from fleet.exchange.worksheets import Dates, read_strings, read_worksheet
from kit.errors import DomainError

_MAX_UNFOLDED_BYTES = 256 * 1024 * 1024
_MAX_STRINGS_BYTES = 48 * 1024 * 1024
_MAX_PARTS = 500
# Rows that resemble each other shrink thirtyfold; a bomb shrinks a thousandfold.
_MAX_RATIO = 200
_RATIO_FROM_BYTES = 1024 * 1024
_ENCRYPTED = 0x1


def read_xlsx(
    content: bytes, most_rows: int, most_columns: int
) -> tuple[list[list[Cell]], list[str]]:
    """Return the cells of the first worksheet by rows, and its merged ranges.

    Raises NotASpreadsheet, OldOrEncrypted, FileSuspicious, FileDamaged, TooManyRows,
    TooManyColumns, CellTooLong.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _refuse_bombs(parts)
            if "[Content_Types].xml" not in parts.namelist():
                raise NotASpreadsheet
            return _read(parts, content, most_rows, most_columns)
    except (DomainError, MemoryError):
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
        warnings.simplefilter("ignore")  # on styles, which matter only where they are dates
        book = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
        book.read_manifest()
        book.read_workbook()
        apply_stylesheet(book.archive, book.wb)
    paths = [rel.target for _, rel in book.parser.find_sheets() if "chartsheet" not in rel.Type]
    if not paths or paths[0] not in book.valid_files:
        raise NotASpreadsheet
    strings: list[str] = []
    table = book.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
    if table is not None:
        with parts.open(table.PartName[1:]) as part:
            strings = read_strings(part)
    dates = Dates(
        book.wb.epoch,
        frozenset(getattr(book.wb, "_date_formats", ())),
        frozenset(getattr(book.wb, "_timedelta_formats", ())),
    )
    # What a file says about its size may be false; what it holds counts.
    with parts.open(paths[0]) as part:
        return read_worksheet(part, strings, dates, most_rows, most_columns)
