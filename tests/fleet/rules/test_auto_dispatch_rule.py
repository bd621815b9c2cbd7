"""What an organisation may say about auto-dispatch: modes, limits and hours."""

from datetime import UTC, datetime

import httpx
import pytest

from fleet.rules.auto_dispatch import AutoDispatchLimits, AutoDispatchMode, DayHours
from fleet.rules.keys import RuleKey
from fleet.rules.known import KNOWN, BadRuleValue
from tests.support.world import World, log_in

API = "/api/v1/rules/values"


def test_auto_dispatch_is_off_until_somebody_says_otherwise() -> None:
    assert KNOWN[RuleKey.AUTO_DISPATCH].default is AutoDispatchMode.OFF


@pytest.mark.parametrize(
    "value",
    [
        {"purposes": []},
        {"purposes": ["outing"]},
        {"longest_ride_s": 599},
        {"longest_ride_s": 10**30},
        {"greatest_empty_m": 99},
        {"vehicles": "rental"},
        {"hours": {"start": "08:00", "end": "08:00"}},
        {"hours": {"start": "08:00+08:00", "end": "09:00"}},
        {"rank": "厅级"},
    ],
)
def test_limits_outside_their_bounds_are_refused(value: object) -> None:
    with pytest.raises(BadRuleValue):
        KNOWN[RuleKey.AUTO_DISPATCH_LIMITS].read(value)


def test_hours_are_shanghais_and_may_pass_midnight() -> None:
    night = DayHours.model_validate({"start": "22:00", "end": "06:00"})
    day = DayHours.model_validate({"start": "08:00", "end": "18:00"})
    at_seven_in_the_morning = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    at_two_in_the_night = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    assert [night.contains(at_seven_in_the_morning), night.contains(at_two_in_the_night)] == [
        False,
        True,
    ]
    assert day.contains(datetime(2026, 11, 22, 0, 0, tzinfo=UTC))
    assert not day.contains(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))


async def test_a_unit_may_state_its_own_limits_until_the_level_above_closes_them(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "authority")
    a = str(world.organisations["a"].id)
    limits = {"purposes": ["meeting"], "hours": {"start": "08:00", "end": "18:00"}}
    own = await client.put(
        f"{API}/auto_dispatch_limits", json={"value": limits, "organisation_id": a}
    )
    assert own.status_code == 200, own.text
    filled = AutoDispatchLimits.model_validate(limits).model_dump(mode="json")
    assert own.json()["value"] == filled
    closed = await client.put(f"{API}/auto_dispatch", json={"value": "off", "open_below": False})
    assert closed.status_code == 200, closed.text
    refused = await client.put(
        f"{API}/auto_dispatch", json={"value": "assign", "organisation_id": a}
    )
    assert refused.json()["type"] == "/problems/rule-closed"
