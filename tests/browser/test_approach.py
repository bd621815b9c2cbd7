"""The passenger's phone: the vehicle comes nearer, and so does its arrival."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from gateway.protocols.jt808.position import position_report
from tests.browser.axe import violations
from tests.browser.rides import Json, Rides
from tests.browser.site import Site, keep_picture
from tests.browser.town import MIDDLE
from tests.support.terminals import TerminalOnWire, next_second

PHONE = "13800001234"


@pytest.fixture
def departed(site: Site, rides: Rides) -> Json:
    """A ride whose driver has left for the passenger."""
    driver = str(site.world.people["driver_a1"].id)
    site.caller("secadmin").patch(f"/people/{driver}", {"phone": PHONE})
    order = rides.assigned(rides.approved("参加季度工作会议"), "a1")
    rides.step("driver_a1", order, "accept")
    return rides.step("driver_a1", order, "depart", odometer_m=40_000_000)


@pytest.fixture
def terminal(site: Site) -> Iterator[TerminalOnWire]:
    """The terminal of the vehicle that comes."""
    phone = site.world.terminals["a1"].phone
    with TerminalOnWire(site.system.jt808_port, phone) as link:
        link.log_in()
        yield link


def _drive_to(terminal: TerminalOnWire, north: float) -> None:
    place = (MIDDLE[0] + north, MIDDLE[1])
    report = position_report(next_second(), *place, speed_kmh=40.0, course_deg=180, acc=True)
    terminal.report([report])


def _minutes(page: Page) -> int:
    return int(page.locator(".approach .minutes b").inner_text())


def test_a_passenger_sees_the_vehicle_come_and_the_arrival_fall(
    site: Site, departed: Json, terminal: TerminalOnWire
) -> None:
    _drive_to(terminal, 0.04)
    passenger = site.page("applicant_a", size="phone")
    passenger.set_viewport_size({"width": 360, "height": 780})
    passenger.goto("/m#mine")
    panel = passenger.get_by_role("region", name="我的车辆")
    expect(panel.locator(".minutes b")).to_be_visible()
    expect(panel.locator(".plate")).to_have_text(departed["vehicle"]["plate"])  # type: ignore[index]
    expect(panel.get_by_role("link", name="联系驾驶员")).to_have_attribute("href", f"tel:{PHONE}")
    expect(panel.locator("[aria-current=step]")).to_have_text("已出车")
    expect(panel.locator(".approach-where")).to_contain_text("公里")
    expect(passenger.locator(".the-map[data-drawn]")).to_be_visible()
    assert violations(passenger) == []
    assert passenger.evaluate("document.documentElement.scrollWidth") == 360
    keep_picture(passenger, "phone-approach")
    far = _minutes(passenger)

    _drive_to(terminal, 0.012)
    expect(panel.locator(".minutes b")).not_to_have_text(str(far))
    assert _minutes(passenger) < far

    with site.forgiving():
        passenger.context.set_offline(True)
        expect(panel.get_by_role("alert")).to_contain_text(re.compile("网络中断"))
        passenger.context.set_offline(False)
        expect(panel.get_by_role("alert")).to_have_count(0)

    _drive_to(terminal, 0.0)
    expect(panel.get_by_role("status")).to_contain_text("车辆已到上车点")
