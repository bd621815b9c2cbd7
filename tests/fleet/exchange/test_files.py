"""Files are read without trust, and what is written is read again as it was."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from xlsxwriter import Workbook as Writer

from fleet.exchange.cells import ErrorValue, Formula
from fleet.exchange.csv_files import read_csv, write_csv_rows
from fleet.exchange.errors import (
    FileDamaged,
    FileSuspicious,
    FileTooLarge,
    NotASpreadsheet,
    OldOrEncrypted,
    TooManyRows,
)
from fleet.exchange.files import MAX_FILE_BYTES, MAX_ROWS, read_file
from fleet.exchange.neutral import neutral, plain
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


def test_a_false_size_hides_no_rows() -> None:
    content = xlsx(("a", "b"), (1, 2), (3, 4))
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"')
            new.writestr(name, part)
    assert [list(row) for row in read_file(file.getvalue()).rows] == [["a", "b"], [1, 2], [3, 4]]
