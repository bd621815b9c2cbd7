"""What was ordered under a signature is ordered anew while it is in force, and not afterwards."""

from datetime import timedelta

import pytest

from kit.clock import utc_now
from tests.dispatch.mobilisation.calls import mobilised, ride
from tests.dispatch.office import Json, Office, ok, problem
from tests.support.world import PASSWORD

END = {"statement": "解除应急响应", "password": PASSWORD}


async def ordered(office: Office, path: str, key: str) -> Json:
    """Order a ride that begins in an hour."""
    now = utc_now()
    times = {
        "start": (now + timedelta(hours=1)).isoformat(),
        "end": (now + timedelta(hours=4)).isoformat(),
    }
    body = {"rides": [ride(office, key, key, **times)]}
    made = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    (order,) = made["orders"]
    return ok(await office.get("dispatcher", f"/orders/{order['order_id']}"))


async def undone(office: Office, order: Json) -> Json:
    ok(await office.step("dispatcher", order, "undo"))
    return ok(await office.get("dispatcher", f"/requests/{order['requests'][0]['id']}"))


async def test_an_order_that_is_made_anew_in_force_is_one_of_the_mobilisation(
    office: Office,
) -> None:
    path = await mobilised(office)
    request = await undone(office, await ordered(office, path, "a1"))
    before = ok(await office.get("authority", path))["orders"]
    ok(await office.assign(request, "a2", "a2"), 201)
    assert ok(await office.get("authority", path))["orders"] == before + 1


@pytest.mark.parametrize("how", ["assign", "times", "reassign", "extend"])
async def test_after_its_end_nothing_of_it_is_ordered_anew(office: Office, how: str) -> None:
    path = await mobilised(office)
    order = await ordered(office, path, "a1")
    request = await undone(office, order) if how in ("assign", "times") else None
    ok(await office.post("authority", f"{path}/end", END))
    if how == "reassign":
        told = await office.step(
            "dispatcher", order, "reassign", reason="换车",
            vehicle_id=str(office.world.vehicles["a2"].id),
        )  # fmt: skip
    elif how == "extend":
        longer = (utc_now() + timedelta(hours=5)).isoformat()
        told = await office.step("dispatcher", order, "extend", reason="延长", end=longer)
    elif how == "assign":
        assert request is not None
        told = await office.assign(request, "a2", "a2")
    else:
        assert request is not None
        later = utc_now() + timedelta(hours=5)
        told = await office.post(
            "dispatcher",
            f"/requests/{request['id']}/times",
            {
                "revision": request["revision"],
                "start": later.isoformat(),
                "end": (later + timedelta(hours=2)).isoformat(),
                "reason": "改期",
            },
        )
    problem(told, "mobilisation-ended", 409)


async def test_who_is_on_the_way_at_its_end_is_driven_on_by_another_vehicle(
    office: Office,
) -> None:
    path = await mobilised(office)
    body = {"rides": [ride(office, "a1", "a1")]}
    made = ok(await office.post("dispatcher", f"{path}/orders", body), 201)["orders"][0]
    order = ok(await office.get("driver_a1", f"/orders/{made['order_id']}"))
    order = await office.drive(order, "driver_a1", "depart")
    ok(await office.post("authority", f"{path}/end", END))
    ok(await office.step("driver_a1", order, "breakdown", reason="抛锚"))
    request = ok(await office.get("dispatcher", f"/requests/{order['requests'][0]['id']}"))
    ok(await office.assign(request, "a2", "a2"), 201)


async def test_who_is_on_the_way_at_its_end_is_out_for_a_day_longer_at_most(
    office: Office,
) -> None:
    path = await mobilised(office)
    made = ok(
        await office.post("dispatcher", f"{path}/orders", {"rides": [ride(office, "a1", "a1")]}),
        201,
    )["orders"][0]
    order = ok(await office.get("driver_a1", f"/orders/{made['order_id']}"))
    order = await office.drive(order, "driver_a1", "depart")
    beyond = (utc_now() + timedelta(days=3)).isoformat()
    ok(await office.step("dispatcher", order, "extend", reason="灾情未解除", end=beyond))
    ok(await office.post("authority", f"{path}/end", END))
    later = (utc_now() + timedelta(days=4)).isoformat()
    order = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    told = await office.step("dispatcher", order, "extend", reason="延长", end=later)
    problem(told, "extension-too-long", 409)


async def test_an_emergency_that_was_approved_needs_no_mobilisation(office: Office) -> None:
    path = await mobilised(office)
    ok(await office.post("authority", f"{path}/end", END))
    request = await office.approved(purpose="emergency", purpose_text="抢险")
    ok(await office.assign(request, "a1", "a1"), 201)


async def test_after_its_end_another_driver_may_take_an_open_order_over(office: Office) -> None:
    path = await mobilised(office)
    order = await ordered(office, path, "a1")
    ok(await office.post("authority", f"{path}/end", END))
    swapped = await office.step(
        "dispatcher", order, "reassign", reason="驾驶员生病",
        vehicle_id=order["vehicle"]["id"], driver_id=str(office.world.drivers["a2"].id),
    )  # fmt: skip
    assert ok(swapped)["driver"]["id"] == str(office.world.drivers["a2"].id)
