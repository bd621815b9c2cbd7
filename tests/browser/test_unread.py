"""A page that can't be read again says so, and keeps what it showed."""

from datetime import timedelta

from playwright.sync_api import Page, Route, expect

from tests.browser.rides import Rides
from tests.browser.site import Site, keep_picture

LOST = "连不上服务器，请检查网络"


def test_a_list_on_the_phone_outlives_a_refresh_that_fails(site: Site, rides: Rides) -> None:
    rides.approved("往返送文件", timedelta(hours=40))
    page = site.page("applicant_a", size="phone")
    page.goto("/m#mine")
    card = page.locator(".card").filter(has_text="往返送文件")
    expect(card).to_be_visible()
    with site.forgiving():
        page.route("**/api/v1/requests?*", _cut)
        expect(page.get_by_role("alert")).to_have_text(LOST)
        expect(card).to_be_visible()
        keep_picture(page, "phone-unread")
        page.unroute("**/api/v1/requests?*")
        expect(page.get_by_role("alert")).to_have_count(0)
    expect(card).to_be_visible()


def test_what_a_driver_and_an_approver_have_before_them_outlives_it_too(
    site: Site, rides: Rides
) -> None:
    rides.assigned(rides.approved("下乡检查", timedelta(minutes=30)), "a1")
    rides.asked_only("参加培训", timedelta(hours=41))
    for username, shown in (("driver_a1", "甲局办公楼"), ("approver_a", "参加培训")):
        page = site.page(username, size="phone")
        page.goto("/m")
        expect(page.locator(".card").filter(has_text=shown)).to_be_visible()
        _is_kept(site, page, shown)


def _is_kept(site: Site, page: Page, shown: str) -> None:
    lists = "**/api/v1/*?*limit=50*"
    with site.forgiving():
        page.route(lists, _cut)
        expect(page.get_by_role("alert")).to_have_text(LOST)
        expect(page.locator(".card").filter(has_text=shown)).to_be_visible()
        page.unroute(lists)


def _cut(route: Route) -> None:
    route.abort()
