"""A mission told once through every room: planned, approved, issued, watched, driven, explained."""

from datetime import datetime, timedelta

import pytest

from gateway.protocols.jt808.position import position_report
from kit.clock import shanghai_day, utc_now
from tests.flows.story import Doors
from tests.support.system import Caller, RunningSystem
from tests.support.terminals import TerminalOnWire, drive
from tests.support.waiting import eventually, in_one_day
from tests.support.world import LATITUDE, LONGITUDE, PASSWORD, World

pytestmark = pytest.mark.flow

Json = dict[str, object]


def test_a_mission_is_planned_approved_issued_watched_driven_and_explained(
    system: RunningSystem, world: World
) -> None:
    dispatcher = Caller(system.base_url, "dispatcher", PASSWORD)
    approver = Caller(system.base_url, "approver_a", PASSWORD)
    liaison = Caller(system.base_url, "applicant_a", PASSWORD)
    supervisor = Caller(system.base_url, "supervisor", PASSWORD).sitting()
    began = utc_now()
    mission = dispatcher.post("/missions", _plan(world, began))
    path = f"/missions/{mission['id']}"
    dispatcher.post(f"{path}/approve", {"revision": 1}, status=403)
    mission = approver.post(f"{path}/approve", {"revision": 1})
    mission = dispatcher.post(f"{path}/plan")
    assert all(ride["vehicle"] for ride in _rides(mission)), mission
    issued = dispatcher.post(f"{path}/slips", {"reason": "会议保障"})
    assert (issued["issued"], issued["left"], issued["refused"]) == (3, 0, [])
    mission = liaison.get(path)
    first, second, standby = (ride["order"] for ride in _rides(mission))
    for order in (first, second):
        _is_known_to_nobody_else(supervisor, order)
    with TerminalOnWire(system.jt808_port, _phone(world, first)) as terminal:
        terminal.log_in()
        driver = _driver(system, world, first)
        driver.post(f"/orders/{first['id']}/accept")
        driver.post(f"/orders/{first['id']}/depart", {"odometer_m": 1_000_000})
        # A terminal tells whole seconds, and of two positions of one second the first is shown.
        before = utc_now() - timedelta(minutes=2)
        terminal.report([position_report(before, LATITUDE + 0.05, LONGITUDE)])
        eventually(lambda: _standings(liaison, path)[0] == "on_the_way", within_s=30)
        board = liaison.get(f"{path}/arrivals")
        assert board["items"][0]["arrives_at"] > began.isoformat()  # type: ignore[index]
        assert board["items"][0]["late_s"] == 0  # type: ignore[index]
        driven_at = in_one_day(130)
        positions = drive(driven_at, LATITUDE, LONGITUDE, rest_before_s=0, drive_s=120,
                          rest_after_s=330)  # fmt: skip
        terminal.report(positions[:1])
        eventually(lambda: _standings(liaison, path)[0] == "at_assembly", within_s=30)
        # The second doesn't come: the standby takes its place in one tap.
        replaced = dispatcher.post(
            f"{path}/rides/{_rides(mission)[1]['id']}/replace", {"reason": "车辆未到位"}
        )
        order = _rides(replaced)[1]["order"]
        assert order["vehicle"] == standby["vehicle"]
        assert order["id"] == second["id"]
        assert _rides(replaced)[2]["order"]["state"] == "cancelled"
        _driver(system, world, order).post(f"/orders/{order['id']}/accept")
        terminal.report(positions[1:])
        driver.post(f"/orders/{first['id']}/arrive")
        driver.post(f"/orders/{first['id']}/start_return")
        driver.post(f"/orders/{first['id']}/return", {"odometer_m": 1_001_200})
        _decide(liaison, first, "confirm")
        _decide(dispatcher, first, "accept_back")
    day, plate = shanghai_day(driven_at), str(first["vehicle"]["plate"])
    eventually(lambda: _explained(supervisor, day, plate).get("ordered_m", 0) > 1_000, within_s=60)
    # The rest is called off; nothing of the mission is left open.
    _decide(dispatcher, second, "cancel", reason="会议结束")
    mission = liaison.get(path)
    dispatcher.post(f"{path}/archive", {"revision": mission["revision"]})
    assert liaison.get(path)["state"] == "archived"


def _plan(world: World, now: datetime) -> Json:
    return {
        "organisation_id": str(world.organisations["a"].id),
        "kind": "convoy",
        "title": "代表团用车",
        "plan": "北门集结，编队出发",
        "gather_at": (now + timedelta(minutes=30)).isoformat(),
        "start": (now + timedelta(minutes=40)).isoformat(),
        "end": (now + timedelta(hours=2)).isoformat(),
        "assembly": {"name": "北门", "latitude": LATITUDE, "longitude": LONGITUDE},
        "liaison_id": str(world.people["applicant_a"].id),
        "rides": [{"count": 2, "passengers": 3}, {"passengers": 3, "standby": True}],
    }


def _decide(caller: Caller, order: Json, action: str, **more: object) -> None:
    """Act on an order as it stands now."""
    path = f"/orders/{order['id']}"
    revision = caller.get(path)["revision"]
    caller.post(f"{path}/{action}", {"revision": revision, **more})


def _rides(mission: Json) -> list[dict[str, Json]]:
    rides: list[dict[str, Json]] = mission["rides"]  # type: ignore[assignment]
    return rides


def _is_known_to_nobody_else(supervisor: Caller, order: Json) -> None:
    shown = supervisor.get("/orders", limit=100)["items"]
    assert order["id"] not in [one["id"] for one in shown]  # type: ignore[attr-defined]


def _standings(caller: Caller, path: str) -> list[str]:
    board = caller.get(f"{path}/arrivals")
    return [one["standing"] for one in board["items"]]  # type: ignore[attr-defined]


def _phone(world: World, order: Json) -> str:
    plate = order["vehicle"]["plate"]  # type: ignore[index]
    key = next(key for key, vehicle in world.vehicles.items() if vehicle.plate == plate)
    return world.terminals[key].phone


def _driver(system: Doors, world: World, order: Json) -> Caller:
    id = order["driver"]["id"]  # type: ignore[index]
    key = next(key for key, driver in world.drivers.items() if str(driver.id) == id)
    return Caller(system.base_url, f"driver_{key}", PASSWORD)


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
