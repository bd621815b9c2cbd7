"""The queue: one key assigns, one takes it back; another choice is told why; nobody is overrun."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from kit.clock import SHANGHAI
from tests.browser.axe import violations
from tests.browser.forms import confirm, dialog
from tests.browser.rides import Rides
from tests.browser.site import Site, keep_picture

REASON = "用车人指定七座车"


def _queue(site: Site) -> Page:
    page = site.page("dispatcher")
    page.goto("/queue")
    expect(page.locator(".candidate.first").get_by_role("button", name="派出")).to_be_enabled()
    return page


def test_one_key_assigns_the_first_vehicle_and_one_takes_it_back(site: Site, rides: Rides) -> None:
    rides.approved("参加季度工作会议")
    page = _queue(site)
    first = page.locator(".candidate.first")
    plate = first.locator(".which strong").inner_text()
    expect(first.locator(".reasons li").first).to_be_visible()
    page.keyboard.press("Enter")
    bar = page.locator(".undo-bar")
    expect(bar).to_contain_text(f"已派出 {plate}")
    expect(page.get_by_text("没有待派车的用车申请")).to_be_visible()
    (order,) = rides.orders("assigned")
    assert order["vehicle"]["plate"] == plate  # type: ignore[index]
    page.keyboard.press("z")
    expect(bar).to_contain_text("申请回到队列")
    expect(page.locator(".candidate.first").get_by_role("button", name="派出")).to_be_enabled()
    assert rides.orders("assigned") == []
    assert violations(page) == []
    keep_picture(page, "queue-undone")


def test_another_than_the_first_is_assigned_with_a_reason_that_is_kept(
    site: Site, rides: Rides
) -> None:
    busy = rides.assigned(rides.approved("送达文件"), "b1")
    rides.approved("接送专家组")
    page = _queue(site)
    left_out = page.locator(".left-out")
    expect(left_out).to_contain_text("已有任务 1")
    expect(left_out).to_contain_text(busy["vehicle"]["plate"])  # type: ignore[index]
    second = page.locator(".candidate").nth(1)
    plate = second.locator(".which strong").inner_text()
    page.keyboard.press("2")
    field = second.get_by_label("不派首选的理由")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    assert len(rides.orders("assigned")) == 1, "assigned without a reason"
    page.keyboard.type(REASON)
    keep_picture(page, "queue-override")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.locator(".undo-bar")).to_contain_text(f"已派出 {plate}")
    order = rides.orders("assigned")[0]
    assert order["vehicle"]["plate"] == plate  # type: ignore[index]
    assert order["steps"][0]["reason"] == REASON  # type: ignore[index]

    page.goto(f"/orders/{order['id']}")
    drawer = page.get_by_role("dialog").first
    expect(drawer).to_contain_text(REASON)
    drawer.get_by_role("button", name="延时").click()
    form = dialog(page)
    end = datetime.fromisoformat(order["period"]["end"]) + timedelta(hours=1)  # type: ignore[index]
    form.get_by_label("延长到").fill(f"{end.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}")
    form.get_by_label("原因").fill("会议延长")
    confirm(page)
    amendments = drawer.locator(".amendments")
    expect(amendments).to_contain_text("计划用车时间")
    expect(amendments).to_contain_text("会议延长")
    assert violations(page) == []
    keep_picture(page, "order-amended")


@pytest.fixture
def in_maintenance(site: Site, rides: Rides) -> Iterator[str]:
    """A vehicle that a soft rule leaves out; its plate."""
    manager, vehicle = site.caller("manager"), site.world.vehicles["a2"]
    wish = {"kind": "maintenance", "reason": "例行维护"}
    outage = manager.post(f"/vehicles/{vehicle.id}/outages", wish)
    yield vehicle.plate
    manager.post(f"/outages/{outage['id']}/end", {"reason": "维护完毕"})


def test_a_vehicle_left_out_by_a_soft_rule_is_assigned_once_every_objection_was_read(
    site: Site, rides: Rides, in_maintenance: str
) -> None:
    rides.approved("抢修通信线路")
    page = _queue(site)
    left_out = page.locator(".left-out")
    entry = left_out.get_by_role("listitem").filter(has_text=in_maintenance)
    entry.get_by_role("button", name=f"仍要派出 {in_maintenance}").focus()
    page.keyboard.press("Enter")
    form = left_out.locator(".override")
    expect(form.get_by_role("alert")).to_contain_text("维护停用")
    assert rides.orders("assigned") == [], "Enter on the row assigned the first"
    expect(form.get_by_label("驾驶员", exact=True)).to_be_focused()
    page.keyboard.type(site.world.people["driver_a2"].name)
    option = page.locator(".ant-select-item-option:visible")
    expect(option).to_have_count(1)
    page.keyboard.press("Enter")
    form.get_by_label("理由", exact=True).focus()
    page.keyboard.type(REASON)
    with site.forgiving():
        page.keyboard.press("Enter")
        expect(form.get_by_role("alert")).to_contain_text("尚未派出")
    expect(form.get_by_role("button", name="仍要派出")).to_be_enabled()
    assert rides.orders("assigned") == [], "assigned before the server's objections were read"
    assert violations(page) == []
    keep_picture(page, "queue-left-out")
    page.keyboard.press("Enter")
    expect(page.locator(".undo-bar")).to_contain_text(f"已派出 {in_maintenance}")
    (order,) = rides.orders("assigned")
    assert order["vehicle"]["plate"] == in_maintenance  # type: ignore[index]
    assert order["steps"][0]["reason"] == REASON  # type: ignore[index]


def test_a_page_that_was_overtaken_does_nothing_and_says_what_was_done(
    site: Site, rides: Rides
) -> None:
    request = rides.approved("送达文件")
    page = _queue(site)
    held: list[Route] = []
    # The page doesn't hear of it before the dispatcher's key.
    page.route(re.compile(r"/api/v1/requests\?"), lambda route: held.append(route))
    rides.assigned(request, "b1")
    with site.forgiving():
        page.keyboard.press("Enter")
        notice = page.get_by_role("alert").filter(has_text="刚被改动")
        expect(notice).to_contain_text("派车")
        expect(notice).to_contain_text("调度员")
        # What it asks before it has heard that the request is gone is refused too.
        page.unroute_all(behavior="ignoreErrors")
        expect(page.get_by_text("没有待派车的用车申请")).to_be_visible()
        expect(notice).to_be_visible()
        keep_picture(page, "queue-stale")
        page.close()
    assert len(rides.orders("assigned")) == 1


def test_what_comes_in_or_goes_puts_no_other_request_under_the_key(
    site: Site, rides: Rides
) -> None:
    mine = rides.approved("接送专家组")
    page = _queue(site)
    facts = page.locator(".queue-detail")
    expect(facts).to_contain_text("接送专家组")
    rides.approved("随后提出的申请")
    expect(page.locator(".queue-row")).to_have_count(2)
    expect(facts).to_contain_text("接送专家组")
    rides.assigned(mine, "b1")
    expect(page.get_by_role("alert").filter(has_text="已离开队列")).to_be_visible()
    expect(page.locator(".candidate")).to_have_count(0)
    keep_picture(page, "queue-gone")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(facts).to_contain_text("随后提出的申请")
    expect(page.locator(".candidate.first").get_by_role("button", name="派出")).to_be_enabled()
    assert len(rides.orders("assigned")) == 1, "a key that was meant for another request"
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有待派车的用车申请")).to_be_visible()
    assert len(rides.orders("assigned")) == 2
