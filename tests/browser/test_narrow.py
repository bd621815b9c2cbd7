"""The console on a narrow screen: the content comes first, and nothing lies outside."""

from datetime import datetime
from itertools import pairwise

import pytest
from playwright.sync_api import FloatRect, Page, expect

from kit.clock import SHANGHAI
from tests.browser.axe import violations
from tests.browser.rides import Rides
from tests.browser.site import Site, keep_picture

WIDTH, HEIGHT = 360, 740


@pytest.fixture
def narrow(site: Site, rides: Rides) -> Page:
    """The queue on a small screen, with one ride that waits."""
    request = rides.approved("参加季度工作会议")
    page = site.page("dispatcher")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(f"/queue?r={request['id']}")
    expect(page.locator(".candidate.first").get_by_role("button", name="派出")).to_be_enabled()
    return page


def test_the_queue_begins_in_the_first_quarter_and_its_cards_lie_within_the_screen(
    narrow: Page,
) -> None:
    heading = narrow.get_by_role("heading", name="派车", exact=True, level=1).bounding_box()
    assert heading is not None
    assert heading["y"] < HEIGHT / 4
    assert narrow.evaluate("document.querySelector('#content').scrollWidth") <= WIDTH
    card = narrow.locator(".candidate.first")
    parts = [part.bounding_box() for part in card.locator("> *").all()]
    for n, box in enumerate(parts):
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= WIDTH
        assert not any(other is not None and _overlap(box, other) for other in parts[:n])
    assert violations(narrow) == []
    keep_picture(narrow, "queue-360")


def test_the_pages_wait_behind_a_button_and_go_when_one_has_been_chosen(narrow: Page) -> None:
    pages = narrow.get_by_role("navigation", name="主导航")
    button = narrow.get_by_role("button", name="菜单")
    expect(pages).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    narrow.keyboard.press("Enter")
    expect(pages).to_be_visible()
    keep_picture(narrow, "menu-360")
    assert violations(narrow) == []
    pages.get_by_role("link", name="派车任务").click()
    expect(narrow.get_by_role("heading", name="派车任务", level=1)).to_be_visible()
    expect(pages).to_be_hidden()


@pytest.mark.parametrize("username", ["dispatcher", "supervisor", "sysadmin"])
def test_no_page_is_wider_than_the_screen_and_no_column_vanishes(site: Site, username: str) -> None:
    page = site.page(username)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto("/")
    links = page.get_by_role("navigation", name="主导航", include_hidden=True).locator("li a")
    expect(links.first).to_be_attached()
    paths = [str(link.get_attribute("href")) for link in links.all()]
    assert len(paths) > 5
    seen = 0
    for path in paths:
        page.goto(path)
        expect(page.locator("#content").get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".page-wait, .ant-spin-spinning")).to_have_count(0)
        told = f"{path} of {username}"
        assert page.evaluate("document.querySelector('#content').scrollWidth") <= WIDTH, told
        boxes = [head.bounding_box() for head in page.locator(".ant-table th").all()]
        assert all(box is not None and box["width"] >= 60 for box in boxes), told
        seen += len(boxes)
        assert violations(page) == [], told
    assert seen > 3 * len(paths), "most pages have lists of several columns"


def test_the_board_keeps_its_hours_apart_and_its_move_within_the_screen(
    site: Site, rides: Rides
) -> None:
    order = rides.assigned(rides.approved("送达文件"), "a1")
    page = site.page("dispatcher")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    start = datetime.fromisoformat(order["period"]["start"])  # type: ignore[index]
    page.goto(f"/board?day={start.astimezone(SHANGHAI):%Y-%m-%d}")
    plate = site.world.vehicles["a1"].plate
    bar = page.get_by_role("row", name=plate).get_by_role("button", name="已派车")
    expect(bar).to_be_in_viewport()
    ticks = [tick.bounding_box() for tick in page.locator(".board-tick").all()]
    for one, other in pairwise(ticks):
        assert one is not None
        assert other is not None
        assert not _overlap(one, other)
    bar.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    panel = page.get_by_role("form", name="改派")
    expect(panel.get_by_role("status")).to_contain_text("可以改派")
    for part in (panel.get_by_label("改派理由"), panel.get_by_role("button", name="取消")):
        box = part.bounding_box()
        assert box is not None
        assert box["width"] >= 50
        assert box["x"] + box["width"] <= WIDTH
    assert page.evaluate("document.querySelector('#content').scrollWidth") <= WIDTH
    assert violations(page) == []
    keep_picture(page, "board-360")


def _overlap(one: FloatRect, other: FloatRect) -> bool:
    """Whether two boxes share more than a line."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 1
