"""Only vehicles in use are dispatched, and none that is promised goes away unnoticed."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from dispatch.tables import Order
from fleet.tables import Vehicle
from fleet.vehicles.words import LifeState
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, instant, ok, problem

TOMORROW = timedelta(days=1)


async def renew(office: Office, vehicle: str) -> None:
    day = utc_now().date().isoformat()
    path = f"/vehicles/{office.world.vehicles[vehicle].id}/renewals"
    ok(await office.post("manager", path, {"day": day}), 201)


def transfer(office: Office, **more: object) -> tuple[str, Json]:
    path = f"/vehicles/{office.world.vehicles['a1'].id}/transfers"
    return path, {"organisation_id": str(office.world.organisations["b"].id), **more}


async def test_a_vehicle_that_is_not_in_use_is_neither_suggested_nor_assigned(
    office: Office,
) -> None:
    request = await office.approved(start_in=TOMORROW)
    await renew(office, "a1")
    async with transaction(office.sessions) as session:
        await session.execute(
            update(Vehicle)
            .where(Vehicle.no == office.world.vehicles["a2"].no)
            .values(state=LifeState.ALLOCATED)
        )
    shown = ok(await office.post("dispatcher", f"/requests/{request['id']}/suggestions"), 201)
    offered = {one["vehicle"]["plate"] for one in shown["candidates"]}
    assert "示A10003" in offered
    out = {one["vehicle"]["plate"]: (one["rule"], one["sentence"]) for one in shown["left_out"]}
    assert out["示A10001"] == ("in_use", "车辆不在用，状态为更新")
    assert out["示A10002"] == ("in_use", "车辆不在用，状态为配备")
    for vehicle, state in (("a1", "renewed"), ("a2", "allocated")):
        told = problem(await office.assign(request, vehicle, "a1"), "vehicle-not-in-use", 409)
        assert told["state"] == state
    start = utc_now() + TOMORROW
    service = {
        "vehicle_id": str(office.world.vehicles["a1"].id),
        "driver_id": str(office.world.drivers["a1"].id),
        "kind": "service",
        "service_kind": "fuel",
        "reason": "加油",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
    }
    problem(await office.post("dispatcher", "/orders", service), "vehicle-not-in-use", 409)
    ok(await office.assign(request, "a3", "a1"), 201)


async def test_a_vehicle_promised_to_an_order_is_neither_handed_over_nor_disposed_of(
    office: Office,
) -> None:
    order = await office.assigned(start_in=TOMORROW)
    path, body = transfer(office)
    told = problem(await office.post("manager", path, body), "vehicle-promised", 409)
    assert [one["id"] for one in told["orders"]] == [order["id"]]
    assert instant(told["orders"][0]["end"]) == instant(order["period"]["end"])
    disposal = path.replace("transfers", "disposals")
    for act in ({"method": "scrap"}, {"struck_off": True}):
        problem(await office.post("manager", disposal, act), "vehicle-promised", 409)
    cancelled = await office.step("dispatcher", order, "cancel", reason="车辆调拨")
    ok(cancelled)
    ok(await office.post("manager", path, body), 201)


async def test_a_vehicle_out_on_an_order_is_held_beyond_the_planned_end(office: Office) -> None:
    order = await office.assigned(start_in=timedelta(minutes=1))
    await office.drive(order, until="depart")
    await _end_an_hour_ago(office, order)
    path, body = transfer(office)
    problem(await office.post("manager", path, body), "vehicle-promised", 409)


async def test_leave_over_an_assigned_order_is_answered_with_that_order(office: Office) -> None:
    order = await office.assigned(start_in=TOMORROW)
    await office.assigned("a2", "a2", start_in=TOMORROW)
    start, end = (instant(order["period"][name]) for name in ("start", "end"))
    path = f"/drivers/{office.world.drivers['a1'].id}/leaves"
    for first, last, named in (
        (end, end + timedelta(hours=1), []),
        (start - timedelta(hours=1), start + timedelta(seconds=1), [order["id"]]),
    ):
        wish = {"kind": "annual", "reason": "休假"} | _span(first, last)
        made = ok(await office.post("manager", path, wish), 201)
        assert [one["id"] for one in made["orders"]] == named
    # It is told to whoever approves; the order itself stands.
    assert ok(await office.get("dispatcher", f"/orders/{order['id']}"))["state"] == "assigned"


def _span(start: datetime, end: datetime) -> Json:
    return {"start": start.isoformat(), "end": end.isoformat()}


async def _end_an_hour_ago(office: Office, order: Json) -> None:
    now = utc_now()
    held = Range(now - timedelta(hours=3), now - timedelta(hours=1), bounds="[)")
    async with transaction(office.sessions) as session:
        await session.execute(update(Order).where(Order.id == order["id"]).values(period=held))
