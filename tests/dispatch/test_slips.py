"""The slip's number and its 19 items."""

from datetime import UTC, datetime

from dispatch.slips.content import (
    ITEMS,
    Approval,
    Driven,
    SlipFacts,
    filled_items,
    kilometres,
    number_text,
    slip_content,
    slip_year,
)

FACTS = SlipFacts(
    number_text="派〔2026〕0007号",
    issuer="机关事务中心",
    dispatcher="调度员",
    unit="甲局",
    passenger="申请人",
    passenger_phone=None,
    purpose="会议：参加工作会议",
    passengers=2,
    waypoints=("甲局", "会议中心", "甲局"),
    start=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
    end=datetime(2026, 3, 2, 2, 0, tzinfo=UTC),
    plate="示A10001",
    driver="驾驶员",
    cross_unit=True,
    approvals=[Approval("用车审核领导", "同意", datetime(2026, 3, 1, 8, 0, tzinfo=UTC))],
)


def test_number_is_printed_with_at_least_four_digits() -> None:
    assert number_text(2026, 1) == "派〔2026〕0001号"
    assert number_text(2026, 12345) == "派〔2026〕12345号"


def test_year_of_a_slip_is_the_year_in_beijing() -> None:
    assert slip_year(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == 2026
    assert slip_year(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 2027


def test_slip_has_nineteen_items_and_leaves_empty_what_is_unknown() -> None:
    items = filled_items(slip_content(FACTS), Driven())
    assert [key for key, _, _ in items] == [key for key, _ in ITEMS]
    assert len(items) == 19
    texts = {key: text for key, _, text in items}
    assert texts["times_planned"] == "2026-03-02 07:30 至 2026-03-02 10:00"
    assert texts["approvals"] == "同意 用车审核领导 2026-03-01 16:00"
    assert {key for key, text in texts.items() if text == ""} == {
        "passenger_phone",
        "times_actual",
        "odometer",
        "distance",
        "tolls",
        "parking",
        "route_driven",
        "signatures",
    }


def test_kilometres_are_rounded_half_up_to_one_decimal() -> None:
    assert [kilometres(m) for m in (0, 49, 50, 34_649, 34_650)] == [
        "0.0 公里",
        "0.0 公里",
        "0.1 公里",
        "34.6 公里",
        "34.7 公里",
    ]
