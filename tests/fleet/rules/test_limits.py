"""Limits of duty and the age of renewal are rules: inherited, and changed below where opened."""

from datetime import timedelta

import httpx
import pytest

from fleet.duty.limits import limits_of
from kit.clock import shanghai_day, utc_now
from kit.database import Sessions
from tests.support.world import World, log_in

API = "/api/v1"
HOUR_S = 3600


async def _say(client: httpx.AsyncClient, key: str, value: object, **more: object) -> str:
    """Let a rule say something; return the problem's type, or who says it now."""
    answer = await client.put(f"{API}/rules/values/{key}", json={"value": value, **more})
    told = answer.json()
    return str(told["said_by"]["name"] if answer.status_code == 200 else told["type"])


@pytest.mark.parametrize(
    ("key", "default", "above", "below"),
    [
        ("driven_day_s", 8 * HOUR_S, 6 * HOUR_S, 4 * HOUR_S),
        ("driven_week_s", 44 * HOUR_S, 40 * HOUR_S, 30 * HOUR_S),
        ("renewal_years", 8, 10, 12),
    ],
)
async def test_a_level_overrides_only_what_the_upper_one_opened(
    client: httpx.AsyncClient, world: World, key: str, default: int, above: int, below: int
) -> None:
    await log_in(client, "authority")
    a = {"organisation_id": str(world.organisations["a"].id)}
    assert await _say(client, key, below, **a) == "/problems/rule-closed"
    assert await _value(client, key, **a) == default
    assert await _say(client, key, above) == "机关事务中心"
    assert await _say(client, key, below, **a) == "/problems/rule-closed"
    assert await _value(client, key, **a) == above
    assert await _say(client, key, above, open_below=True) == "机关事务中心"
    assert await _say(client, key, below, **a) == "甲局"
    assert await _value(client, key, **a) == below
    # The sister unit has said nothing, and what is closed again holds for all.
    assert await _value(client, key, organisation_id=str(world.organisations["b"].id)) == above
    assert await _say(client, key, above, open_below=False) == "机关事务中心"
    assert await _value(client, key, **a) == above


@pytest.mark.parametrize(
    ("key", "refused"),
    [
        ("driven_day_s", (0, 24 * HOUR_S + 1, True, "28800", 2.5, None)),
        ("driven_week_s", (-1, 7 * 24 * HOUR_S + 1)),
        ("renewal_years", (0, 31, 10**30)),
    ],
)
async def test_values_beyond_their_bounds_are_refused(
    client: httpx.AsyncClient, world: World, key: str, refused: tuple[object, ...]
) -> None:
    await log_in(client, "authority")
    assert {await _say(client, key, value) for value in refused} == {"/problems/bad-rule-value"}


async def test_hours_are_held_against_the_limits_of_the_drivers_unit(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "authority")
    await _say(client, "driven_day_s", 6 * HOUR_S)
    await _say(client, "driven_week_s", 5 * HOUR_S)
    await log_in(client, "manager")
    shown = await client.get(f"{API}/drivers/{world.drivers['a1'].id}/duty")
    assert shown.status_code == 200, shown.text
    # A day is never longer than its week.
    assert shown.json()["limits"]["driven_day_s"] == 5 * HOUR_S
    assert shown.json()["limits"]["driven_week_s"] == 5 * HOUR_S
    async with sessions() as session:
        past = await limits_of(session, world.organisations["a"].no, world.now - timedelta(days=1))
    assert (past.driven_day_s, past.driven_week_s) == (8 * HOUR_S, 44 * HOUR_S)


async def test_a_renewal_is_early_by_the_rule_of_the_unit(
    client: httpx.AsyncClient, world: World
) -> None:
    today = shanghai_day(utc_now())
    bought = {"purchase_date": today.replace(year=today.year - 9, day=1).isoformat()}
    await log_in(client, "manager")
    early = []
    for key, years in (("a1", None), ("a2", 10)):
        if years is not None:
            await log_in(client, "authority")
            assert await _say(client, "renewal_years", years) == "机关事务中心"
            await log_in(client, "manager")
        address = f"{API}/vehicles/{world.vehicles[key].id}"
        changed = await client.patch(address, json=bought)
        assert changed.status_code == 200, changed.text
        renewed = await client.post(f"{address}/renewals", json={"day": today.isoformat()})
        assert renewed.status_code == 201, renewed.text
        facts = (await client.get(f"{address}/events")).json()["items"][-1]["facts"]
        early.append((facts["early"], facts["renewal_years"], facts["rule_version"]))
    assert early == [(False, 8, 0), (True, 10, 1)]


async def _value(client: httpx.AsyncClient, key: str, **which: object) -> object:
    shown = await client.get(f"{API}/rules/values", params=which)  # type: ignore[arg-type]
    (rule,) = [one for one in shown.json()["items"] if one["key"] == key]
    return rule["value"]
