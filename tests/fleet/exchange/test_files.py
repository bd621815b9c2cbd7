"""Files are read without trust, and what is written is read again as it was."""

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from xlsxwriter import Workbook as Writer

from fleet.exchange.cells import LONGEST_CELL, Cell, ErrorValue, Formula, text_in
from fleet.exchange.csv_files import read_csv, write_csv_rows
from fleet.exchange.errors import (
    CellTooLong,
    FileDamaged,
    FileSuspicious,
    FileTooLarge,
    NotASpreadsheet,
    OldOrEncrypted,
    TooManyColumns,
    TooManyRows,
)
from fleet.exchange.files import MAX_FILE_BYTES, MAX_ROWS, read_file
from fleet.exchange.kinds import Day, Instant, Scaled, Text, Whole
from fleet.exchange.known import Extent, Known
from fleet.exchange.names import NameIndex
from fleet.exchange.neutral import neutral, plain
from fleet.exchange.reasons import NO_PLACE, CellRefused
from kit.settings import Settings
from tests.fleet.exchange.sheets import xlsx

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")) | st.sampled_from("=+-@'"),
    min_size=1,
    max_size=20,
).filter(lambda text: text == text.strip())


@given(st.text(max_size=30))
def test_a_neutral_text_is_no_formula_and_becomes_itself_again(text: str) -> None:
    assert neutral(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert plain(neutral(text)) == text


def test_a_semicolon_in_a_title_does_not_divide_a_file_with_commas() -> None:
    content = '说明；填写; 勿改;\n号牌号码,号牌颜色\n示A10001,"蓝;;;"\n'.encode()
    assert read_csv(content, 100, 10)[1:] == [["号牌号码", "号牌颜色"], ["示A10001", "蓝;;;"]]
    assert read_csv(b"a;b\n1;2\n", 100, 10) == [["a", "b"], ["1", "2"]]


@settings(max_examples=60, deadline=None)
@example([["0", ";;"]])
@given(st.lists(st.lists(TEXT, min_size=2, max_size=4), min_size=1, max_size=6))
def test_text_comes_back_from_csv_and_xlsx_as_it_was(rows: list[list[str]]) -> None:
    assert read_csv(write_csv_rows(rows), 100, 10) == rows
    file = BytesIO()
    with Writer(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)
    assert [list(row) for row in read_file(file.getvalue()).rows] == rows


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    refusals = (NotASpreadsheet, FileDamaged, FileSuspicious, OldOrEncrypted)
    try:
        table = read_file(content)
    except refusals:
        return
    assert all(isinstance(row, list) for row in table.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_chinese_offices_are_read(encoding: str) -> None:
    rows = read_file("号牌号码,单位\r\n京A12345,示范市教育局\r\n".encode(encoding)).rows
    assert list(rows) == [["号牌号码", "单位"], ["京A12345", "示范市教育局"]]


def test_cells_keep_their_kind_and_formulas_are_told() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["=1+1", 13900000001, 1.5, True, date(2026, 1, 31), "0012"])
    sheet["G1"] = "#N/A"
    sheet["G1"].data_type = "e"
    sheet.merge_cells("B2:C3")
    file = BytesIO()
    book.save(file)
    table = read_file(file.getvalue())
    assert list(table.rows[0]) == [
        Formula("=1+1"),
        13900000001,
        1.5,
        True,
        datetime(2026, 1, 31),  # noqa: DTZ001  (a spreadsheet knows no zones)
        "0012",
        ErrorValue("#N/A"),
    ]
    assert list(table.merged) == ["B2:C3"]


def _zip(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"<Types/>")
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


_BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><sst>&c;</sst>'


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (_zip(**{"xl/sharedStrings.xml": _BOMB}), FileSuspicious),
        (_zip(**{"xl/sharedStrings.xml": _BOMB.decode().encode("utf-16")}), FileSuspicious),
        (_zip(**{"xl/worksheets/sheet1.xml": b" " * 30_000_000}), FileSuspicious),
        (_zip(**{"xl/workbook.xml": b"<workbook/>"}), FileDamaged),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OldOrEncrypted),
        (b"%PDF-1.7 ...", NotASpreadsheet),
        (b"", NotASpreadsheet),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", NotASpreadsheet),
        (b"a,b\n" * (MAX_ROWS + 100), TooManyRows),
        (b"x" * (MAX_FILE_BYTES + 1), FileTooLarge),
    ],
)
def test_what_is_no_honest_spreadsheet_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_file(content)


def _sheet(rows: str, shared: str = "a") -> bytes:
    """Return a workbook whose worksheet holds this XML between its tags, with one shared string."""
    base, file = BytesIO(), BytesIO()
    with Writer(base) as book:
        book.add_worksheet().write_string(0, 0, "a")
    with zipfile.ZipFile(base) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
            elif name.endswith("sharedStrings.xml"):
                part = f"<sst><si><t>{shared}</t></si></sst>".encode()
            new.writestr(name, part)
    return file.getvalue()


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        (f'<row r="{MAX_ROWS + 12}"><c><v>1</v></c></row>', TooManyRows),
        ('<row r="1"><c r="CW1"><v>1</v></c></row>', TooManyColumns),
        ('<row r="1">' + "<c/>" * 16_385 + "</row>", FileSuspicious),
        ('<row r="2"/><row r="1"><c><v>1</v></c></row>', FileDamaged),
        ('<row r="1"><c r="B1"/><c r="A1"><v>1</v></c></row>', FileDamaged),
        ('<row r="1"><c t="s"><v>99</v></c></row>', FileDamaged),
        ('<row r="1"><c t="s"><v>-1</v></c></row>', FileDamaged),
    ],
)
def test_a_worksheet_is_read_no_further_than_its_bounds(
    rows: str, refusal: type[Exception]
) -> None:
    # Were it read on, the damage behind the row would be told instead.
    broken = _sheet(rows + "<broken" if refusal is TooManyRows else rows)
    with pytest.raises(refusal):
        read_file(broken)


def test_cells_without_content_far_to_the_right_are_no_columns() -> None:
    rows = '<row><c><v>1</v></c><c r="XFD1" s="0"/></row><row r="1048576"><c s="0"/></row>'
    assert [list(row) for row in read_file(_sheet(rows)).rows] == [[1]]
    assert read_csv(b"a,b" + b"," * 300, 10, 2) == [["a", "b"]]
    with pytest.raises(TooManyColumns):
        read_csv(b"a,b,c", 10, 2)


_LONG = "长" * (LONGEST_CELL + 1)
_INLINE = '<row r="7"><c r="B7" t="inlineStr"><is><t>{}</t></is></c></row>'
_SHARED = '<row r="7"><c r="B7" t="s"><v>0</v></c></row>'


@pytest.mark.parametrize(
    "content",
    [
        _sheet(_INLINE.format(_LONG)),
        _sheet(_INLINE.format(" " * (LONGEST_CELL + 1))),
        _sheet(_SHARED, _LONG),
        _sheet(_SHARED, " " * (LONGEST_CELL + 1)),
        ("\n" * 6 + f"a,{_LONG}\n").encode(),
    ],
)
def test_a_cell_with_more_text_than_a_spreadsheet_holds_is_refused_by_its_name(
    content: bytes,
) -> None:
    with pytest.raises(CellTooLong, match=r"Cell B7 ") as refused:
        read_file(content)
    assert refused.value.status == 422


def test_a_field_that_never_ends_is_refused_by_its_row() -> None:
    with pytest.raises(CellTooLong, match=r"row 2 "):
        read_csv(b'a,b\nc,"' + b"d,e\n" * 100_000, 10, 2)


def test_a_cell_as_long_as_a_spreadsheet_allows_is_read() -> None:
    whole = _LONG[1:]
    for content in (_sheet(_INLINE.format(whole)), _sheet(_SHARED, whole), f"a\n,{whole}".encode()):
        assert read_file(content).rows[-1] == [None, whole]


def test_text_is_measured_before_it_is_looked_through() -> None:
    # Told by the reason: the line break at its end would be another.
    for read, most in ((text_in, 2_000), (lambda cell: Text(30).read(cell, SOME), 30)):
        for cell, code in (
            ("a" * (most - 2) + "\nb", "control-character"),
            ("a" * most + "\nb", "too-long"),
        ):
            with pytest.raises(CellRefused) as refused:
                read(cell)
            assert refused.value.reason.code == code


@pytest.mark.parametrize("kind", [Day(), Instant()])
def test_a_text_far_too_long_for_a_day_is_not_searched_for_one(kind: Day | Instant) -> None:
    with pytest.raises(CellRefused) as refused:
        kind.read("2026-01-31" + " " * 100 + "8:30", SOME)
    assert refused.value.reason.code == "too-long"


def test_numbers_that_are_none_are_told_as_errors() -> None:
    rows = "<row>" + "".join(f"<c><v>{text}</v></c>" for text in ("1_0", "１", "1e400x")) + "</row>"
    (cells,) = read_file(_sheet(rows)).rows
    assert cells == [ErrorValue("1_0"), ErrorValue("１"), ErrorValue("1e400x")]


SOME = Known(Extent(None), datetime.now(UTC), Settings(), NameIndex(NO_PLACE), NameIndex(NO_PLACE))


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Whole(0, 9_999), 12, 12),
        (Whole(0, 9_999), 12.0, 12),
        (Whole(0, 9_999), " 1,234 ", 1234),
        (Whole(-5, 5), "-3", -3),
        (Scaled(3, Decimal(0), Decimal(200)), 8.1, 8100),
        # What Excel stores for 0.1 + 0.2.
        (Scaled(1, Decimal(0), Decimal(200)), 0.30000000000000004, 3),
        (Scaled(2, Decimal(0), Decimal(10**8)), "179,800.50", 17_980_050),
    ],
)
def test_a_number_is_read_as_a_spreadsheet_shows_it(
    kind: Whole | Scaled, cell: Cell, value: int
) -> None:
    assert kind.read(cell, SOME) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        *((Whole(0, 10**6), text, "number-wanted") for text in (
            "1_0", "1e5", "１２", "٣", "+5", "1,2", "12,34,567", "0x10", ".5", "5.", "1 0", "NaN",
            "Infinity", "12辆", True, float("nan"),
        )),
        (Whole(0, 10**6), 12.0000001, "whole-wanted"),
        (Whole(0, 10**6), "12.5", "whole-wanted"),
        (Whole(0, 10**6), 10**15, "precision-lost"),
        (Whole(0, 10**6), float("inf"), "precision-lost"),
        (Scaled(2, Decimal(0), Decimal(100)), "1.005", "too-many-places"),
        (Scaled(2, Decimal(0), Decimal(100)), 1.005, "too-many-places"),
        (Day(), "２０２６-０１-３１", "day-wanted"),
    ],
)  # fmt: skip
def test_what_is_no_plain_number_is_refused_and_not_rounded(
    kind: Whole | Scaled | Day, cell: Cell, code: str
) -> None:
    with pytest.raises(CellRefused) as refused:
        kind.read(cell, SOME)
    assert refused.value.reason.code == code


def test_a_false_size_hides_no_rows() -> None:
    content = xlsx(("a", "b"), (1, 2), (3, 4))
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"')
            new.writestr(name, part)
    assert [list(row) for row in read_file(file.getvalue()).rows] == [["a", "b"], [1, 2], [3, 4]]
