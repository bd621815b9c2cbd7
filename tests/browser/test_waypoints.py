"""Waypoints on the phone: added in order with their stays, moved, removed, and seen by all."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.places import choose_place, find_place, make_known
from tests.browser.site import Site, keep_picture

HERE, THERE, FIRST, SECOND = "甲局南门", "示例图书馆", "示例档案馆", "示例印刷厂"


@pytest.fixture
def places(site: Site) -> None:
    """Four known places of unit A in a row."""
    make_known(site, {HERE: 0.0, FIRST: 0.004, SECOND: 0.008, THERE: 0.02})


def test_a_passenger_adds_places_on_the_way_moves_and_removes_them(
    site: Site, places: None
) -> None:
    page = site.page("applicant_a", size="phone")
    page.goto("/m#book")
    choose_place(page, "出发地", HERE)
    choose_place(page, "目的地", THERE)
    page.get_by_label("可合乘").check()
    page.get_by_role("button", name="添加途经点").click()
    find_place(page, SECOND)
    for name in (FIRST, HERE):
        page.get_by_role("button", name="再加一个途经点").click()
        find_place(page, name)
    expect(page.get_by_label("可合乘")).to_be_disabled()
    expect(page.get_by_label("可合乘")).not_to_be_checked()

    page.get_by_role("button", name="删除途经点 3").click()
    expect(page.get_by_role("button", name="再加一个途经点")).to_be_focused()
    page.get_by_role("button", name="下移途经点 1").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="上移途经点 2")).to_be_focused()
    expect(page.get_by_role("button", name="下移途经点 2")).to_be_disabled()
    stays = page.get_by_label("停留（分钟）")
    stays.nth(0).fill("25")
    stays.nth(1).fill("300")
    _look(page, "phone-waypoints")

    page.get_by_label("事由说明").fill("送印会议材料")
    with site.forgiving():
        page.get_by_role("button", name="提交申请").click()
        expect(page.get_by_role("alert")).to_contain_text("途中行驶和停留至少需要")
    stays.nth(1).fill("15")
    page.get_by_role("button", name="提交申请").click()

    line = f"途经 {FIRST}（停 25 分钟） → {SECOND}（停 15 分钟）"
    expect(page.locator(".card").filter(has_text="送印会议材料")).to_contain_text(line)
    found = site.caller("applicant_a").get("/requests", mine=True, limit=1)["items"]
    assert isinstance(found, list)
    (asked,) = found
    assert [(one["name"], one["stay_minutes"]) for one in asked["waypoints"]] == [
        (FIRST, 25), (SECOND, 15),
    ]  # fmt: skip
    assert asked["may_share"] is False
    _seen_by_those_who_decide(site, line)
    step = {"revision": asked["revision"]}
    site.caller("applicant_a").post(f"/requests/{asked['id']}/withdraw", step)


def _seen_by_those_who_decide(site: Site, line: str) -> None:
    page = site.page("approver_a", size="phone")
    page.goto("/m#approve")
    expect(page.locator(".card").filter(has_text="送印会议材料")).to_contain_text(line)
    page = site.page("approver_a")
    page.goto("/approvals")
    page.get_by_role("button", name=HERE).first.click()
    expect(page.locator(".queue-detail")).to_contain_text(line)
    assert violations(page) == []
    keep_picture(page, "approvals-waypoints")


def _look(page: Page, name: str) -> None:
    """On the phone and on the smallest one."""
    assert violations(page) == []
    keep_picture(page, name)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    keep_picture(page, f"{name}-360")
