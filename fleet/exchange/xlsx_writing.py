"""Lists and templates as XLSX workbooks: text is written as text, so that no cell is a formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from fleet.exchange.cells import Shown
from fleet.exchange.errors import ExportTooLong
from fleet.exchange.sheets import Column, Sheet
from fleet.exchange.tables import EXAMPLE
from kit.clock import SHANGHAI

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATUM = "坐标均为 WGS-84（非 GCJ-02、BD-09）。"

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MOST_ROWS = 1_048_576
_MOST_HEADER_CHARACTERS = 120
_WIDTHS = (8, 40)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says about itself: when, by whom, and what of the list it holds."""

    at: datetime
    by: str
    filters: Mapping[str, object]


class SheetBook:
    """A workbook that takes the rows of a list part by part."""

    def __init__(self, sheet: Sheet, watermark: str) -> None:
        self.count = 0
        self._sheet = sheet
        self._watermark = watermark
        self._file = BytesIO()
        self._book = Workbook(self._file, {**_OPTIONS, "constant_memory": True})
        self._data = self._book.add_worksheet("数据")
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._instant = self._book.add_format(
            {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}
        )
        self._set_up()

    def _set_up(self) -> None:
        self._top = 0
        for at, column in enumerate(self._sheet.columns):
            self._data.set_column(at, at, _width(column))
        if self._sheet.people:
            grey = self._book.add_format({"font_color": "#808080", "italic": True})
            self._data.write_string(0, 0, self._watermark, grey)
            mark = self._watermark[:_MOST_HEADER_CHARACTERS].replace("&", "&&")
            self._data.set_header(f"&C{mark}")
            self._data.set_footer(f"&L{mark}&R第 &P 页 共 &N 页")
            self._top = 1
        head = self._book.add_format({"bold": True, "border": 1, "bg_color": "#EDEDED"})
        for at, column in enumerate(self._sheet.columns):
            self._data.write_string(self._top, at, column.zh, head)
        self._data.freeze_panes(self._top + 1, 0)

    def write(self, rows: Sequence[Sequence[Shown]]) -> None:
        """Add rows. Raises ExportTooLong."""
        for row in rows:
            self.count += 1
            if self._top + self.count >= _MOST_ROWS:
                raise ExportTooLong
            for at, value in enumerate(row):
                self._write(self._top + self.count, at, value)

    def _write(self, row: int, at: int, value: Shown) -> None:
        if value is None:
            return
        if isinstance(value, datetime):
            self._data.write_datetime(row, at, value, self._instant)
        elif isinstance(value, date):
            self._data.write_datetime(row, at, value, self._day)
        elif isinstance(value, int | float | Decimal):
            self._data.write_number(row, at, value)
        else:
            self._data.write_string(row, at, value)

    def finish(self, facts: Facts) -> bytes:
        """Add the sheet that says what the file is, and return the workbook."""
        about = self._book.add_worksheet("说明")
        about.set_column(0, 0, 14)
        about.set_column(1, 1, 80)
        at = facts.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        lines = [
            ("清单", f"{self._sheet.zh}（{self._sheet.name}）"),
            ("行数", str(self.count)),
            ("导出时间", f"{at}（北京时间）"),
            ("导出人", facts.by),
            *((f"条件 {name}", str(value)) for name, value in facts.filters.items()),
        ]
        if self._sheet.datum:
            lines.append(("坐标", DATUM))
        for row, (label, text) in enumerate(lines):
            about.write_string(row, 0, label)
            about.write_string(row, 1, text)
        self._book.close()
        return self._file.getvalue()


def template(sheet: Sheet) -> bytes:
    """Return the template of a list: headings, an example row, drop-down lists and notes."""
    file = BytesIO()
    with Workbook(file, _OPTIONS) as book:
        data = book.add_worksheet("数据")
        _headings(book, data, sheet)
        _notes(book, sheet)
        _code_lists(book, data, sheet)
    return file.getvalue()


def _headings(book: Workbook, data: Worksheet, sheet: Sheet) -> None:
    must = book.add_format({"bold": True, "border": 1, "bg_color": "#FFE7BA"})
    may = book.add_format({"bold": True, "border": 1, "bg_color": "#EDEDED"})
    example = book.add_format({"italic": True, "font_color": "#808080"})
    text = book.add_format({"num_format": "@"})
    for at, column in enumerate(sheet.written):
        data.set_column(at, at, _width(column), text if _keeps_digits(column) else None)
        star = "*" if column.required else ""
        data.write_string(0, at, f"{column.zh}{star}", must if column.required else may)
        data.write_comment(0, at, _note(column))
        mark = EXAMPLE if at == 0 else ""
        data.write_string(1, at, f"{mark}{column.example}", example)
    data.freeze_panes(1, 0)


def _keeps_digits(column: Column) -> bool:
    """Return whether digits are a name here, such as a phone number, and lose by being counted."""
    return type(column.kind).__name__ not in {"Whole", "Scaled", "Degrees", "Day", "Instant"}


def _notes(book: Workbook, sheet: Sheet) -> None:
    notes: Worksheet = book.add_worksheet("填写说明")
    bold: Format = book.add_format({"bold": True})
    notes.set_column(0, 0, 20)
    notes.set_column(1, 1, 8)
    notes.set_column(2, 2, 90)
    lines = [
        f"{sheet.zh}：请在“数据”表中从第 2 行起填写；首格以{EXAMPLE}开头的行不导入。",
        "带 * 的列必填。不接受公式、合并单元格。先预检（dry-run），全部无误后一次导入。",
        *([DATUM] if sheet.datum else []),
    ]
    for row, line in enumerate(lines):
        notes.write_string(row, 0, line)
    top = len(lines) + 1
    for at, heading in enumerate(("列", "必填", "说明")):
        notes.write_string(top, at, heading, bold)
    for row, column in enumerate(sheet.written, start=top + 1):
        notes.write_string(row, 0, column.zh)
        notes.write_string(row, 1, "是" if column.required else "")
        notes.write_string(row, 2, _note(column))


def _code_lists(book: Workbook, data: Worksheet, sheet: Sheet) -> None:
    """Write each code list in a column of its own, to which the drop-down lists point."""
    codes = book.add_worksheet("代码表")
    listed = [(at, column) for at, column in enumerate(sheet.written) if column.kind.choices]
    for place, (at, column) in enumerate(listed):
        codes.set_column(place, place, 20)
        codes.write_string(0, place, column.zh)
        for row, label in enumerate(column.kind.choices, start=1):
            codes.write_string(row, place, label)
        name = xl_col_to_name(place, True)
        source = f"=代码表!{name}$2:{name}${len(column.kind.choices) + 1}"
        data.data_validation(2, at, _MOST_ROWS - 1, at, {"validate": "list", "source": source})


def _note(column: Column) -> str:
    return "；".join(part for part in (column.kind.note, column.note) if part)


def _width(column: Column) -> int:
    least, most = _WIDTHS
    return min(most, max(least, 2 * len(column.zh) + 4, 2 * len(column.example)))
