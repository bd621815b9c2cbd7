"""Rides that return, on the console: read among what awaits approval, and decided as one."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect

from kit.clock import shanghai_day, utc_now
from tests.browser.axe import violations
from tests.browser.places import place
from tests.browser.rides import Json, Rides
from tests.browser.site import Site, keep_picture

HERE, THERE = "甲局西楼", "示例受理大厅"
PURPOSE = "轮流值守窗口"
LOST = "连不上服务器，请检查网络"
LISTS = re.compile(r"/api/v1/request-series\?")


@dataclass(frozen=True)
class Asked:
    """A series that unit A's applicant has asked for."""

    site: Site
    wish: Json
    id: object

    def now(self) -> Json:
        """The series as it stands."""
        return self.site.caller("applicant_a").get(f"/request-series/{self.id}")

    def step(self, username: str, action: str, **step: object) -> None:
        """Move it on as it stands."""
        body = {"revision": self.now()["revision"], **step}
        self.site.caller(username).post(f"/request-series/{self.id}/{action}", body)


@pytest.fixture
def asked(site: Site) -> Iterator[Asked]:
    """Three mornings in a row, of which two are wanted; nothing of them is left afterwards."""
    wish = _wish()
    series = site.caller("applicant_a").post("/request-series", wish)
    asked = Asked(site, wish, series["id"])
    yield asked
    state = asked.now()["state"]
    if state in ("unit_review", "sent_back"):
        asked.step("applicant_a", "withdraw")
    elif state == "approved":
        asked.step("applicant_a", "end", reason="演示结束")


def test_a_series_is_read_in_full_and_approved_as_one(site: Site, asked: Asked) -> None:
    page = _approvals(site)
    _row(page).click()
    facts = page.locator(".queue-detail")
    for said in (
        "每天 08:00–09:30",
        "放假日也用车",
        f"{_said(1)} 周",
        f"{_said(3)} 周",
        "最多 2 次",
        f"{HERE} → {THERE}",
        "途经 示例档案馆（停 10 分钟）",
        PURPOSE,
        "3 人",
    ):
        expect(facts).to_contain_text(said)
    facts.get_by_text("共 2 次").click()
    expect(facts.locator("details p")).to_have_text(
        re.compile(rf"^{_said(1)} 周.、{_said(2)} 周.$")
    )
    assert violations(page) == []
    keep_picture(page, "approvals-series")
    _look_at_it_otherwise(page)

    page.get_by_role("button", name="批准", exact=True).click()
    expect(_row(page)).to_have_count(0)
    now = asked.now()
    assert now["state"] == "approved"
    assert now["rides"] == 2


def test_a_series_is_sent_back_for_a_reason_and_never_without(site: Site, asked: Asked) -> None:
    page = _approvals(site)
    _row(page).click()
    page.get_by_role("button", name="退回修改").click()
    reason = page.get_by_label("理由")
    expect(reason).to_have_attribute("placeholder", "请写明理由")
    assert asked.now()["state"] == "unit_review"
    reason.fill("请改为隔日")
    page.get_by_role("button", name="退回修改").click()
    expect(_row(page)).to_have_count(0)
    now = asked.now()
    assert (now["state"], now["state_reason"]) == ("sent_back", "请改为隔日")


def test_a_verdict_on_a_series_that_changed_meanwhile_is_not_taken_and_says_so(
    site: Site, asked: Asked
) -> None:
    page = _approvals(site)
    _row(page).click()
    expect(page.get_by_text("共 2 次")).to_be_visible()
    held: list[Route] = []
    # The page doesn't hear of it before the approver's click.
    page.route(LISTS, lambda route: held.append(route))
    asked.step("applicant_a", "withdraw")
    with site.forgiving():
        with page.expect_response(re.compile("/approve$")):
            page.get_by_role("button", name="批准", exact=True).click()
        page.unroute(LISTS)
        for route in held:
            # What the page has given up meanwhile goes nowhere.
            with suppress(Error):
                route.continue_()
        notice = page.get_by_role("alert").filter(has_text="您的操作没有执行")
        expect(notice).to_be_visible()
        expect(_row(page)).to_have_count(0)
        expect(notice).to_be_visible()
        keep_picture(page, "approvals-stale")
    assert asked.now()["rides"] == 0


def test_a_verdict_without_a_network_keeps_the_series_and_its_reason(
    site: Site, asked: Asked
) -> None:
    page = _approvals(site)
    _row(page).click()
    page.get_by_label("理由").fill("请改为隔日")
    with site.forgiving():
        page.route("**/api/v1/request-series/*/reject", _cut)
        page.get_by_role("button", name="不予批准").click()
        expect(page.get_by_role("alert")).to_have_text(LOST)
        expect(page.get_by_label("理由")).to_have_value("请改为隔日")
        page.unroute("**/api/v1/request-series/*/reject")
    page.get_by_role("button", name="不予批准").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(_row(page)).to_have_count(0)
    assert asked.now()["state"] == "rejected"


def test_what_comes_in_or_goes_puts_nothing_else_under_the_approvers_key(
    site: Site, rides: Rides, asked: Asked
) -> None:
    page = _approvals(site)
    facts = page.locator(".queue-detail")
    expect(facts).to_contain_text(PURPOSE)
    rides.asked_only("随后提出的申请", timedelta(hours=42))
    expect(page.locator(".queue-row").filter(has_text="甲局办公楼")).to_have_count(1)
    expect(facts).to_contain_text(PURPOSE)
    asked.step("applicant_a", "withdraw")
    expect(page.get_by_role("alert")).to_contain_text("已不待您审批")
    expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(facts).to_contain_text("随后提出的申请")


def _approvals(site: Site) -> Page:
    page = site.page("approver_a")
    page.goto("/approvals")
    return page


def _row(page: Page) -> Locator:
    return page.locator(".queue-row").filter(has_text=HERE)


def _look_at_it_otherwise(page: Page) -> None:
    """In English, at night and on a small screen; then as before."""
    page.get_by_role("button", name="English").click()
    expect(page.locator(".queue-detail")).to_contain_text("Every day 08:00–09:30")
    shown = page.locator(".queue-detail").inner_text()
    assert "、" not in shown
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".queue-detail")).to_contain_text("2 rides")
    assert page.evaluate("document.querySelector('#content').scrollWidth") <= 360
    assert violations(page) == []
    keep_picture(page, "approvals-series-360-dark")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="中文").click()


def _wish() -> Json:
    today = shanghai_day(utc_now())
    return {
        "passengers": 3,
        "purpose": "meeting",
        "purpose_text": PURPOSE,
        "origin": place(HERE, 0.0),
        "destination": place(THERE, 0.02),
        "waypoints": [{**place("示例档案馆", 0.004), "stay_minutes": 10}],
        "repeats": "daily",
        "days_off_too": True,
        "first_day": (today + timedelta(days=1)).isoformat(),
        "last_day": (today + timedelta(days=3)).isoformat(),
        "start_time": "08:00",
        "end_time": "09:30",
        "at_most": 2,
    }


def _said(days: int) -> str:
    return f"{shanghai_day(utc_now()) + timedelta(days=days):%m-%d}"


def _cut(route: Route) -> None:
    route.abort()
