"""The queue promises a vehicle by type, and offers what could be done where there is none."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.clock import day_start, shanghai_day, utc_now
from tests.browser.axe import violations
from tests.browser.rides import Json, Rides
from tests.browser.site import Site, keep_picture

HOUR = 14
VEHICLES = 8
"""Of both units and of the pool."""


@pytest.fixture
def asked(rides: Rides) -> list[Json]:
    """Rides of one hour in three days, one more than there are vehicles; none is promised."""
    start = _start()
    return [rides.approved("参加防汛工作会议", start - utc_now()) for _ in range(VEHICLES + 1)]


def test_a_vehicle_is_promised_by_type_and_the_promise_taken_back(
    site: Site, asked: list[Json]
) -> None:
    page, part = _open(site, asked[0])
    expect(part).to_contain_text("未预留车辆")
    part.get_by_label("能源").click()
    page.get_by_title("汽油").click()
    part.get_by_role("button", name="预留车辆").click()
    expect(part).to_contain_text("已预留 甲局 的车辆一辆：汽油")
    assert violations(page) == []
    keep_picture(page, "queue-promised")
    part.get_by_role("button", name="取消预留").click()
    page.locator(".reasoned textarea").fill("会议改期")
    page.locator(".reasoned").get_by_role("button", name="取消预留").click()
    expect(part).to_contain_text("未预留车辆")


def test_a_full_hour_offers_another_time_and_takes_it_with_one_tap(
    site: Site, rides: Rides, asked: list[Json]
) -> None:
    last = asked[-1]
    for request in asked[:-1]:
        wish = {"revision": request["revision"]}
        rides.dispatcher.post(f"/requests/{request['id']}/reservation", wish)
    page, part = _open(site, last)
    part.get_by_label("能源").click()
    page.get_by_title("汽油").click()
    with site.forgiving():
        part.get_by_role("button", name="预留车辆").click()
        expect(part).to_contain_text("该时段没有可预留的车辆，可以：")
    moves = part.get_by_role("button", name="改到")
    expect(moves).to_have_count(2)
    assert violations(page) == []
    keep_picture(page, "queue-full-hour")
    moves.last.click()
    page.locator(".reasoned textarea").fill("该时段车辆已约满，经乘车人同意改时间")
    page.locator(".reasoned").get_by_role("button", name="改到").click()
    expect(part).to_contain_text("已预留 甲局 的车辆一辆：汽油")
    seen = rides.applicant.get(f"/requests/{last['id']}")
    assert seen["period"]["start"] > last["period"]["end"]  # type: ignore[index]


def test_a_type_that_nobody_has_is_offered_as_any_other(site: Site, asked: list[Json]) -> None:
    page, part = _open(site, asked[0])
    part.get_by_label("能源").click()
    page.get_by_title("纯电动").click()
    with site.forgiving():
        part.get_by_role("button", name="预留车辆").click()
        pool = part.get_by_role("button", name="预留 机关事务中心 的车辆（不限车型）")
        expect(pool).to_be_visible()
    pool.click()
    expect(part).to_contain_text("已预留 机关事务中心 的车辆一辆：不限车型")


def _open(site: Site, request: Json) -> tuple[Page, Locator]:
    page = site.page("dispatcher")
    page.goto(f"/queue?r={request['id']}")
    part = page.get_by_role("region", name="预留", exact=True)
    expect(part).to_be_visible()
    return page, part


def _start() -> datetime:
    return day_start(shanghai_day(utc_now()) + timedelta(days=3)) + timedelta(hours=HOUR)
