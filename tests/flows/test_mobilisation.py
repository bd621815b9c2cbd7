"""A mobilisation told once through every room: signed, driven first, entered, signed off."""

from datetime import timedelta

import pytest

from kit.clock import shanghai_day, utc_now
from tests.support.system import Caller, RunningSystem
from tests.support.terminals import TerminalOnWire, drive
from tests.support.waiting import eventually, in_one_day
from tests.support.world import LATITUDE, LONGITUDE, PASSWORD, World

pytestmark = pytest.mark.flow

HERE = {"name": "指挥部", "latitude": LATITUDE, "longitude": LONGITUDE}
THERE = {"name": "堤防", "latitude": LATITUDE + 0.02, "longitude": LONGITUDE}


def test_a_mobilisation_is_signed_driven_under_entered_afterwards_and_signed_off(
    system: RunningSystem, world: World
) -> None:
    authority = Caller(system.base_url, "authority", PASSWORD)
    dispatcher = Caller(system.base_url, "dispatcher", PASSWORD)
    supervisor = Caller(system.base_url, "supervisor", PASSWORD).sitting()
    call_up = {
        "organisation_id": str(world.organisations["bureau"].id),
        "level": 1,
        "name": "防汛Ⅰ级响应",
        "basis": "市防指〔2026〕3号",
        "statement": "同意启动应急调用",
    }
    authority.post("/mobilisations", {**call_up, "password": "wrong"}, status=403)
    made = authority.post("/mobilisations", {**call_up, "password": PASSWORD})
    assert made["vehicles"] == {"retained": 6, "pool": 2, "rental": 0}
    path, began, vehicle = f"/mobilisations/{made['id']}", in_one_day(110), world.vehicles["b1"]
    # It drives at once, with no order: the mobilisation explains it for now.
    with TerminalOnWire(system.jt808_port, world.terminals["b1"].phone) as terminal:
        terminal.log_in()
        base = world.bases["b"]
        terminal.report(
            drive(began + timedelta(seconds=5), base.latitude, base.longitude,
                  rest_before_s=0, drive_s=100, rest_after_s=330, speed_kmh=72.0)
        )  # fmt: skip
    day = shanghai_day(began)
    eventually(lambda: _explained(supervisor, day, vehicle.plate).get("filed_m", 0) > 1_500, 60)
    assert supervisor.get("/findings", vehicle_id=vehicle.id)["items"] == []
    # Rides to come are ordered at once; the drive is entered afterwards, at its own time.
    ride = {"count": 3, "passengers": 3, "purpose_text": "运送抢险人员", "origin": HERE,
            "destination": THERE, "end": (began + timedelta(hours=3)).isoformat()}  # fmt: skip
    ordered = dispatcher.post(f"{path}/orders", {"rides": [ride]})
    assert (len(ordered["orders"]), ordered["refused"]) == (3, [])  # type: ignore[arg-type]
    # The terminal drives faster than the clock: it is entered as a tour around its base.
    around = {"name": "驻地周边", "latitude": base.latitude, "longitude": base.longitude}
    drives = [
        {
            "vehicle_id": str(vehicle.id),
            "driver_id": str(world.drivers["b1"].id),
            "passengers": 2,
            "purpose_text": "先期处置",
            "origin": around,
            "destination": around,
            "departed_at": began.isoformat(),
            "returned_at": utc_now().isoformat(),
        }
    ]
    entered = dispatcher.post(f"{path}/back-entries", {"drives": drives})
    assert entered["refused"] == []
    (order,) = entered["orders"]  # type: ignore[misc]
    assert (order["state"], order["overdue"], entered["refused"]) == ("returned", False, [])
    eventually(lambda: _explained(supervisor, day, vehicle.plate).get("ordered_m", 0) > 1_500, 60)
    assert _explained(supervisor, day, vehicle.plate)["filed_m"] == 0
    # Signed off: nothing new under it, and what is open is finished.
    end = {"statement": "险情解除", "password": PASSWORD}
    ended = authority.post(f"{path}/end", end)
    assert (ended["orders"], ended["back_entries"]) == (4, 1)
    dispatcher.post(f"{path}/orders", {"rides": [ride]}, status=409)
    first = ordered["orders"][0]  # type: ignore[index]
    key = next(k for k, d in world.drivers.items() if str(d.id) == first["driver"]["id"])
    driver = Caller(system.base_url, f"driver_{key}", PASSWORD)
    step = f"/orders/{first['order_id']}"
    driver.post(f"{step}/accept")
    driver.post(f"{step}/depart", {"odometer_m": 1_000})
    assert authority.get(path)["open_orders"] == 3


def _explained(caller: Caller, day: object, plate: str) -> dict[str, int]:
    until = day + timedelta(days=1)  # type: ignore[operator]
    report = caller.get("/reports/explained", start=day, end=until)
    rows = [
        row
        for unit in report["units"]  # type: ignore[attr-defined]
        for row in unit["vehicles"]
        if row["vehicle"]["plate"] == plate
    ]
    return rows[0] if rows else {}
