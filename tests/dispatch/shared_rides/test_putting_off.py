"""Another vehicle for a shared order comes later than was told: each is told, or it stays."""

from datetime import datetime, timedelta

import httpx

from dispatch.roads.straight_line import StraightLineTravelTimes
from tests.dispatch.office import Json, Office, instant, ok, problem, wish
from tests.dispatch.shared_rides.rides import beside, join
from tests.dispatch.test_suggestions import see
from tests.support.world import LATITUDE, LONGITUDE

FAR = 0.12
"""Degrees to the north: about 37 minutes at 30 km/h on ways 1.4 times as long."""
ASIDE = {"name": "西门", "latitude": LATITUDE + 0.004, "longitude": LONGITUDE - 0.006}
"""On the way, and a little aside."""


async def soon(office: Office, unit: str, **changes: object) -> Json:
    """Return an approved request of a ride in three minutes, whose passenger agrees to share."""
    north = 0.0 if unit == "a" else 0.001
    more: Json = {
        "passengers": 1,
        "may_share": True,
        "round_trip": False,
        "origin": beside(north, "东门"),
        **changes,
    }
    made = ok(
        await office.post(f"applicant_{unit}", "/requests", wish(timedelta(minutes=3), **more)),
        201,
    )
    return await office.approve(made, f"approver_{unit}")


async def shared(
    office: Office, b_origin: Json | None = None, b_later: int = 0, **changes: object
) -> tuple[Json, Json, Json]:
    """Return an order that two share, with a vehicle nearby, and their requests.

    b_origin, b_later: where the second waits, and how many minutes later
    """
    await see(office, "a1", 0.001)
    await see(office, "a2", FAR)
    first = await soon(office, "a", **changes)
    order = ok(await office.assign(first, "a1", "a1", override=True, reason="近"), 201)
    if b_origin is not None:
        changes |= {"origin": b_origin, **await times(minutes=120, after=3 + b_later)}
    second = await soon(office, "b", **changes)
    order = await join(office, second, order, override=True, reason="顺路")
    return order, first, second


async def told_to(office: Office, *rides: tuple[str, Json]) -> list[datetime]:
    found = []
    for who, ride in rides:
        seen = ok(await office.get(who, f"/requests/{ride['id']}"))
        found.append(instant(seen["promised_pickup_at"]))
    return found


async def reassign(office: Office, order: Json, request: Json) -> Json:
    """Return what is sent to give the order the far vehicle, as it was suggested."""
    path = f"/requests/{request['id']}/suggestions"
    suggested = ok(await office.post("dispatcher", path), 201)
    id = str(office.world.vehicles["a2"].id)
    far = next(one for one in suggested["candidates"] if one["vehicle"]["id"] == id)
    return {
        "revision": order["revision"],
        "reason": "原车故障",
        "vehicle_id": id,
        "driver_id": far["driver"]["id"],
        "suggestion_id": suggested["id"],
        "override": True,
    }


async def test_each_who_shares_is_told_their_own_later_time(office: Office) -> None:
    order, first, second = await shared(office)
    riders = (("applicant_a", first), ("applicant_b", second))
    before = await told_to(office, *riders)
    calls = order["calls"]
    body = await reassign(office, order, first)
    changed = ok(await office.post("dispatcher", f"/orders/{order['id']}/reassign", body))
    after = await told_to(office, *riders)
    late = [new - old for new, old in zip(after, before, strict=True)]
    way = StraightLineTravelTimes().matrix([(LATITUDE + FAR, LONGITUDE)], [(LATITUDE, LONGITUDE)])[
        0
    ][0, 0]
    assert timedelta(seconds=float(way) - 300) < late[0] < timedelta(seconds=float(way))
    assert abs(late[1] - late[0]) < timedelta(seconds=2)
    assert instant(changed["promised_pickup_at"]) == min(after)
    # The calls tell the same, and the slip prints them.
    out = {c["request_id"]: instant(c["at"]) for c in changed["calls"] if c["is_pick_up"]}
    assert out == {first["id"]: after[0], second["id"]: after[1]}
    assert [c["request_id"] for c in changed["calls"]] == [c["request_id"] for c in calls]
    slip = ok(await office.get("dispatcher", f"/orders/{order['id']}/slip", format="json"))
    assert slip["amendments"][-1]["item"] == "route_planned"
    assert slip["amendments"][-1]["reason"] == "原车故障"


async def test_a_vehicle_that_cannot_keep_their_limits_does_not_get_the_order(
    office: Office,
) -> None:
    # Half an hour for a ride there and back of eleven minutes each: none is left to wait.
    order, first, second = await shared(
        office,
        round_trip=True,
        destination={"name": "会场", "latitude": LATITUDE + 0.03, "longitude": LONGITUDE},
        **await times(minutes=40),
    )
    riders = (("applicant_a", first), ("applicant_b", second))
    before = await told_to(office, *riders)
    body = await reassign(office, order, first)
    path = f"/orders/{order['id']}/reassign"
    told = problem(await office.post("dispatcher", path, body), "sharing-limit-broken", 409)
    assert told["limit"] == "times"
    checked = ok(
        await office.post(
            "dispatcher",
            f"{path}/check",
            {key: body[key] for key in ("revision", "vehicle_id", "driver_id")},
        )
    )
    assert checked["objections"] or checked["refusal"]["type"] == "sharing-limit-broken"
    assert await told_to(office, *riders) == before
    seen = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    assert (seen["vehicle"], seen["calls"]) == (order["vehicle"], order["calls"])


async def times(minutes: int, after: int = 3) -> Json:
    """Return the times of a ride in so many minutes that lasts so long."""
    asked = wish(timedelta(minutes=after), hours=minutes / 60)
    return {"start": asked["start"], "end": asked["end"]}


async def test_what_was_suggested_for_the_second_tells_the_first_how_late_it_is(
    office: Office,
) -> None:
    away = 0.05
    order, first, second = await shared(
        office,
        destination={"name": "会场", "latitude": LATITUDE + 0.2, "longitude": LONGITUDE},
        b_origin={"name": "北门", "latitude": LATITUDE + away, "longitude": LONGITUDE},
        b_later=18,
    )
    riders = (("applicant_a", first), ("applicant_b", second))
    before = await told_to(office, *riders)
    await see(office, "a2", away)
    body = await reassign(office, order, second)
    path = f"/orders/{order['id']}/reassign"
    ok(await office.post("dispatcher", path, body))
    after = await told_to(office, *riders)
    # It stands with the second, and drives to the first: 5.6 km, 1.4 times as long, at 30 km/h.
    late = [new - old for new, old in zip(after, before, strict=True)]
    assert timedelta(minutes=11) < late[0] < timedelta(minutes=16)
    assert abs(late[1] - late[0]) < timedelta(seconds=2)


async def test_on_the_road_a_later_first_pickup_moves_all_until_anybody_is_aboard(
    office: Office,
) -> None:
    order, first, second = await shared(office)
    order = await office.drive(order, until="depart")
    riders = (("applicant_a", first), ("applicant_b", second))
    before = await told_to(office, *riders)
    path = f"/orders/{order['id']}/swap_vehicle"
    body = {
        "revision": order["revision"],
        "reason": "途中换车",
        "vehicle_id": str(office.world.vehicles["a2"].id),
        "override": True,
        "pickup_at": (before[0] + timedelta(minutes=20)).isoformat(),
    }
    order = ok(await office.post("dispatcher", path, body))
    after = await told_to(office, *riders)
    moved = [new - old for new, old in zip(after, before, strict=True)]
    assert all(abs(by - timedelta(minutes=20)) < timedelta(seconds=2) for by in moved)
    order = ok(await office.step("driver_a1", order, "arrive"))
    body |= {"revision": order["revision"], "vehicle_id": str(office.world.vehicles["a1"].id)}
    problem(await office.post("dispatcher", path, body), "pickups-of-several", 422)


async def test_a_late_vehicle_spends_nobodys_detour(office: Office) -> None:
    aside = {"name": "西门", "latitude": LATITUDE + 0.004, "longitude": LONGITUDE - 0.006}
    order, first, second = await shared(office, b_origin=aside)
    body = await reassign(office, order, first)
    later = ok(await office.post("dispatcher", f"/orders/{order['id']}/reassign", body))
    assert later["vehicle"]["plate"] == office.world.vehicles["a2"].plate
    told = await told_to(office, ("applicant_a", first), ("applicant_b", second))
    asked = [instant(one["period"]["start"]) for one in (first, second)]
    assert all(at - start > timedelta(minutes=15) for at, start in zip(told, asked, strict=True))


async def put_off(office: Office, order: Json, minutes: int, key: str) -> httpx.Response:
    """Give the order another vehicle, which comes so much later than its first was told."""
    order = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    told = instant(order["promised_pickup_at"])
    return await office.step(
        "dispatcher", order, "reassign", reason="原车故障", override=True,
        vehicle_id=str(office.world.vehicles[key].id),
        driver_id=str(office.world.drivers[key].id),
        pickup_at=(told + timedelta(minutes=minutes)).isoformat(),
    )  # fmt: skip


async def test_a_vehicle_that_is_late_again_spends_nobodys_detour_either(office: Office) -> None:
    order, first, second = await shared(office, b_origin=ASIDE)
    riders = (("applicant_a", first), ("applicant_b", second))
    before = await told_to(office, *riders)
    ok(await put_off(office, order, 20, "a2"))
    ok(await put_off(office, order, 5, "a1"))
    after = await told_to(office, *riders)
    for new, old in zip(after, before, strict=True):
        assert abs(new - old - timedelta(minutes=25)) < timedelta(seconds=2)


async def test_who_was_put_off_has_their_detour_for_those_who_join(office: Office) -> None:
    order, _, _ = await shared(office, b_origin=ASIDE)
    ok(await put_off(office, order, 20, "a2"))
    third = await soon(office, "a", **await times(minutes=120, after=23))
    seen = ok(await office.get("dispatcher", f"/requests/{third['id']}/shared-rides"))
    assert [one["order_id"] for one in seen["items"]] == [order["id"]]


async def test_an_earlier_vehicle_makes_good_what_was_put_off_and_no_more(office: Office) -> None:
    order, first, second = await shared(office, b_origin=ASIDE)
    riders = (("applicant_a", first), ("applicant_b", second))
    before = await told_to(office, *riders)
    ok(await put_off(office, order, 20, "a2"))
    ok(await put_off(office, order, -15, "a1"))
    after = await told_to(office, *riders)
    for new, old in zip(after, before, strict=True):
        assert abs(new - old - timedelta(minutes=5)) < timedelta(seconds=2)
    problem(await put_off(office, order, -6, "a2"), "pickup-outside-order", 422)
    assert await told_to(office, *riders) == after


async def test_nobody_is_told_that_a_vehicle_is_with_them_before_it_can_be(office: Office) -> None:
    await see(office, "a2", FAR)
    first = await soon(office, "a")
    suggested = ok(await office.post("dispatcher", f"/requests/{first['id']}/suggestions"), 201)
    more: Json = {"suggestion_id": suggested["id"], "override": True, "reason": "只有此车"}
    order = ok(await office.assign(first, "a2", "a2", **more), 201)
    told = instant(order["promised_pickup_at"])
    assert told - instant(first["period"]["start"]) > timedelta(minutes=20)
    now = await soon(office, "b")
    path = f"/requests/{now['id']}/shared-rides"
    seen = ok(await office.get("dispatcher", path))
    assert [one["order_id"] for one in seen["left_out"]] == [order["id"]]
    more = {"origin": beside(0.0, "东门"), **await times(minutes=120, after=35)}
    later = await soon(office, "b", **more)
    seen = ok(await office.get("dispatcher", f"/requests/{later['id']}/shared-rides"))
    (item,) = seen["items"]
    (joins,) = (part for part in item["parts"] if part["joining"])
    assert instant(joins["legs"][0]["pick_up_at"]) >= told


async def test_a_vehicle_that_is_far_and_in_time_is_with_nobody_at_once(office: Office) -> None:
    await see(office, "a2", FAR)
    first = await soon(office, "a", **await times(minutes=120, after=45))
    suggested = ok(await office.post("dispatcher", f"/requests/{first['id']}/suggestions"), 201)
    more: Json = {"suggestion_id": suggested["id"], "override": True, "reason": "只有此车"}
    order = ok(await office.assign(first, "a2", "a2", **more), 201)
    assert instant(order["promised_pickup_at"]) == instant(first["period"]["start"])
    near = {"name": "邮局", "latitude": LATITUDE + 0.012, "longitude": LONGITUDE + 0.012}
    second = await soon(office, "b", destination=near)
    seen = ok(await office.get("dispatcher", f"/requests/{second['id']}/shared-rides"))
    assert [one["order_id"] for one in seen["left_out"]] == [order["id"]]


async def test_who_was_put_off_keeps_that_with_another_order(office: Office) -> None:
    await see(office, "a1", 0.001)
    first = await soon(office, "a")
    order = ok(await office.assign(first, "a1", "a1", override=True, reason="近"), 201)
    order = ok(await put_off(office, order, 20, "a2"))
    ok(await office.step("dispatcher", order, "undo"))
    first = ok(await office.get("dispatcher", f"/requests/{first['id']}"))
    second = await soon(office, "b", origin=ASIDE, **await times(minutes=120, after=26))
    order = ok(await office.assign(second, "a1", "a1", override=True, reason="近"), 201)
    order = await join(office, first, order, override=True, reason="顺路")
    ok(await put_off(office, order, 5, "a2"))


async def test_who_asks_anew_is_picked_up_no_earlier_than_that(office: Office) -> None:
    order, first, second = await shared(office, b_origin=ASIDE)
    order = ok(await put_off(office, order, 20, "a2"))
    left = {"request_id": second["id"], "reason": "改时"}
    order = ok(await office.step("dispatcher", order, "leave", **left))
    second = ok(await office.get("dispatcher", f"/requests/{second['id']}"))
    body = {"revision": second["revision"], "reason": "改时", **await times(110, after=28)}
    second = ok(await office.post("dispatcher", f"/requests/{second['id']}/times", body))
    assert second["promised_pickup_at"] is None
    order = await join(office, second, order, override=True, reason="顺路")
    riders = (("applicant_a", first), ("applicant_b", second))
    before = await told_to(office, *riders)
    problem(await put_off(office, order, -19, "a1"), "pickups-of-several", 422)
    assert await told_to(office, *riders) == before
