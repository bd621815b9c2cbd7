"""Bookings and plans: promised by the hour, planned in the background, confirmed by hand."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from kit.clock import day_start, shanghai_day, utc_now
from tests.browser.axe import violations
from tests.browser.places import place
from tests.browser.rides import Json, Rides
from tests.browser.site import Site, keep_picture

HOUR = 9


@pytest.fixture
def promised(site: Site, rides: Rides) -> Iterator[list[Json]]:
    """Two rides of one hour of tomorrow, each promised a pool vehicle, and one driver on leave."""
    manager = site.caller("manager")
    start = _tomorrow() + timedelta(hours=HOUR)
    asked = [rides.approved("参加季度工作会议", start - utc_now()) for _ in range(2)]
    pool = {"organisation_id": str(site.world.organisations["bureau"].id)}
    for request in asked:
        wish = {**pool, "revision": request["revision"]}
        rides.dispatcher.post(f"/requests/{request['id']}/reservation", wish)
    leave = manager.post(
        f"/drivers/{site.world.drivers['pool1'].id}/leaves",
        {
            "kind": "annual",
            "start": _tomorrow().isoformat(),
            "end": (_tomorrow() + timedelta(days=1)).isoformat(),
            "reason": "休假",
        },
    )
    yield asked
    manager.post(f"/leaves/{leave['id']}/end")


def test_a_day_is_planned_read_and_confirmed_and_says_what_would_save_what_breaks(
    site: Site, promised: list[Json]
) -> None:
    page = site.page("dispatcher")
    page.goto("/plans")
    hours = page.get_by_role("region", name="按小时预留的车辆").get_by_role("row").nth(1)
    expect(hours).to_contain_text("机关事务中心")
    expect(hours.get_by_role("cell").nth(HOUR)).to_have_text("2")
    expect(page.get_by_text("还没有这一天的方案")).to_be_visible()
    page.get_by_role("button", name="编排方案").focus()
    page.keyboard.press("Enter")

    broken = page.get_by_role("alert").filter(has_text="最先不能兑现的预留")
    expect(broken).to_contain_text("没有可当班且工时未满的驾驶员")
    expect(broken).to_contain_text("增加一名驾驶员")
    lines = page.get_by_role("region", name="方案明细")
    expect(lines.get_by_role("row").filter(has_text="未安排")).to_have_count(1)
    proposed = lines.get_by_role("row").filter(has_text="待确认")
    expect(proposed).to_contain_text(re.compile("驾驶员pool2"))
    assert violations(page) == []
    keep_picture(page, "plans")
    _look_at_it_otherwise(page)

    some = page.get_by_role("button", name="确认所选")
    expect(some).to_be_disabled()
    proposed.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    some.click()
    expect(page.get_by_text("已派车 1 项，未通过核对 0 项")).to_be_visible()
    expect(page.get_by_role("button", name="确认所选")).to_have_count(0)
    (order,) = _orders_of(site, promised)
    lines.get_by_role("link", name="派车任务").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(order["vehicle"]["plate"])  # type: ignore[index]


@pytest.fixture
def sharing(site: Site) -> Iterator[list[Json]]:
    """Two units' rides of one morning to one place, promised pool vehicles; both may share."""
    start = _tomorrow() + timedelta(days=1, hours=HOUR)
    asked = [_asked_to_share(site, unit, start) for unit in ("a", "b")]
    yield asked
    for order in _orders_of(site, asked)[:1]:
        Rides.of(site).step("dispatcher", order, "cancel", reason="演示结束")


def test_who_may_share_is_put_together_by_a_plan_and_rides_in_one_vehicle(
    site: Site, sharing: list[Json]
) -> None:
    page = site.page("dispatcher")
    day = shanghai_day(utc_now()) + timedelta(days=2)
    page.goto(f"/plans?day={day.isoformat()}")
    page.get_by_role("button", name="编排方案").click()
    lines = page.get_by_role("region", name="方案明细")
    shared = lines.get_by_role("row").filter(has_text="第 1 组")
    expect(shared).to_have_count(2)
    expect(shared.nth(0)).to_contain_text(f"{HOUR:02}:00 上车")
    plates = lines.locator(".plate").all_inner_texts()
    assert plates[0] == plates[1] != "—"
    assert violations(page) == []
    keep_picture(page, "plans-sharing")
    page.get_by_role("button", name="全部确认派车（2）").click()
    expect(page.get_by_text("已派车 2 项，未通过核对 0 项")).to_be_visible()
    orders = _orders_of(site, sharing)
    assert len({one["id"] for one in orders}) == 1


def test_a_day_without_promises_and_one_out_of_reach_are_said_in_sentences(site: Site) -> None:
    page = site.page("dispatcher")
    day = shanghai_day(utc_now()) + timedelta(days=20)
    page.goto(f"/plans?day={day.isoformat()}")
    expect(page.get_by_text("这一天没有预留的车辆")).to_be_visible()
    page.get_by_role("button", name="编排方案").click()
    expect(page.get_by_role("alert")).to_contain_text("当日没有待派车的申请")
    expect(page.get_by_role("button", name="编排方案")).to_have_css("opacity", "1")
    assert violations(page) == []
    late = shanghai_day(utc_now()) - timedelta(days=1)
    page.goto(f"/plans?day={late.isoformat()}")
    with site.forgiving():
        page.get_by_role("button", name="编排方案").click()
        expect(page.get_by_role("alert")).to_contain_text("31 天以内")


def _tomorrow() -> datetime:
    return day_start(shanghai_day(utc_now()) + timedelta(days=1))


def _orders_of(site: Site, requests: list[Json]) -> list[Json]:
    found = [site.caller("dispatcher").get(f"/requests/{one['id']}")["order"] for one in requests]
    return [one for one in found if isinstance(one, dict)]


def _asked_to_share(site: Site, unit: str, start: datetime) -> Json:
    beside = 0.002 if unit == "b" else 0.0
    request = site.caller(f"applicant_{unit}").post(
        "/requests",
        {
            "passengers": 1,
            "purpose": "meeting",
            "purpose_text": "参加全市工作会议",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "origin": place(f"{unit} 局北门", beside),
            "destination": place("会议中心", 0.05),
            "round_trip": False,
            "may_share": True,
        },
    )
    step = {"revision": request["revision"]}
    approved = site.caller(f"approver_{unit}").post(f"/requests/{request['id']}/approve", step)
    pool = {"organisation_id": str(site.world.organisations["bureau"].id)}
    wish = {**pool, "revision": approved["revision"]}
    site.caller("dispatcher").post(f"/requests/{request['id']}/reservation", wish)
    return approved


def _look_at_it_otherwise(page: Page) -> None:
    """In English, at night, and on a small screen; then as before."""
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Bookings and plans", level=1)).to_be_visible()
    keep_picture(page, "plans-english")
    page.get_by_role("button", name="中文").click()
    page.emulate_media(color_scheme="dark")
    page.reload()
    expect(page.get_by_role("region", name="方案明细")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.querySelector('#content').scrollWidth") <= 360
    assert violations(page) == []
    keep_picture(page, "plans-360-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.reload()
