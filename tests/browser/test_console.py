"""The console: log-in, live map, language, and what inspectors read."""

import re

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.site import Site, keep_picture
from tests.support.world import PASSWORD


def test_a_wrong_password_is_told_in_words(site: Site) -> None:
    page = site.page()
    page.goto("/")
    expect(page).to_have_title("公务用车调度与监督平台")
    page.get_by_label("账号").fill("dispatcher")
    page.get_by_label("密码").fill("wrong")
    with site.forgiving():
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    keep_picture(page, "log-in")


def test_logging_in_opens_the_live_map_with_every_vehicle(site: Site) -> None:
    page = site.page()
    page.goto("/")
    page.get_by_label("账号").fill("dispatcher")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("option")).to_have_count(len(site.world.vehicles))
    drawn = str(len(site.world.vehicles))
    expect(page.locator(f"body[data-vehicles-drawn='{drawn}']")).to_be_visible()
    expect(page.get_by_text("未经审图")).to_be_visible()


def test_three_letters_of_a_plate_and_enter_find_a_vehicle(site: Site) -> None:
    page = site.page("dispatcher")
    page.goto("/")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("示B10002")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    card = page.get_by_role("complementary", name="示B10002")
    expect(card).to_contain_text("乙局")
    expect(page).to_have_url(re.compile(r"[?&]v="))


def test_a_click_on_the_canvas_picks_the_vehicle_drawn_there(site: Site) -> None:
    page = site.page("dispatcher")
    page.goto("/")
    page.get_by_role("option", name=re.compile("示A10001")).click()
    card = page.get_by_role("complementary", name="示A10001")
    expect(card).to_be_visible()
    card.get_by_role("button", name="关闭").click()
    expect(card).to_have_count(0)
    # The map has gone to the vehicle that was chosen: it is drawn in the middle.
    canvas = page.locator("canvas.maplibregl-canvas")
    expect(page.locator(".plates div:not([hidden])", has_text="示A10001")).to_be_visible()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(card).to_be_visible()
    keep_picture(page, "vehicle-card")


def test_the_language_switches_and_stays(site: Site) -> None:
    page = site.page("supervisor")
    page.goto("/reports/explained")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Explained kilometres")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Explained kilometres")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_only_pages_that_a_role_may_use_are_offered(site: Site) -> None:
    page = site.page("finance")
    page.goto("/")
    navigation = page.get_by_role("navigation", name="主导航")
    expect(navigation.get_by_role("link", name="里程核对")).to_be_visible()
    expect(navigation.get_by_role("link", name="实时地图")).to_have_count(0)


def test_logging_out_shows_the_log_in_page_and_nothing_else(site: Site) -> None:
    page = site.page("dispatcher")
    page.goto("/vehicles")
    expect(page.get_by_role("link", name="示A10001")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("密码")).to_be_visible()
    page.goto("/vehicles")
    expect(page.get_by_label("密码")).to_be_visible()


def test_a_right_click_finds_the_nearest_vehicles_that_may_serve(site: Site) -> None:
    page = site.page("dispatcher")
    page.goto("/")
    expect(page.locator(".the-map[data-drawn]")).to_be_visible()
    box = page.locator("canvas.maplibregl-canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"], button="right")
    panel = page.get_by_role("complementary", name="最近的可派车辆")
    rows = panel.locator("li button")
    expect(rows.first).to_contain_text("分钟")
    expect(page).to_have_url(re.compile(r"[?&]near="))
    expect(page.locator(".the-map .rank-mark.first")).to_be_visible()
    assert violations(page) == []
    keep_picture(page, "nearest")
    plate = rows.first.locator("strong").inner_text()
    rows.first.click()
    expect(page.get_by_role("complementary", name=plate)).to_be_visible()
    panel.get_by_role("button", name="关闭").click()
    expect(page.locator(".the-map .rank-mark")).to_have_count(0)
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("n")
    expect(rows.first).to_be_visible()
