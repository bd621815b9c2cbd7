"""Rides ordered at once under a mobilisation, without approval."""

import re
from datetime import timedelta

from sqlalchemy import select

from dispatch.tables import Promise
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.mobilisation.calls import mobilised, ride
from tests.dispatch.office import Json, Office, ok, problem
from tests.support.world import LATITUDE, LONGITUDE


async def test_rides_are_ordered_at_once_without_approval_and_break_every_seal(
    office: Office,
) -> None:
    now = utc_now()
    sealing = {
        "name": "国庆封存",
        "basis": "通知〔2026〕1",
        "organisation_id": str(office.world.organisations["a"].id),
        "start": (now - timedelta(hours=1)).isoformat(),
        "end": (now + timedelta(days=2)).isoformat(),
    }
    ok(await office.post("authority", "/sealings", sealing), 201)
    path = await mobilised(office)
    body: Json = {"rides": [ride(office, count=6)]}
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    assert answer["refused"] == []
    orders = answer["orders"]
    assert len({one["vehicle"]["plate"] for one in orders}) == 6
    assert len({one["driver"]["id"] for one in orders}) == 6
    numbers = [int(re.sub(r"\D", "", one["slip"][5:])) for one in orders]
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    slip = ok(
        await office.get("dispatcher", f"/orders/{orders[0]['order_id']}/slip", format="json")
    )
    approvals = next(item["text"] for item in slip["items"] if item["key"] == "approvals")
    assert "应急调用 主管部门审批人" in approvals
    # Nobody is left for a seventh; what can't be ordered takes nothing with it.
    body = {"rides": [ride(office), ride(office, "a1", "a1")]}
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    assert answer["orders"] == []
    assert [one["index"] for one in answer["refused"]] == [0, 1]
    # An ordinary ride still finds a sealed vehicle sealed.
    request = await office.approved(
        start=(now + timedelta(hours=5)).isoformat(), end=(now + timedelta(hours=6)).isoformat()
    )
    problem(await office.assign(request, "a3", "a1"), "vehicle-sealed", 409)


async def test_an_emergency_recalls_a_vehicle_from_a_ride_that_has_not_departed(
    office: Office,
) -> None:
    ordinary = await office.assigned("a1", "a1", hours=2)
    request = ordinary["requests"][0]["id"]
    path = await mobilised(office)
    wanted = [ride(office, "a1", "a1")]
    answer = ok(await office.post("dispatcher", f"{path}/orders", {"rides": wanted}), 201)
    assert [one["type"] for one in answer["refused"]] == ["/problems/vehicle-busy"]
    body = {"rides": wanted, "recall": True}
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    assert len(answer["orders"]) == 1
    waits = ok(await office.get("dispatcher", f"/requests/{request}"))
    assert (waits["state"], waits["promised_pickup_at"]) == ("awaiting_dispatch", None)
    assert "防汛应急响应" in waits["state_reason"]
    async with transaction(office.sessions) as session:
        told = await session.scalars(select(Promise.reason).where(Promise.pickup_at.is_(None)))
        assert ["防汛应急响应" in str(reason) for reason in told] == [True]
    # One emergency takes nothing from another.
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    assert [one["type"] for one in answer["refused"]] == ["/problems/vehicle-busy"]


async def test_a_ride_that_no_car_can_drive_is_refused_and_takes_no_vehicle_from_the_others(
    office: Office,
) -> None:
    path = await mobilised(office)
    soon = (utc_now() + timedelta(minutes=20)).isoformat()
    far = {"name": "邻市", "latitude": LATITUDE + 1.0, "longitude": LONGITUDE}
    rides = [ride(office, destination=far, end=soon), ride(office, "a1", "a1", end=soon)]
    answer = ok(await office.post("dispatcher", f"{path}/orders", {"rides": rides}), 201)
    assert [(one["index"], one["type"]) for one in answer["refused"]] == [
        (0, "/problems/ride-too-short")
    ]
    assert len(answer["orders"]) == 1
    hours = (utc_now() + timedelta(hours=3)).isoformat()
    rides = [ride(office, "a2", "a2", destination=far, end=hours)]
    answer = ok(await office.post("dispatcher", f"{path}/orders", {"rides": rides}), 201)
    assert len(answer["orders"]) == 1
