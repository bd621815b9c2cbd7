"""A driver is asked on the phone whether an accepted order may change hands, and answers.

All of it runs: auto-dispatch assigns two rides of unit A, its vehicles then stand where the other
one is needed, and what the worker proposes is answered on the phone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep

import httpx
import pytest
from playwright.sync_api import expect

from gateway.protocols.jt808.position import position_report
from kit.clock import utc_now
from tests.browser.axe import violations
from tests.browser.rides import Json, Rides
from tests.browser.site import Site, keep_picture
from tests.browser.town import MIDDLE
from tests.support.terminals import TerminalOnWire, next_second

PURPOSE = "inspection"
"""Of the rides that auto-dispatch may assign: those of other tests have another."""
SOUTH, NORTH = -0.035, 0.035
"""Where the two rides begin: degrees of latitude from the middle of the town."""
_WAIT_S = 60.0


@dataclass(frozen=True)
class Asked:
    """A driver who has accepted an order, and whom the system asks to take another instead."""

    rides: Rides
    username: str
    order: Json
    other: Json

    def plates(self) -> list[object]:
        """The plates of the order and of the other one, as they are now."""
        return [_plate(self._now(one)) for one in (self.order, self.other)]

    def _now(self, order: Json) -> Json:
        return self.rides.dispatcher.get(f"/orders/{order['id']}")


@pytest.fixture
def asked(site: Site, rides: Rides) -> Iterator[Asked]:
    """Two rides assigned by the system, one of them accepted; then each vehicle is by the other."""
    with _auto_dispatch(site):
        south, north = _assigned(rides, SOUTH, "南站"), _assigned(rides, NORTH, "北站")
        key = _key_of(site, south)
        rides.step(f"driver_{key}", south, "accept")
        _stand(site, _vehicle_of(site, south), NORTH - 0.004)
        _stand(site, _vehicle_of(site, north), SOUTH + 0.004)
        yield Asked(rides, f"driver_{key}", south, north)
    for one in (south, north):
        _stand(site, _vehicle_of(site, one), 0.0)


def test_a_driver_who_agrees_gets_the_other_ride_and_nobody_taps_twice(
    site: Site, asked: Asked
) -> None:
    before = asked.plates()
    page = site.page(asked.username, size="phone")
    page.goto("/m#drive")
    card = page.get_by_role("region", name="变更征询")
    expect(card).to_contain_text("接“北站”，路上约", timeout=_WAIT_S * 1000)
    expect(card).to_contain_text("南站 → 甲局办公楼")
    assert violations(page) == []
    keep_picture(page, "phone-proposal")
    card.get_by_role("button", name="同意变更").click()
    expect(card).to_be_hidden()
    expect(page.locator(".card").filter(has_text="北站")).to_contain_text("已接单")
    assert asked.plates() == before[::-1]


def test_a_driver_who_declines_keeps_the_order(site: Site, asked: Asked) -> None:
    before = asked.plates()
    page = site.page(asked.username, size="phone")
    page.goto("/m#drive")
    card = page.get_by_role("region", name="变更征询")
    card.get_by_role("button", name="不同意").click(timeout=_WAIT_S * 1000)
    expect(card).to_be_hidden()
    expect(page.locator(".card").filter(has_text="南站")).to_contain_text("已接单")
    assert asked.plates() == before


@contextmanager
def _auto_dispatch(site: Site) -> Iterator[None]:
    """Let the system assign unit A's rides of one purpose to its own vehicles."""
    bureau, unit = (str(site.world.organisations[key].id) for key in ("bureau", "a"))
    manager = site.caller("manager")
    person = {"person_id": str(site.world.people["dispatcher"].id), "organisation_id": bureau}
    duty = manager.post("/duty-dispatchers", person)
    limits = {"purposes": [PURPOSE], "vehicles": "own_unit", "greatest_empty_m": 50_000}
    rules: dict[str, object] = {"auto_dispatch_limits": limits, "auto_dispatch": "assign"}
    with httpx.Client(base_url=f"{site.base_url}/api/v1/rules/values") as client:
        client.headers["authorization"] = f"Bearer {site.caller('authority').token}"
        try:
            for key, value in rules.items():
                body = {"organisation_id": unit, "value": value}
                client.put(f"/{key}", json=body).raise_for_status()
            yield
        finally:
            for key in rules:
                client.post(f"/{key}/end", json={"organisation_id": unit}).raise_for_status()
            manager.post(f"/duty-dispatchers/{duty['id']}/end")


def _assigned(rides: Rides, north: float, place: str) -> Json:
    """Ask for a ride that should have begun, and return the order that the system makes of it."""
    start = utc_now() - timedelta(minutes=5)
    request = rides.applicant.post(
        "/requests",
        {
            "passengers": 2,
            "purpose": PURPOSE,
            "purpose_text": "现场检查",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "origin": {"name": place, "latitude": MIDDLE[0] + north, "longitude": MIDDLE[1]},
            "destination": {"name": "甲局办公楼", "latitude": MIDDLE[0], "longitude": MIDDLE[1]},
        },
    )
    rides.asked.append(request["id"])
    path = f"/requests/{request['id']}"
    rides.approver.post(f"{path}/approve", {"revision": request["revision"]})
    until = monotonic() + _WAIT_S
    while monotonic() < until:
        order = rides.dispatcher.get(path)["order"]
        if isinstance(order, dict):
            return rides.dispatcher.get(f"/orders/{order['id']}")
        sleep(0.1)
    raise AssertionError(rides.dispatcher.get(path)["auto_dispatch"])


def _stand(site: Site, vehicle: str, north: float) -> None:
    """Let a vehicle say that it stands so far north of the middle."""
    place = (MIDDLE[0] + north, MIDDLE[1])
    with TerminalOnWire(site.system.jt808_port, site.world.terminals[vehicle].phone) as link:
        link.log_in()
        link.report([position_report(next_second(), *place, speed_kmh=0.0, acc=False)])


def _plate(order: Json) -> object:
    return order["vehicle"]["plate"]  # type: ignore[index]


def _vehicle_of(site: Site, order: Json) -> str:
    plate = _plate(order)
    return next(key for key, one in site.world.vehicles.items() if one.plate == plate)


def _key_of(site: Site, order: Json) -> str:
    driver_id = order["driver"]["id"]  # type: ignore[index]
    return next(key for key, one in site.world.drivers.items() if str(one.id) == driver_id)
