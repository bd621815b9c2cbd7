"""One ride through the pages: booked and driven on phones, approved and assigned on the way."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site, keep_picture
from tests.browser.town import MIDDLE

PLACES = ("甲局办公楼", "示例会议中心")
PURPOSE = "参加年度预算会议"


@pytest.fixture
def places(site: Site) -> tuple[str, str]:
    """Two known places to ride between."""
    manager = site.caller("manager")
    known = {place["name"] for place in manager.get("/places", limit=200)["items"]}  # type: ignore[attr-defined]
    for n, name in enumerate(PLACES):
        if name not in known:
            manager.post(
                "/places",
                {
                    "name": name,
                    "kind": "office",
                    "organisation_id": str(site.world.organisations["a"].id),
                    "latitude": MIDDLE[0] + 0.01 * n,
                    "longitude": MIDDLE[1],
                    "radius_m": 150,
                },
            )
    return PLACES


def _choose_place(page: Page, field: str, name: str) -> None:
    page.get_by_role("button", name=field).click()
    page.get_by_role("searchbox").fill(name[:3])
    page.get_by_role("button", name=name, exact=True).click()


def _step(page: Page, action: str, after: str, odometer_km: str | None = None) -> None:
    if odometer_km is not None:
        page.get_by_label("里程表读数").fill(odometer_km)
    page.get_by_role("button", name=action, exact=True).click()
    expect(page.locator(".pill", has_text=after)).to_be_visible()


def _driver(site: Site) -> str:
    """The username of the driver of the only open order."""
    orders = site.caller("dispatcher").get("/orders", state="assigned")["items"]
    driver_id = orders[0]["driver"]["id"]  # type: ignore[index]
    key = next(k for k, driver in site.world.drivers.items() if str(driver.id) == driver_id)
    return f"driver_{key}"


def test_a_ride_booked_on_the_phone_is_approved_assigned_and_driven(
    site: Site, places: tuple[str, str]
) -> None:
    applicant = site.page("applicant_a", size="phone")
    applicant.goto("/m")
    _choose_place(applicant, "出发地", places[0])
    _choose_place(applicant, "目的地", places[1])
    applicant.get_by_label("事由说明").fill(PURPOSE)
    keep_picture(applicant, "phone-book")
    applicant.get_by_role("button", name="提交申请").click()
    expect(applicant.locator(".pill", has_text="待单位审核")).to_be_visible()

    approver = site.page("approver_a", size="phone")
    approver.goto("/m#approve")
    approver.get_by_role("button", name="批准", exact=True).click()
    expect(approver.get_by_text("没有等待您审批的申请")).to_be_visible()

    dispatcher = site.page("dispatcher")
    dispatcher.goto("/queue")
    first = dispatcher.locator(".candidate.first")
    expect(first.get_by_role("button", name="派出")).to_be_enabled()
    expect(first.locator(".reasons li").first).to_be_visible()
    keep_picture(dispatcher, "queue")
    dispatcher.keyboard.press("Enter")
    expect(dispatcher.get_by_text("没有待派车的用车申请")).to_be_visible()

    driver = site.page(_driver(site), size="phone")
    driver.goto("/m")
    expect(driver.locator(".card")).to_contain_text(places[1])
    _step(driver, "接单", "已接单")
    _step(driver, "出车", "已出车", "23456.7")
    keep_picture(driver, "phone-drive")
    expect(driver.get_by_text("尚未送达")).to_have_count(0)
    with site.forgiving():
        driver.context.set_offline(True)
        _step(driver, "到达", "已到达")
        expect(driver.get_by_text("有 1 步尚未送达")).to_be_visible()
        driver.context.set_offline(False)
        expect(driver.get_by_text("尚未送达")).to_have_count(0)
    _step(driver, "开始返程", "返程中")
    driver.get_by_label("里程表读数").fill("23468.9")
    driver.get_by_role("button", name="收车", exact=True).click()
    expect(driver.get_by_text("今天没有派车任务")).to_be_visible()
    expect(driver.get_by_text("尚未送达")).to_have_count(0)

    applicant.reload()
    card = applicant.locator(".card", has_text=PURPOSE)
    card.get_by_role("button", name="确认用车已完成").click()
    expect(card.locator(".pill", has_text="待确认").first).to_be_visible()
    expect(card.get_by_role("button", name="确认用车已完成")).to_have_count(0)
    keep_picture(applicant, "phone-mine")

    dispatcher.goto("/orders")
    dispatcher.locator("tr.ant-table-row").first.click()
    drawer = dispatcher.get_by_role("dialog")
    expect(drawer).to_contain_text("23468.9")
    expect(drawer.get_by_role("link", name="查看派车单")).to_be_visible()
    drawer.get_by_role("button", name="交车审核通过").click()
    expect(drawer.locator(".state")).to_have_text("已归档")
    keep_picture(dispatcher, "order")
