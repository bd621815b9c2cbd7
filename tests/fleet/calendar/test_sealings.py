"""Sealing windows: whom they concern, when they hold, and who may drive all the same."""

import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from fleet.calendar.days import DayKind, kind_by_week
from fleet.sealings.sealings import sealed
from fleet.sealings.windows import SealedDays, Window, sealed_windows
from kit.clock import SHANGHAI, day_start, shanghai_day, utc_now
from kit.database import Sessions, transaction
from tests.support.world import World, log_in

API = "/api/v1/sealings"


def beijing(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


# The rules of Luoyang 2025 (世界无车日), Henan University and Xiamen 2014, in the year 2026.
def test_a_day_without_cars_is_sealed_from_eight_to_eight() -> None:
    start, end = beijing(9, 22, 8), beijing(9, 23, 8)
    assert sealed_windows(start, end, SealedDays.EVERY_DAY, kind_by_week) == [Window(start, end)]


def test_holidays_and_weekends_adjoin_to_one_window_and_made_up_days_are_left_out() -> None:
    def kind_of(day: date) -> DayKind:
        if day == date(2026, 10, 10):
            return DayKind.MAKEUP_WORKDAY
        return (
            DayKind.HOLIDAY
            if date(2026, 10, 1) <= day <= date(2026, 10, 7)
            else (kind_by_week(day))
        )

    period = beijing(10, 1), beijing(11, 1)
    windows = sealed_windows(*period, SealedDays.HOLIDAYS_AND_WEEKENDS, kind_of)
    assert windows[0] == Window(beijing(10, 1), beijing(10, 8))
    assert windows[1] == Window(beijing(10, 11), beijing(10, 12))
    assert sealed_windows(*period, SealedDays.HOLIDAYS, kind_of) == [windows[0]]


_INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: beijing(1, 1) + timedelta(minutes=minutes)
)


@given(_INSTANTS, _INSTANTS, _INSTANTS, st.sampled_from(SealedDays))
def test_an_instant_lies_in_a_window_exactly_when_its_day_is_sealed(
    start: datetime, end: datetime, at: datetime, days: SealedDays
) -> None:
    windows = sealed_windows(start, end, days, kind_by_week)
    inside = [w for w in windows if w.start <= at < w.end]
    sealed_kind = days is SealedDays.EVERY_DAY or (
        days is SealedDays.HOLIDAYS_AND_WEEKENDS and kind_by_week(shanghai_day(at)) is DayKind.REST
    )
    assert bool(inside) == (start <= at < end and sealed_kind)
    assert all(a.end < b.start for a, b in pairwise(windows))


def order(world: World, **changes: object) -> dict[str, Any]:
    now = utc_now()
    return {
        "name": "国庆封存",
        "basis": "关于国庆期间公务用车封存的通知",
        "start": (now - timedelta(days=1)).isoformat(),
        "end": (now + timedelta(days=2)).isoformat(),
        "exempt_vehicle_ids": [str(world.vehicles["a2"].id)],
    } | changes


async def test_a_sealing_is_previewed_ordered_seen_below_and_ended(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    now = utc_now()
    await log_in(client, "authority")
    shown = await client.post(f"{API}/preview?limit=3", json=order(world))
    assert shown.status_code == 200, shown.text
    body = shown.json()
    assert (body["sealed_vehicles"], body["exempt_vehicles"]) == (7, 1)
    assert len(body["items"]) == 3
    more = await client.post(
        f"{API}/preview", params={"cursor": body["next_cursor"]}, json=order(world)
    )
    assert len(more.json()["items"]) == 5
    assert (await client.get(API)).json()["items"] == []
    made = await client.post(API, json=order(world))
    assert made.status_code == 201, made.text
    sealing = made.json()
    async with sessions() as session:
        assert (await sealed(session, world.vehicles["a1"].no, now)) is not None
        assert (await sealed(session, world.vehicles["a2"].no, now)) is None
        past = now - timedelta(days=2)
        assert (await sealed(session, world.vehicles["a1"].no, past)) is None
    await log_in(client, "clerk_a")
    seen = (await client.get(API)).json()["items"]
    assert [one["id"] for one in seen] == [sealing["id"]]
    below = (await client.get(f"{API}/{sealing['id']}/vehicles")).json()["items"]
    assert {(v["plate"], v["exempt"]) for v in below} == {
        ("示A10001", False),
        ("示A10002", True),
        ("示A10003", False),
    }
    refused = await client.post(f"{API}/{sealing['id']}/end", json={"reason": "提前"})
    assert refused.status_code == 403
    await log_in(client, "authority")
    ended = await client.post(f"{API}/{sealing['id']}/end", json={"reason": "提前结束"})
    assert ended.json()["ended_at"] is not None
    twice = await client.post(f"{API}/{sealing['id']}/end", json={"reason": "再次"})
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/sealing-over")
    async with sessions() as session:
        assert (await sealed(session, world.vehicles["a1"].no, now)) is not None
        assert (await sealed(session, world.vehicles["a1"].no, utc_now())) is None


async def test_a_new_version_takes_the_place_of_the_old(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "authority")
    first = (await client.post(API, json=order(world))).json()
    wider = order(world, exempt_categories=["other_prescribed"], replaces=first["id"])
    second = (await client.post(API, json=wider)).json()
    assert second["version"] == 2
    assert (await client.post(API, json=wider)).status_code == 409
    listed = (await client.get(API, params={"at": utc_now().isoformat()})).json()["items"]
    assert [one["id"] for one in listed] == [second["id"]]
    both = (await client.get(API, params={"limit": 1})).json()
    rest = (await client.get(API, params={"cursor": both["next_cursor"]})).json()["items"]
    assert rest[0]["superseded_at"] is not None
    async with sessions() as session:
        assert (await sealed(session, world.vehicles["a1"].no, utc_now())) is None


async def test_a_sealing_of_days_off_follows_the_calendar_of_the_region(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        (await session.merge(world.organisations["a"])).region_code = "350200"
        (await session.merge(world.organisations["b"])).region_code = "410300"
    await log_in(client, "authority")
    today = shanghai_day(utc_now())
    notice = {
        "region_code": "350000",
        "year": today.year,
        "source": "省人民政府通知",
        "holidays": [{"name": "试验", "first": today.isoformat(), "last": today.isoformat()}],
        "makeup_workdays": [],
    }
    imported = await client.post("/api/v1/calendar/import", json=notice)
    assert imported.status_code == 201, imported.text
    body = order(world, days="holidays", region_code="350200", exempt_vehicle_ids=[])
    shown = (await client.post(f"{API}/preview", json=body)).json()
    assert shown["sealed_vehicles"] == 3
    started = datetime.fromisoformat(shown["windows"][0]["start"])
    assert started in {day_start(today), datetime.fromisoformat(body["start"])}
    assert (await client.post(API, json=body)).status_code == 201
    async with sessions() as session:
        for key, by in (("a1", "国庆封存"), ("b1", None), ("pool1", None)):
            found = await sealed(session, world.vehicles[key].no, utc_now())
            assert (found.name if found else None) == by, key


async def test_what_no_sealing_can_be_is_refused(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "authority")
    wrong: list[dict[str, object]] = [
        {"end": "2020-01-01T00:00:00Z"},
        {"end": "2199-01-01T00:00:00Z"},
        {"start": "2026-01-01T00:00:00"},
        {"exempt_vehicle_ids": [str(world.bases["a"].id)]},
        {"organisation_id": str(world.bases["a"].id)},
        {"region_code": "3502"},
        {"replaces": str(world.bases["a"].id)},
        {"name": "\ud800"},
    ]
    for change in wrong:
        answer = await client.post(
            API,
            content=json.dumps(order(world, **change)),
            headers={"content-type": "application/json"},
        )
        assert answer.status_code in {404, 422}, (change, answer.text)
    assert (await client.get(API)).json()["items"] == []
