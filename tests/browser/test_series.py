"""Rides that return, on the phone: asked for once, approved once, each promised or refused."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from kit.clock import day_start, shanghai_day, utc_now
from tests.browser.axe import violations
from tests.browser.places import choose_place, make_known
from tests.browser.site import Site, keep_picture

HERE, THERE = "甲局北楼", "示例政务中心"
PURPOSE = "每日窗口值守"


@pytest.fixture
def places(site: Site) -> None:
    """Two known places of unit A."""
    make_known(site, {HERE: 0.0, THERE: 0.02})


@pytest.fixture
def nothing_left(site: Site) -> Iterator[date]:
    """A morning on which no vehicle is left: that of the second day from now."""
    manager, day = site.caller("manager"), _day(2)
    start = day_start(day)
    made = [
        manager.post(
            f"/vehicles/{vehicle.id}/outages",
            {
                "kind": "maintenance",
                "reason": "保养",
                "start": start.isoformat(),
                "end": (start + timedelta(hours=12)).isoformat(),
            },
        )
        for vehicle in site.world.vehicles.values()
    ]
    yield day
    for outage in made:
        manager.post(f"/outages/{outage['id']}/end", {"reason": "保养完成"})


def test_a_ride_that_returns_is_asked_for_once_and_each_day_is_promised_or_refused(
    site: Site, places: None, nothing_left: date
) -> None:
    page = site.page("applicant_a", size="phone")
    _ask(page)
    card = page.locator(".card").filter(has_text=PURPOSE)
    expect(card).to_contain_text("待单位审核")
    card.locator(".card-head").click()
    expect(card.locator(".rides li")).to_have_count(4)
    expect(card.locator(".rides")).to_contain_text("批准后预留")
    _change_the_last_day(page)
    expect(card.locator(".rides li")).to_have_count(3)
    _approve(site)

    expect(card).to_contain_text("已批准")
    expect(card).to_contain_text("已预留 2")
    expect(card).to_contain_text("未能预留 1")
    refused = card.locator(".rides li").filter(has_text=_said(nothing_left))
    expect(refused).to_contain_text("未能预留：车辆已满")
    _look(page, "phone-series")
    refused.get_by_role("button", name="改到").last.click()
    expect(refused).to_contain_text("已撤回")
    other = page.locator(".card").filter(has_text=PURPOSE).first
    expect(other).to_contain_text("待单位审核")
    expect(other).to_contain_text(_said(nothing_left))

    card = page.locator(".card").filter(has_text=PURPOSE).last
    card.get_by_role("button", name=f"取消 {_said(_day(1))}").click()
    expect(card.locator(".rides li").filter(has_text=_said(_day(1)))).to_contain_text("已撤回")
    card.get_by_role("button", name="取消其余各次").click()
    expect(page.get_by_label("取消原因")).to_be_focused()
    page.keyboard.type("窗口撤并")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("已终止")
    expect(card).to_contain_text("窗口撤并")
    assert [one["state"] for one in _mine(site)] == ["unit_review", *["withdrawn"] * 3]
    asked = _mine(site)[0]
    step = {"revision": asked["revision"]}
    site.caller("applicant_a").post(f"/requests/{asked['id']}/withdraw", step)


def _ask(page: Page) -> None:
    page.goto("/m#book")
    choose_place(page, "出发地", HERE)
    choose_place(page, "目的地", THERE)
    page.get_by_label("周期").check()
    page.get_by_label("每周").check()
    page.get_by_label("周三").check()
    _look(page, "phone-series-weekly")
    page.get_by_label("每天").check()
    page.get_by_label("放假日也用车").check()
    page.get_by_label("第一天").fill(_day(1).isoformat())
    page.get_by_label("最后一天").fill(_day(4).isoformat())
    page.get_by_label("结束").fill("09:30")
    page.get_by_label("事由说明").fill(PURPOSE)
    page.get_by_role("button", name="提交申请").click()


def _change_the_last_day(page: Page) -> None:
    page.get_by_role("button", name="修改并重新提交").click()
    page.get_by_label("最后一天").fill(_day(3).isoformat())
    page.get_by_role("button", name="重新提交").click()


def _approve(site: Site) -> None:
    page = site.page("approver_a", size="phone")
    page.goto("/m#approve")
    waiting = page.locator(".card").filter(has_text=PURPOSE)
    expect(waiting).to_contain_text("每天 08:00–09:30")
    expect(page.get_by_text("没有等待您审批的申请")).to_have_count(0)
    waiting.get_by_text("共 3 次").click()
    expect(waiting).to_contain_text(_said(_day(2)))
    _look(page, "phone-series-approval")
    waiting.get_by_role("button", name="批准", exact=True).click()
    expect(waiting).to_have_count(0)


def _look(page: Page, name: str) -> None:
    """On the phone, in English, and on the smallest phone; then as before."""
    size = page.viewport_size
    assert size is not None
    # So tall that no button lies half under the tabs, where axe measures what is left of it.
    page.set_viewport_size({"width": size["width"], "height": 6_000})
    assert violations(page) == []
    page.set_viewport_size(size)
    page.screenshot(path=keep_picture(page, name), full_page=True)
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="中文")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.screenshot(path=keep_picture(page, f"{name}-360-english"), full_page=True)
    page.get_by_role("button", name="中文").click()
    page.set_viewport_size(size)


def _day(n: int) -> date:
    return shanghai_day(utc_now()) + timedelta(days=n)


def _said(day: date) -> str:
    return f"{day:%m-%d}"


def _mine(site: Site) -> list[dict[str, str]]:
    found = site.caller("applicant_a").get("/requests", mine=True, limit=50)["items"]
    assert isinstance(found, list)
    return [one for one in found if one["purpose_text"] == PURPOSE]
