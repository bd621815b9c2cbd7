"""What can't be booked is refused in the reader's language, with what to change."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.site import Site, keep_picture
from tests.browser.town import MIDDLE

HERE, ABROAD = "甲局东楼", "邻省会议中心"


@pytest.fixture
def places(site: Site) -> None:
    """An office in the town, and a place outside the map that is reached within the hour."""
    manager = site.caller("manager")
    known = {place["name"] for place in manager.get("/places", limit=200)["items"]}  # type: ignore[attr-defined]
    for name, north in ((HERE, 0.0), (ABROAD, 0.8)):
        if name in known:
            continue
        place = {
            "name": name,
            "kind": "office",
            "organisation_id": str(site.world.organisations["a"].id),
            "latitude": MIDDLE[0] + north,
            "longitude": MIDDLE[1],
            "radius_m": 100,
        }
        manager.post("/places", place)


@pytest.fixture
def book(site: Site, places: None) -> Iterator[Page]:
    """The phone page, filled in for a ride to the place outside the map."""
    page = site.page("applicant_a", size="phone")
    page.goto("/m")
    for field, name in (("出发地", HERE), ("目的地", ABROAD)):
        page.get_by_role("button", name=field).click()
        page.get_by_role("searchbox").fill(name)
        page.get_by_role("button", name=name, exact=True).click()
    page.get_by_label("事由说明").fill("参加邻省会议")
    yield page
    applicant = site.caller("applicant_a")
    for request in applicant.get("/requests", mine=True, state="unit_review")["items"]:  # type: ignore[attr-defined]
        applicant.post(f"/requests/{request['id']}/withdraw", {"revision": request["revision"]})


def test_a_place_outside_the_map_is_booked_once_that_is_confirmed(site: Site, book: Page) -> None:
    with site.forgiving():
        book.get_by_role("button", name="提交申请").click()
        expect(book.get_by_role("alert")).to_have_text(
            f"“{ABROAD}”在地图范围以外，请选择地图上的地点，或确认前往"
        )
        assert violations(book) == []
        keep_picture(book, "phone-outside-map")
    book.get_by_role("button", name="确认前往").click()
    expect(book.locator(".card").filter(has_text=ABROAD)).to_contain_text("待单位审核")


def test_more_people_than_any_vehicle_takes_are_told_how_many_it_takes(
    site: Site, book: Page
) -> None:
    for _ in range(49):
        book.get_by_role("button", name="增加一人").click()
    with site.forgiving():
        book.get_by_role("button", name="提交申请").click()
        book.get_by_role("button", name="确认前往").click()
        expect(book.get_by_role("alert")).to_have_text(
            "最大的车辆除驾驶员外可乘 4 人，请分成几项申请"
        )
