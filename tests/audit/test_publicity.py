"""The publicity report: rows, months, masking and the spreadsheet."""

from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from audit.publicity import (
    MASKED_PLACE,
    Posted,
    Publicity,
    month_period,
    publicity_rows,
    watermark,
)
from audit.publicity_xlsx import publicity_xlsx
from tests.audit.facts import beijing


def posted(n: int, **changes: object) -> Posted:
    values: dict[str, object] = {
        "order_id": UUID(int=n),
        "vehicle_no": 1,
        "plate": "示A10001",
        "category": "other_prescribed",
        "start": beijing(20, 9),
        "end": beijing(20, 11),
        "service_kind": None,
        "purposes": ["meeting"],
        "places": ["市政务中心"],
    }
    return Posted(**(values | changes))  # type: ignore[arg-type]


def report(*orders: Posted, metres: int = 12_345, mark: str = "张三 甲局") -> Publicity:
    rows = publicity_rows(orders, {(order.vehicle_no, order.order_id): metres for order in orders})
    return Publicity("甲局", "2026-10", rows, mark)


def header_of(sheet: Worksheet) -> str:
    """What stands in the middle of each page's head."""
    assert sheet.oddHeader is not None
    return sheet.oddHeader.center.text or ""


@pytest.mark.parametrize(
    ("month", "start", "end"),
    [
        ("2026-10", beijing(1, 0), beijing(1, 0, month=11)),
        ("2026-12", datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)),
    ],
)
def test_a_month_is_one_of_shanghai(month: str, start: datetime, end: datetime) -> None:
    assert month_period(month) == (start, end)


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-1", "2026-W1", "October", "2026-10-1"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(ValueError):
        month_period(month)


def test_rows_stand_in_order_of_departure_and_sum_up() -> None:
    later, sooner = posted(1, start=beijing(21, 9)), posted(2)
    made = report(later, sooner)
    assert [row.day.day for row in made.rows] == [20, 21]
    assert made.total_m == 2 * 12_345


def test_of_passengers_of_other_units_is_posted_that_they_rode_along_and_nothing_more() -> None:
    (both,) = report(posted(1, is_shared=True)).rows
    assert (both.purpose_label, both.place) == ("会议、合乘", "市政务中心")
    (only_others,) = report(posted(1, purposes=[], places=[], is_shared=True)).rows
    assert (only_others.purpose_label, only_others.place) == ("合乘", MASKED_PLACE)


def test_labels_are_those_of_the_code_lists_and_a_shared_ride_names_each_once() -> None:
    ride = posted(1, purposes=["meeting", "document", "meeting"], places=["东", "西", "东"])
    service = posted(2, service_kind="fuel", purposes=[], places=[])
    rows = report(ride, service).rows
    assert [(row.purpose_label, row.place) for row in rows] == [
        ("会议、文件送取", "东、西"),
        ("加油", None),
    ]


def test_the_places_of_confidential_couriers_are_masked() -> None:
    (row,) = report(posted(1, category="confidential_courier")).rows
    assert row.place == MASKED_PLACE


def test_numbers_are_numbers_and_times_are_beijing_times() -> None:
    sheet = load_workbook(BytesIO(publicity_xlsx(report(posted(1), posted(2)))))["公示"]
    assert [cell.value for cell in sheet[4]] == [
        1,
        "示A10001",
        beijing(20, 9).replace(tzinfo=None),
        beijing(20, 11).replace(tzinfo=None),
        "会议",
        "市政务中心",
        12.345,
    ]
    assert sheet["A6"].value == "合计：共 2 行"
    assert sheet["G6"].value == pytest.approx(24.69)


def test_the_paper_is_a4_landscape_and_repeats_its_head_and_watermark() -> None:
    mark = watermark("张三", "甲局", datetime(2026, 10, 31, 16, 0, 5, tzinfo=UTC))
    assert mark == "张三 甲局 2026-11-01 00:00:05"
    sheet = load_workbook(BytesIO(publicity_xlsx(report(posted(1), mark=mark))))["公示"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.print_title_rows == "$2:$3"
    assert header_of(sheet) == mark
    assert mark in sheet["A2"].value


def test_text_that_looks_like_a_formula_stays_text() -> None:
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.invalid"]
    file = publicity_xlsx(report(*(posted(n, places=[text]) for n, text in enumerate(evil))))
    sheet = load_workbook(BytesIO(file))["公示"]
    cells = [sheet.cell(4 + n, 6) for n in range(len(evil))]
    assert [cell.value for cell in cells] == evil
    # openpyxl reads the type "f" only for a real formula element.
    assert b"<f>" not in ZipFile(BytesIO(file)).read("xl/worksheets/sheet1.xml")
    assert all(cell.hyperlink is None for cell in cells)


def test_a_watermark_with_header_codes_or_of_any_length_is_harmless() -> None:
    mark = "A&B &P " + "长" * 400
    sheet = load_workbook(BytesIO(publicity_xlsx(report(posted(1), mark=mark))))["公示"]
    assert sheet["A2"].value == f"内部公示 · {mark}"
    assert header_of(sheet).startswith("A&&B &&P")


def test_a_month_without_a_row_is_still_a_report() -> None:
    sheet = load_workbook(BytesIO(publicity_xlsx(report())))["公示"]
    assert (sheet["A4"].value, sheet["G4"].value) == ("合计：共 0 行", 0)
