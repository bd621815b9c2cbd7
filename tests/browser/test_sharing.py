"""Sharing: consent and its limit on the phone, joining and letting off on the console."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kit.clock import utc_now
from tests.browser.axe import violations
from tests.browser.places import place
from tests.browser.rides import Json
from tests.browser.site import Site, keep_picture
from tests.browser.town import MIDDLE

HERE, THERE = "甲局西楼", "示例体育中心"
PLACES = {"a": "甲局东门", "b": "乙局北门"}
AHEAD = timedelta(hours=4)


@pytest.fixture
def places(site: Site) -> None:
    """Two known places of unit A."""
    manager = site.caller("manager")
    known = {place["name"] for place in manager.get("/places", limit=200)["items"]}  # type: ignore[attr-defined]
    for name, north in ((HERE, 0.0), (THERE, 0.02)):
        if name not in known:
            place = {
                "name": name,
                "kind": "office",
                "organisation_id": str(site.world.organisations["a"].id),
                "latitude": MIDDLE[0] + north,
                "longitude": MIDDLE[1],
                "radius_m": 100,
            }
            manager.post("/places", place)


def test_a_passenger_says_how_far_they_share_when_they_ask_and_changes_it_later(
    site: Site, places: None
) -> None:
    page = site.page("applicant_a", size="phone")
    page.goto("/m#book")
    for field, name in (("出发地", HERE), ("目的地", THERE)):
        page.get_by_role("button", name=field).click()
        page.get_by_role("searchbox").fill(name)
        page.get_by_role("button", name=name, exact=True).click()
    page.get_by_label("事由说明").fill("参加合乘会议")
    page.get_by_label("可合乘").check()
    percent = page.get_by_label("占直达时间的百分比")
    percent.fill("150")
    before = {one["id"] for one in _mine(site)}
    with site.forgiving():
        page.get_by_role("button", name="提交申请").click()
        expect(page.get_by_role("alert")).to_contain_text("最多 100%")
    left = [one["state"] for one in _mine(site) if one["id"] not in before]
    assert left == ["withdrawn"]
    percent.fill("80")
    keep_picture(page, "phone-sharing-book")
    page.get_by_role("button", name="提交申请").click()
    card = page.locator(".card").filter(has_text="参加合乘会议").first
    expect(card).to_contain_text("待单位审核")
    card.locator(".card-head").click()
    part = card.get_by_role("region", name="合乘")
    expect(part.get_by_label("同意与他人合乘")).to_be_checked()
    expect(part.get_by_label("占直达时间的百分比")).to_have_value("80")
    assert violations(page) == []
    keep_picture(page, "phone-sharing")
    part.get_by_label("同意与他人合乘").uncheck()
    part.get_by_role("button", name="保存合乘意愿").click()
    expect(part.get_by_label("占直达时间的百分比")).to_have_count(0)
    (asked,) = [one for one in _mine(site) if one["state"] == "unit_review"]
    assert asked["may_share"] is False
    step = {"revision": asked["revision"]}
    site.caller("applicant_a").post(f"/requests/{asked['id']}/withdraw", step)


@pytest.fixture
def two(site: Site) -> Iterator[tuple[Json, Json]]:
    """A ride of unit A on its own vehicle, and one of unit B on the same way that waits."""
    first, second = _asked(site, "a"), _asked(site, "b")
    world, dispatcher = site.world, site.caller("dispatcher")
    choice = {
        "vehicle_id": str(world.vehicles["a1"].id),
        "driver_id": str(world.drivers["a1"].id),
        "revision": first["revision"],
    }
    order = dispatcher.post(f"/requests/{first['id']}/assignment", choice)
    yield first, second
    now = dispatcher.get(f"/orders/{order['id']}")
    step = {"revision": now["revision"], "reason": "演示结束"}
    dispatcher.post(f"/orders/{order['id']}/cancel", step)
    waiting = site.caller("applicant_b").get(f"/requests/{second['id']}")
    if waiting["state"] == "awaiting_dispatch":
        path = f"/requests/{second['id']}/withdraw"
        site.caller("applicant_b").post(path, {"revision": waiting["revision"]})


def test_a_request_joins_an_order_each_sees_their_own_part_and_one_is_let_off(
    site: Site, two: tuple[Json, Json]
) -> None:
    _first, second = two
    plate = site.world.vehicles["a1"].plate
    found = site.caller("dispatcher").get(f"/requests/{second['id']}/shared-rides")
    assert found["items"], found["left_out"]
    page = site.page("dispatcher")
    page.goto(f"/queue?r={second['id']}")
    shared = page.get_by_role("region", name="可以合乘的派车任务")
    shared.get_by_role("button", name=f"加入 {plate}").click()
    expect(shared.get_by_label("合乘的理由")).to_be_focused()
    page.keyboard.type("同去会议中心")
    assert violations(page) == []
    keep_picture(page, "queue-sharing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=f"已加入 {plate}")).to_be_visible()

    for unit, other in (("a", "b"), ("b", "a")):
        _reads_own_part(site, unit, other)

    _driver_reads_where_to_call(site)
    page.get_by_role("link", name="查看派车任务").click()
    drawer = page.get_by_role("dialog").first
    calls = drawer.get_by_role("region", name="停靠顺序").get_by_role("listitem")
    expect(calls.first).to_contain_text("上车")
    expect(calls).to_have_count(8)
    assert violations(page) == []
    keep_picture(page, "order-calls")
    rider = drawer.locator(".order-request").filter(has_text=PLACES["b"])
    rider.get_by_role("button", name="退出合乘").click()
    page.get_by_label("理由").fill("改乘其他车辆")
    page.locator(".reasoned").get_by_role("button", name="退出合乘").click()
    expect(drawer.locator(".order-request")).to_have_count(1)
    expect(drawer.locator(".steps")).to_contain_text("退出合乘")
    seen = site.caller("applicant_b").get(f"/requests/{second['id']}")
    assert seen["state"] == "awaiting_dispatch"


def _driver_reads_where_to_call(site: Site) -> None:
    page: Page = site.page("driver_a1", size="phone")
    page.goto("/m#drive")
    card = page.locator(".card").filter(has_text=PLACES["b"])
    calls = card.get_by_role("region", name="停靠顺序").get_by_role("listitem")
    expect(calls.filter(has_text=PLACES["b"]).first).to_contain_text("上车")
    assert {PLACES["a"], PLACES["b"]} <= {
        name for name in PLACES.values() if name in "".join(calls.all_inner_texts())
    }
    assert violations(page) == []
    keep_picture(page, "phone-calls")


def _reads_own_part(site: Site, unit: str, other: str) -> None:
    page: Page = site.page(f"applicant_{unit}", size="phone")
    page.goto("/m#mine")
    card = page.locator(".card").filter(has_text=PLACES[unit]).first
    card.locator(".card-head").click()
    part = card.get_by_role("region", name="合乘")
    expect(part).to_contain_text("您的行程")
    expect(part.get_by_role("listitem").first).to_contain_text("上车")
    assert PLACES[other] not in page.locator("main").inner_text()
    assert violations(page) == []
    keep_picture(page, f"phone-own-part-{unit}")


def _asked(site: Site, unit: str) -> Json:
    start = utc_now() + AHEAD + timedelta(minutes=1 if unit == "b" else 0)
    beside = 0.002 if unit == "b" else 0.0
    request = site.caller(f"applicant_{unit}").post(
        "/requests",
        {
            "passengers": 1,
            "purpose": "meeting",
            "purpose_text": "参加专题会议",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=2)).isoformat(),
            "origin": place(PLACES[unit], beside),
            "destination": place("会议中心", 0.03),
            "may_share": True,
        },
    )
    step = {"revision": request["revision"]}
    return site.caller(f"approver_{unit}").post(f"/requests/{request['id']}/approve", step)


def _mine(site: Site) -> list[Json]:
    found = site.caller("applicant_a").get("/requests", mine=True, limit=50)["items"]
    assert isinstance(found, list)
    return found
