"""The board: bars move by keyboard and mouse; what is driven and promised stands beside them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from kit.clock import SHANGHAI, day_start, shanghai_day, utc_now
from tests.browser.axe import violations
from tests.browser.rides import Json, Rides
from tests.browser.site import Site, keep_picture
from tests.support.terminals import TerminalOnWire, drive


@pytest.fixture
def in_maintenance(site: Site) -> Iterator[str]:
    """The vehicle below the first, against which a soft rule speaks; its plate."""
    manager, vehicle = site.caller("manager"), site.world.vehicles["a2"]
    wish = {"kind": "maintenance", "reason": "例行维护"}
    outage = manager.post(f"/vehicles/{vehicle.id}/outages", wish)
    yield vehicle.plate
    manager.post(f"/outages/{outage['id']}/end", {"reason": "维护完毕"})


def test_a_bar_is_moved_by_keyboard_once_what_speaks_against_it_was_read(
    site: Site, rides: Rides, in_maintenance: str
) -> None:
    order = rides.assigned(rides.approved("参加季度工作会议"), "a1")
    page = _board(site, order)
    expect(page.get_by_role("heading", name="看板", exact=True, level=1)).to_be_visible()
    plate = site.world.vehicles["a1"].plate
    grid = page.get_by_role("grid", name="车辆与时间")
    # Rides that are over stand beside it, when other tests had the vehicle before.
    bar = grid.get_by_role("row", name=plate).get_by_role("button", name="已派车")
    expect(bar).to_contain_text("甲局办公楼")
    bar.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("form", name="改派")
    page.keyboard.press("ArrowDown")
    told = panel.get_by_role("status")
    expect(panel).to_contain_text(in_maintenance)
    expect(told).to_contain_text("可以改派，但须写明理由")
    expect(panel.get_by_role("button", name="仍要改派")).to_be_disabled()
    assert violations(page) == []
    keep_picture(page, "board-objections")
    page.keyboard.press("Enter")
    expect(panel.get_by_label("改派理由")).to_be_focused()
    page.keyboard.type("例行维护可推迟")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"已改派给 {in_maintenance}")).to_be_visible()
    moved = grid.get_by_role("row", name=in_maintenance).get_by_role("button", name="已派车")
    expect(moved).to_contain_text("甲局办公楼")
    now = rides.dispatcher.get(f"/orders/{order['id']}")
    assert now["vehicle"]["plate"] == in_maintenance  # type: ignore[index]
    assert now["steps"][-1]["reason"] == "例行维护可推迟"  # type: ignore[index]
    page.emulate_media(color_scheme="dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(moved).to_be_visible()
    keep_picture(page, "board-dark")
    assert violations(page) == []


def test_a_bar_is_dragged_to_another_vehicle_and_dropped_with_a_reason(
    site: Site, rides: Rides
) -> None:
    order = rides.assigned(rides.approved("送达文件"), "a1")
    page = _board(site, order)
    target = site.world.vehicles["a3"].plate
    _row(page, site.world.vehicles["a1"].plate).get_by_role("button", name="已派车").drag_to(
        _row(page, target)
    )
    panel = page.get_by_role("form", name="改派")
    expect(panel.get_by_label("改派理由")).to_be_focused()
    expect(panel.get_by_role("status")).to_contain_text("没有冲突，可以改派")
    page.keyboard.type("原车洗车")
    keep_picture(page, "board-dragged")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"已改派给 {target}")).to_be_visible()
    expect(_row(page, target).get_by_role("button", name="已派车")).to_be_visible()


def test_close_to_midnight_the_board_is_no_wider_than_its_window(site: Site, rides: Rides) -> None:
    midnight = day_start(shanghai_day(utc_now()) + timedelta(days=2))
    rides.assigned(rides.approved("送达文件", midnight - timedelta(minutes=5) - utc_now()), "a1")
    page = site.page("dispatcher")
    page.clock.set_fixed_time(midnight - timedelta(minutes=15))
    page.goto("/board")
    expect(page.locator(".board-now-mark")).to_have_text("现在 23:45")
    bar = _row(page, site.world.vehicles["a1"].plate).get_by_role("button", name="已派车")
    board, box = page.locator(".board").bounding_box(), bar.bounding_box()
    assert board is not None
    assert box is not None
    assert box["x"] + box["width"] <= board["x"] + board["width"]
    assert (
        page.evaluate(
            "(({scrollWidth: a, clientWidth: b}) => a - b)(document.querySelector('.board'))"
        )
        == 0
    )
    keep_picture(page, "board-midnight")
    target = site.world.vehicles["a3"].plate
    bar.drag_to(_row(page, target))
    expect(page.get_by_role("form", name="改派").get_by_label("改派理由")).to_be_focused()


def test_what_was_driven_stands_under_the_bar_for_whoever_may_read_tracks(
    site: Site, rides: Rides
) -> None:
    order = rides.assigned(rides.approved("现场检查", timedelta(minutes=1)), "b2")
    order = rides.step("driver_b2", order, "accept")
    order = rides.step("driver_b2", order, "depart", odometer_m=1_000_000)
    base = site.world.bases["b"]
    with TerminalOnWire(site.system.jt808_port, site.world.terminals["b2"].phone) as link:
        link.log_in()
        link.report(
            drive(
                utc_now() + timedelta(seconds=5),
                base.latitude,
                base.longitude,
                rest_before_s=0,
                drive_s=200,
                rest_after_s=330,
            )
        )
    page = _board(site, order, "supervisor")
    row = _row(page, site.world.vehicles["b2"].plate)
    # The page asks again every 15 seconds.
    expect(row.locator(".board-driven").first).to_be_attached(timeout=45_000)
    expect(row).to_contain_text("已行驶")
    keep_picture(page, "board-driven")
    for action in ("arrive", "start_return"):
        order = rides.step("driver_b2", order, action)
    rides.step("driver_b2", order, "return", odometer_m=1_002_000)


def test_what_is_promised_without_a_plate_is_told_above_also_in_english(
    site: Site, rides: Rides
) -> None:
    start = day_start(shanghai_day(utc_now()) + timedelta(days=2)) + timedelta(hours=9)
    request = rides.approved("参加季度工作会议", start - utc_now())
    rides.dispatcher.post(
        f"/requests/{request['id']}/reservation", {"revision": request["revision"]}
    )
    page = site.page("dispatcher")
    page.goto(f"/board?day={start.astimezone(SHANGHAI):%Y-%m-%d}")
    strip = page.get_by_role("region", name="已承诺、未定车（1）")
    expect(strip.get_by_role("listitem")).to_contain_text("09:00")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Board", exact=True, level=1)).to_be_visible()
    strip = page.get_by_role("region", name="Promised, no plate yet (1)")
    expect(strip.get_by_role("listitem")).to_contain_text("Any type")
    expect(page.get_by_role("grid", name="Vehicles and time")).to_be_visible()
    assert violations(page) == []
    keep_picture(page, "board-english")


def _board(site: Site, order: Json, username: str = "dispatcher") -> Page:
    """The board of the day on which the order begins: close to midnight that is tomorrow."""
    page = site.page(username)
    start = datetime.fromisoformat(order["period"]["start"])  # type: ignore[index]
    page.goto(f"/board?day={start.astimezone(SHANGHAI):%Y-%m-%d}")
    return page


def _row(page: Page, plate: str) -> Locator:
    return page.get_by_role("grid", name="车辆与时间").get_by_role("row", name=plate)
