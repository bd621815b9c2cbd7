"""Each rule at its edges: yes, or why not in its own sentence."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.eligibility.driver_rules import DRIVER_RULES
from dispatch.eligibility.rules import RULES, objection
from dispatch.eligibility.rules.hard import (
    ADVICE,
    ADVICE_OF_DRIVERS,
    HARD,
    HARD_OF_DRIVERS,
    SOFT,
    SOFT_OF_DRIVERS,
)
from fleet.outages.words import OutageKind
from tests.dispatch.eligibility.choosing import AT, NEED, NOW, OTHER, driver, need, vehicle

HOUR = 3600
# The ride ends at 12:00 in Shanghai on 2 March; validity ends with a Shanghai day.
END_OF_1_MARCH = datetime(2026, 3, 1, 16, tzinfo=UTC)
END_OF_2_MARCH = datetime(2026, 3, 2, 16, tzinfo=UTC)
UNTIL_MIDNIGHT = need(end=END_OF_1_MARCH + timedelta(days=1))


def told(changes: dict[str, object], wanted: object = NEED) -> tuple[str, str] | None:
    found = objection(vehicle(**changes), wanted, AT)  # type: ignore[arg-type]
    return (found.rule, found.sentence) if found else None


def test_nothing_speaks_against_the_vehicle_to_begin_with() -> None:
    assert told({}) is None


@pytest.mark.parametrize(
    ("changes", "rule", "sentence"),
    [
        (
            {"out_of_use": OutageKind.DEFECT},
            "no_defect",
            "该时段车辆故障停用，未定恢复时间",
        ),
        (
            {"out_of_use": OutageKind.MAINTENANCE, "out_of_use_until": NOW},
            "no_maintenance",
            "该时段车辆维护停用，至 2026-03-02 09:00",
        ),
        (
            {"insurance_ended": END_OF_1_MARCH},
            "insured",
            "交强险有效期至 2026-03-01，用车结束前到期",
        ),
        (
            {"inspection_ended": END_OF_1_MARCH},
            "inspected",
            "年检有效期至 2026-03-01，用车结束前到期",
        ),
        (
            {"category": "enforcement"},
            "enforcement_only",
            "执法执勤用车只用于执法执勤，本次申请不属于此类",
        ),
        (
            {"category": "confidential_courier"},
            "courier_only",
            "机要通信用车只用于机要通信，本次申请不属于此类",
        ),
        (
            {"category": "special_technical"},
            "technical_only",
            "特种专业技术用车只用于特种专业技术，本次申请不属于此类",
        ),
        (
            {"unit_no": OTHER, "closed_to_others": True},
            "cross_unit_open",
            "所属单位车辆不用于跨单位统一调度",
        ),
        (
            {"range_m": 49_999},
            "in_range",
            "估算当日还可行驶 50.0 公里，本次约 50.0 公里",
        ),
        ({"range_m": -5}, "in_range", "估算当日还可行驶 0.0 公里，本次约 50.0 公里"),
    ],
)
def test_a_rule_says_why_not(changes: dict[str, object], rule: str, sentence: str) -> None:
    assert told(changes) == (rule, sentence)


@pytest.mark.parametrize(
    "changes",
    [
        {"insurance_ended": END_OF_2_MARCH, "inspection_ended": END_OF_2_MARCH},
        {"closed_to_others": True},
        {"unit_no": OTHER},
        {"unit_no": OTHER, "closed_to_others": True, "holding": "pool"},
        {"range_m": 50_000},
    ],
)
def test_a_vehicle_within_the_rules_may_serve(changes: dict[str, object]) -> None:
    assert told(changes) is None


def test_a_ride_that_ends_at_midnight_ends_on_the_last_valid_day() -> None:
    assert told({"insurance_ended": END_OF_2_MARCH}, UNTIL_MIDNIGHT) is None
    later = need(end=UNTIL_MIDNIGHT.end + timedelta(microseconds=1))
    assert told({"insurance_ended": END_OF_2_MARCH}, later) is not None


def test_a_kept_category_goes_to_who_asks_for_it_and_to_nobody_else() -> None:
    assert told({"category": "enforcement"}, need(category="enforcement")) is None
    other = told({"category": "enforcement"}, need(category="emergency"))
    assert other is not None
    assert other[0] == "enforcement_only"
    mismatch = told({"category": "other_prescribed"}, need(category="emergency"))
    assert mismatch == ("category", "用途类别为其他，申请要求应急保障")


def test_an_unknown_length_of_the_ride_leaves_no_electric_vehicle_out() -> None:
    assert told({"range_m": 0}, need(ride_m=None)) is None


def test_what_the_allowance_refuses_leaves_every_vehicle_out_with_its_sentence() -> None:
    assert told({}, need(no_allowance="不在可派车事由之列")) == (
        "allowance",
        "不在可派车事由之列",
    )


def test_the_sentence_on_drivers_counts_whom_each_rule_struck() -> None:
    drivers = (
        driver(1, on_leave=True),
        driver(2, on_leave=True, busy_until=NOW),
        driver(3, licence_class="C5"),
        driver(4, licence_until=NOW),
        driver(5, off_shift=True),
        driver(6, busy_until=NOW),
        driver(7, duty_s=9 * HOUR),
        driver(8, week_s=42 * HOUR),
    )
    assert told({"drivers": drivers}) == (
        "driver",
        "8 名驾驶员：2 人请假，1 人准驾不符，1 人驾驶证到期，1 人不当班，1 人有任务，"
        "1 人当日任务将超过 11 小时，1 人本周任务将超过 44 小时",
    )
    assert told({"drivers": ()}) == ("driver", "所属单位没有登记驾驶员")
    assert told({"drivers": (*drivers, driver(9))}) is None


def test_every_rule_is_hard_or_soft_or_advice() -> None:
    of_vehicles = [*HARD, *SOFT, *ADVICE]
    assert len(of_vehicles) == len(set(of_vehicles))
    assert set(of_vehicles) == set(RULES)
    of_drivers = [*HARD_OF_DRIVERS, *SOFT_OF_DRIVERS, *ADVICE_OF_DRIVERS]
    assert len(of_drivers) == len(set(of_drivers))
    assert set(of_drivers) == set(DRIVER_RULES)


def test_every_rule_has_a_name_and_a_sentence_that_says_what_holds() -> None:
    rules = [*RULES, *DRIVER_RULES]
    names = [rule.__name__ for rule in rules]
    assert len(set(names)) == len(names)
    assert all(rule.__doc__ for rule in rules)
