"""A passenger's own requests on the phone: the newest ones first, the others on demand."""

from datetime import timedelta

from playwright.sync_api import Route, expect

from kit.clock import utc_now
from tests.browser.axe import violations
from tests.browser.places import place
from tests.browser.site import Site, keep_picture

MORE_THAN_A_PART = 51
OLDEST = "最早写下的申请"
LOST = "连不上服务器，请检查网络"


def test_requests_beyond_the_first_fifty_are_read_on_demand_and_outlive_a_failure(
    site: Site,
) -> None:
    _write_drafts(site)
    page = site.page("applicant_b", size="phone")
    page.goto("/m#mine")
    cards = page.locator("main > .cards > .card")
    expect(cards).to_have_count(50)
    oldest = cards.filter(has_text=OLDEST)
    expect(oldest).to_have_count(0)
    more = page.get_by_role("button", name="更多")
    with site.forgiving():
        page.route("**/api/v1/requests?*cursor=*", _cut)
        more.click()
        expect(page.get_by_role("alert")).to_have_text(LOST)
        expect(cards).to_have_count(50)
        page.unroute("**/api/v1/requests?*cursor=*")
    more.click()
    expect(oldest).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    keep_picture(page, "phone-mine-more")
    assert violations(page) == []


def _write_drafts(site: Site) -> None:
    applicant, start = site.caller("applicant_b"), utc_now() + timedelta(days=5)
    for n in range(MORE_THAN_A_PART):
        draft = {
            "passengers": 1,
            "purpose": "meeting",
            "purpose_text": OLDEST if n == 0 else f"草稿 {n}",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "origin": place("乙局南楼", 0.0),
            "destination": place("示例会议中心", 0.01),
            "draft": True,
        }
        applicant.post("/requests", draft)


def _cut(route: Route) -> None:
    route.abort()
