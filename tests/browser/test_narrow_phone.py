"""The phone's pages in English on the smallest phone: nothing is cut off."""

from playwright.sync_api import Page, expect

from tests.browser.rides import Rides
from tests.browser.site import Site, keep_picture


def test_the_maps_notice_is_whole(site: Site, rides: Rides) -> None:
    rides.assigned(rides.approved("送达文件"), "a1")
    page = _english(site, "mine")
    notice = page.locator(".approach-map .map-notice")
    expect(notice).to_contain_text("OpenStreetMap")
    box, within = notice.bounding_box(), page.locator(".approach-map").bounding_box()
    assert box is not None
    assert within is not None
    assert box["x"] >= within["x"]
    assert box["x"] + box["width"] <= within["x"] + within["width"]
    keep_picture(page, "phone-approach-360-english")


def test_the_two_limits_of_a_detour_stand_in_one_line(site: Site) -> None:
    page = _english(site, "book")
    page.get_by_label("May share").check()
    fields = page.locator(".detour input")
    expect(fields).to_have_count(2)
    boxes = [field.bounding_box() for field in fields.all()]
    assert len({box["y"] for box in boxes if box is not None}) == 1


def _english(site: Site, tab: str) -> Page:
    page = site.page("applicant_a", size="phone")
    page.add_init_script("localStorage.setItem('gongche.language', 'en')")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/m#{tab}")
    return page
