"""Suggestions for an order that nobody has set out on: who may take it over."""

from datetime import timedelta

import pytest

from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.dispatch.pairs import change
from tests.dispatch.test_suggestions import see, suggest


async def read(office: Office, order: Json) -> Json:
    return ok(await office.get("dispatcher", f"/requests/{order['requests'][0]['id']}"))


async def test_orders_own_vehicle_and_driver_are_free_to_it_and_to_nobody_else(
    office: Office,
) -> None:
    for vehicle, away in (("a1", 0.01), ("a2", 0.02)):
        await see(office, vehicle, away)
    order = await office.assigned("a1", "a1")
    plate = order["vehicle"]["plate"]
    mine = await suggest(office, await read(office, order))
    assert plate in [one["vehicle"]["plate"] for one in mine["candidates"]]
    assert "驾驶员a1" in {one["driver"]["name"] for one in mine["candidates"]}
    assert mine["left_out_total"] + len(mine["candidates"]) == len(office.world.vehicles)
    others = await suggest(office, await office.approved())
    assert plate not in [one["vehicle"]["plate"] for one in others["candidates"]]
    assert {e["vehicle"]["plate"]: e["rule"] for e in others["left_out"]}[plate] == "free"


async def test_what_is_suggested_is_for_the_period_of_the_order(office: Office) -> None:
    await see(office, "a2", 0.02)
    order = await office.assigned("a1", "a1")
    later = (instant(order["period"]["end"]) + timedelta(hours=1)).isoformat()
    order = await change(office, order, "extend", end=later)
    shown = await suggest(office, await read(office, order))
    assert {name: shown[name] for name in ("start", "end")} == order["period"]


@pytest.mark.parametrize("accepted", [False, True])
async def test_choice_by_a_suggestion_is_told_even_where_the_dispatcher_names_the_time(
    office: Office, *, accepted: bool
) -> None:
    for vehicle, away in (("a1", 0.01), ("a2", 0.02)):
        await see(office, vehicle, away)
    order = await office.assigned("a1", "a1")
    if accepted:
        order = await office.drive(order, until="accept")
        order = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    shown = await suggest(office, await read(office, order))
    other = next(
        one for one in shown["candidates"] if one["vehicle"]["id"] != order["vehicle"]["id"]
    )
    order = await change(
        office,
        order,
        "reassign",
        vehicle_id=other["vehicle"]["id"],
        driver_id=other["driver"]["id"],
        suggestion_id=shown["id"],
        pickup_at=order["period"]["start"],
    )
    told = ok(await office.get("dispatcher", f"/orders/{order['id']}/explanation"))
    (moved,) = [line for line in told["lines"] if line.startswith("Reassigned by")]
    assert f"rank {other['rank']} of the suggestion" in moved
    assert told["replayed"] is True


async def test_nothing_is_suggested_once_the_driver_has_set_out(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    path = f"/requests/{order['requests'][0]['id']}/suggestions"
    problem(await office.post("dispatcher", path), "step-not-allowed", 409)
