"""The publicity report as a spreadsheet: A4 landscape, numbers as numbers, the watermark on
every page. Text is written as text, so that no cell can start a formula.
"""

from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from audit.publicity import Publicity, PublicityRow
from kit.clock import SHANGHAI

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_COLUMNS = (
    ("序号", 6),
    ("车牌号码", 14),
    ("出车时间", 18),
    ("收车时间", 18),
    ("用车事由", 22),
    ("地点", 40),
    ("里程（公里）", 14),
)
_A4 = 9
_NOTE_ROW, _HEAD_ROW = 1, 2
# Excel refuses longer headers; the escaped watermark stays below it.
_MOST_HEADER_CHARACTERS = 240


def publicity_xlsx(report: Publicity) -> bytes:
    """Return the report as an XLSX file; times are Beijing times, distances kilometres."""
    file = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as workbook:
        formats = {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "note": workbook.add_format({"font_color": "#808080", "italic": True}),
            "head": workbook.add_format({"bold": True, "border": 1, "bg_color": "#EDEDED"}),
            "time": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            "km": workbook.add_format({"num_format": "#,##0.000"}),
            "total": workbook.add_format({"num_format": "#,##0.000", "bold": True, "top": 1}),
        }
        sheet = workbook.add_worksheet("公示")
        _set_up_pages(sheet, report)
        sheet.write_string(
            0, 0, f"{report.unit_name} {report.month} 公务用车使用情况公示", formats["title"]
        )
        sheet.write_string(_NOTE_ROW, 0, f"内部公示 · {report.watermark}", formats["note"])
        for column, (label, _) in enumerate(_COLUMNS):
            sheet.write_string(_HEAD_ROW, column, label, formats["head"])
        for n, row in enumerate(report.rows, start=1):
            _write_row(sheet, _HEAD_ROW + n, n, row, formats)
        last = _HEAD_ROW + len(report.rows) + 1
        sheet.write_string(last, 0, f"合计：共 {len(report.rows)} 行", formats["total"])
        sheet.write_number(last, len(_COLUMNS) - 1, report.total_m / 1000, formats["total"])
    return file.getvalue()


def _set_up_pages(sheet: Worksheet, report: Publicity) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_NOTE_ROW, _HEAD_ROW)
    sheet.freeze_panes(_HEAD_ROW + 1, 0)
    for column, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
    mark = _escaped(report.watermark)
    sheet.set_header(f"&C{mark}")
    sheet.set_footer(f"&L{mark}&R第 &P 页 共 &N 页")


def _escaped(text: str) -> str:
    """Return text in which `&` is no control character of a header, cut to what Excel takes."""
    return text[: _MOST_HEADER_CHARACTERS // 2].replace("&", "&&")[:_MOST_HEADER_CHARACTERS]


def _write_row(
    sheet: Worksheet, at: int, n: int, row: PublicityRow, formats: dict[str, object]
) -> None:
    sheet.write_number(at, 0, n)
    sheet.write_string(at, 1, row.plate)
    sheet.write_datetime(at, 2, _beijing(row.start), formats["time"])
    if row.end is not None:
        sheet.write_datetime(at, 3, _beijing(row.end), formats["time"])
    sheet.write_string(at, 4, row.purpose_label)
    sheet.write_string(at, 5, row.place or "")
    sheet.write_number(at, 6, row.distance_m / 1000, formats["km"])


def _beijing(time: datetime) -> datetime:
    """Return Beijing's wall clock: a spreadsheet knows no time zones."""
    return time.astimezone(SHANGHAI).replace(tzinfo=None)
