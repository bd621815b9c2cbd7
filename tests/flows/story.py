"""The main job as a story: told to whatever system stands behind two doors and a seeded world."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from uuid import UUID

import httpx
from openpyxl import load_workbook
from websockets.sync.client import connect

from kit.clock import SHANGHAI, shanghai_day, utc_now
from tests.support.system import Caller
from tests.support.terminals import TerminalOnWire, drive
from tests.support.waiting import eventually, in_one_day
from tests.support.world import PASSWORD, World


class Doors(Protocol):
    """Where a system listens on loopback."""

    http_port: int
    jt808_port: int

    @property
    def base_url(self) -> str:
        """The address of the API and the pages."""
        ...


DRIVEN_M = 6_000
HOUR = timedelta(hours=1)


def _noon_yesterday() -> datetime:
    today = utc_now().astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=1)).astimezone(UTC)


def _trips(caller: Caller, vehicle_id: object, since: datetime) -> list[dict[str, object]]:
    page = caller.get("/trips", vehicle_id=vehicle_id, start=since.isoformat())
    items: list[dict[str, object]] = page["items"]  # type: ignore[assignment]
    return items


def tell_a_drive_without_an_order(system: Doors, world: World) -> None:
    """A drive of yesterday, delivered late and explained by nothing, becomes a finding."""
    supervisor = Caller(system.base_url, "supervisor", PASSWORD).sitting()
    vehicle, base = world.vehicles["b1"], world.bases["b"]
    noon = _noon_yesterday()
    positions = drive(noon, base.latitude, base.longitude)

    with TerminalOnWire(system.jt808_port, world.terminals["b1"].phone) as terminal:
        terminal.log_in()
        terminal.report_batch(positions)

    history = supervisor.get(
        "/positions",
        vehicle_id=vehicle.id,
        start=(noon - HOUR).isoformat(),
        end=(noon + HOUR).isoformat(),
        limit=500,
    )
    assert len(history["items"]) == len(positions)  # type: ignore[arg-type]

    eventually(lambda: len(_trips(supervisor, vehicle.id, noon - HOUR)) == 1, within_s=60)
    (trip,) = _trips(supervisor, vehicle.id, noon - HOUR)
    assert abs(int(str(trip["distance_m"])) - DRIVEN_M) <= DRIVEN_M * 0.01

    def findings() -> list[dict[str, object]]:
        page = supervisor.get("/findings", vehicle_id=vehicle.id, rule="moved_without_order")
        items: list[dict[str, object]] = page["items"]  # type: ignore[assignment]
        return items

    eventually(lambda: len(findings()) == 1, within_s=60)
    (finding,) = findings()
    assert finding["state"] == "suspected"
    assert finding["trip_id"] == trip["id"]
    assert finding["day"] == shanghai_day(noon).isoformat()
    assert finding["figures"]["distance_m"] == trip["distance_m"]  # type: ignore[index]


def _suggested(dispatcher: Caller, path: str) -> dict[str, object]:
    """Return the first suggestion that names anybody: memory learns of positions a moment later."""
    made: list[dict[str, object]] = []

    def names_somebody() -> bool:
        made.append(dispatcher.post(f"{path}/suggestions"))
        return bool(made[-1]["candidates"])

    eventually(names_somebody, what="a suggestion of who was heard a moment ago")
    return made[-1]


def tell_a_ride(system: Doors, world: World) -> None:
    """A ride is asked for, approved, matched, driven, archived; its kilometres are explained."""
    applicant = Caller(system.base_url, "applicant_a", PASSWORD)
    approver = Caller(system.base_url, "approver_a", PASSWORD)
    dispatcher = Caller(system.base_url, "dispatcher", PASSWORD)
    supervisor = Caller(system.base_url, "supervisor", PASSWORD).sitting()
    vehicle, base = world.vehicles["a1"], world.bases["a"]

    with TerminalOnWire(system.jt808_port, world.terminals["a1"].phone) as terminal:
        terminal.log_in()
        began = in_one_day(140)
        positions = drive(began + timedelta(seconds=20), base.latitude, base.longitude,
                          drive_s=120, rest_after_s=330)  # fmt: skip
        parked = [p for p in positions if p.time is not None and p.time < began]
        terminal.report(parked)

        request = applicant.post("/requests", _wish(began))
        assert request["state"] == "unit_review"
        path = f"/requests/{request['id']}"
        applicant.post(f"{path}/approve", {"revision": request["revision"]}, status=403)
        request = approver.post(f"{path}/approve", {"revision": request["revision"]})
        assert request["state"] == "awaiting_dispatch"

        suggestion = _suggested(dispatcher, path)
        candidates: list[dict[str, dict[str, object]]] = suggestion["candidates"]  # type: ignore[assignment]
        best = candidates[0]
        assert best["vehicle"]["plate"] == vehicle.plate
        assert best["reasons"]
        assert any("rule" in left for left in suggestion["left_out"])  # type: ignore[attr-defined]
        order = dispatcher.post(
            f"{path}/assignment",
            {
                "vehicle_id": best["vehicle"]["id"],
                "driver_id": best["driver"]["id"],
                "suggestion_id": suggestion["id"],
                "revision": request["revision"],
            },
        )
        driver = Caller(system.base_url, _username(world, best["driver"]["id"]), PASSWORD)
        step = f"/orders/{order['id']}"
        driver.post(f"{step}/accept")
        driver.post(f"{step}/depart", {"odometer_m": 1_000_000})
        _sees_moving(system, dispatcher, terminal, positions, vehicle.plate)
        driver.post(f"{step}/arrive")
        driver.post(f"{step}/start_return")
        order = driver.post(f"{step}/return", {"odometer_m": 1_001_200})
        order = applicant.post(f"{step}/confirm", {"revision": order["revision"]})
        order = dispatcher.post(f"{step}/accept_back", {"revision": order["revision"]})

    assert order["state"] == "archived"
    assert applicant.get(path)["state"] == "archived"
    day = shanghai_day(began)
    eventually(lambda: _explained(supervisor, day, vehicle.plate)["driven_m"] > 0, within_s=60)
    figures = _explained(supervisor, day, vehicle.plate)
    assert figures["ordered_m"] == figures["driven_m"]
    assert abs(figures["driven_m"] - 1_200) <= 20
    _sums_equal_their_parts(supervisor, day)
    _publicity_is_a_workbook(system, supervisor, world.organisations["a"].id, day, vehicle.plate)


def _wish(now: datetime) -> dict[str, object]:
    place = {"name": "甲局", "latitude": 40.05, "longitude": 110.05}
    return {
        "passengers": 2,
        "purpose": "meeting",
        "purpose_text": "参加会议",
        "start": (now + timedelta(minutes=1)).isoformat(),
        "end": (now + timedelta(hours=1)).isoformat(),
        "origin": place,
        "destination": {**place, "name": "会议中心", "latitude": 40.06},
        "round_trip": True,
        "may_share": False,
    }


def _username(world: World, driver_id: object) -> str:
    key = next(k for k, driver in world.drivers.items() if str(driver.id) == driver_id)
    return f"driver_{key}"


def _sees_moving(
    system: Doors,
    dispatcher: Caller,
    terminal: TerminalOnWire,
    positions: list,  # type: ignore[type-arg]
    plate: str,
) -> None:
    """Send the drive, and see the vehicle move on order in the live feed."""
    with connect(f"ws://127.0.0.1:{system.http_port}/ws/live") as socket:
        socket.send(json.dumps({"token": dispatcher.token}))
        assert json.loads(socket.recv(timeout=20))["type"] == "snapshot"
        driving = [p for p in positions if p.speed_kmh > 0]
        terminal.report(driving)
        seen: set[tuple[str, str | None]] = set()
        deadline = utc_now() + timedelta(seconds=30)
        while ("moving", "departed") not in seen:
            assert utc_now() < deadline, seen
            message = json.loads(socket.recv(timeout=20))
            seen |= {
                (v["state"], v["order"]["state"] if v["order"] else None)
                for v in message.get("vehicles", [])
                if v["plate"] == plate
            }
        last = driving[-1].time
        terminal.report([p for p in positions if p.time > last])


def _explained(caller: Caller, day: date, plate: str) -> dict[str, int]:
    rows = [
        row
        for unit in _report(caller, day)["units"]  # type: ignore[attr-defined]
        for row in unit["vehicles"]
        if row["vehicle"]["plate"] == plate
    ]
    nothing = dict.fromkeys(("driven_m", "ordered_m", "service_m", "filed_m", "unexplained_m"), 0)
    return rows[0] if rows else nothing


def _report(caller: Caller, day: date) -> dict[str, object]:
    return caller.get("/reports/explained", start=day, end=day + timedelta(days=1))


def _sums_equal_their_parts(caller: Caller, day: date) -> None:
    report = _report(caller, day)
    names = ("driven_m", "ordered_m", "service_m", "filed_m", "unexplained_m")
    for name in names:
        units = report["units"]
        assert report["total"][name] == sum(u[name] for u in units)  # type: ignore[index, attr-defined]
        for unit in units:  # type: ignore[attr-defined]
            assert unit[name] == sum(v[name] for v in unit["vehicles"])
    total: dict[str, int] = report["total"]  # type: ignore[assignment]
    assert total["driven_m"] == sum(total[name] for name in names[1:])


def _publicity_is_a_workbook(
    system: Doors, caller: Caller, unit_id: UUID, day: date, plate: str
) -> None:
    answer = httpx.get(
        f"{system.base_url}/api/v1/reports/publicity.xlsx",
        params={"month": str(day)[:7], "organisation_id": str(unit_id)},
        headers={"authorization": f"Bearer {caller.token}"},
    )
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    values = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert plate in values
