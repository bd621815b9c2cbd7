"""Warnings over HTTP: what a dispatcher is told of orders that will be late."""

from datetime import timedelta

from fastapi import FastAPI

from kit.clock import utc_now
from tests.dispatch.office import Office, ok, problem
from tests.support.world import LATITUDE, LONGITUDE
from tracking.live.fleet import LiveFleet
from tracking.live.index import LivePosition


def place(app: FastAPI, office: Office, vehicle: str, away: float) -> None:
    """Put a vehicle so many degrees north of where its passenger waits; of a second the nearest."""
    live: LiveFleet = app.state.live
    no, time_s = office.world.vehicles[vehicle].no, int(utc_now().timestamp())
    live.index.put(LivePosition(no, time_s, -int(away * 1e6), LATITUDE + away, LONGITUDE))


async def kinds(office: Office, who: str = "dispatcher") -> list[str]:
    told = ok(await office.get(who, "/orders/warnings"))
    return [one["kind"] for one in told["items"]]


async def test_dispatcher_is_warned_of_a_vehicle_that_will_be_late(
    app: FastAPI, office: Office
) -> None:
    order = await office.assigned("a1", "a1", start_in=timedelta(minutes=10))
    await office.assigned("a2", "a2", start_in=timedelta(hours=20))
    assert await kinds(office) == []
    place(app, office, "a1", away=0.15)
    (warning,) = ok(await office.get("dispatcher", "/orders/warnings"))["items"]
    assert (warning["kind"], warning["order_id"]) == ("not_departed", order["id"])
    assert (warning["may_replan"], warning["vehicle"]["plate"]) == (
        True,
        office.world.vehicles["a1"].plate,
    )
    await office.drive(order, until="depart")
    (warning,) = ok(await office.get("dispatcher", "/orders/warnings"))["items"]
    assert warning["kind"] == "late_pickup"
    assert warning["late_s"] > 600
    assert not warning["may_replan"]
    place(app, office, "a1", away=0.001)
    assert await kinds(office) == []


async def test_vehicle_on_the_road_without_a_position_is_told(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    (warning,) = ok(await office.get("dispatcher", "/orders/warnings"))["items"]
    assert (warning["kind"], warning["late_s"]) == ("position_silent", None)
    assert warning["order_id"] == order["id"]


async def test_of_an_order_that_ended_while_it_was_warned_of_nothing_is_kept(
    app: FastAPI, office: Office
) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    other = await office.drive(
        await office.assigned("b1", "b1"), driver="driver_b1", until="depart"
    )
    assert await kinds(office) == ["position_silent"] * 2
    assert {str(id) for id in app.state.held_warnings} == {order["id"], other["id"]}
    ok(await office.step("dispatcher", order, "interrupt", reason="车辆故障"))
    assert await kinds(office) == ["position_silent"]
    assert {str(id) for id in app.state.held_warnings} == {other["id"]}


async def test_nobody_but_a_dispatcher_is_warned(office: Office) -> None:
    problem(await office.get("driver_a1", "/orders/warnings"), "forbidden", 403)
