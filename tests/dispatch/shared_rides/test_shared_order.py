"""Passengers of two units share one vehicle, each within their limits and with their own part."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, true, update

from dispatch.rolling.store import due_rides
from dispatch.tables import OrderWaypoint, Promise, Request
from fleet.journal.tables import JournalEntry
from fleet.tables import Vehicle
from fleet.words import Category
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, ok, problem
from tests.dispatch.shared_rides.rides import (
    A_PLACE,
    A_TOLD,
    AHEAD,
    B_PLACE,
    B_TOLD,
    RIDERS,
    asked,
    join,
)


async def test_two_units_share_and_each_passenger_sees_their_own_part(
    office: Office, phones: None
) -> None:
    first = await asked(office, "a")
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await asked(office, "b")
    found = ok(await office.get("dispatcher", f"/requests/{second['id']}/shared-rides"))
    (item,) = found["items"]
    assert item["order_id"] == order["id"]
    assert {part["request_id"] for part in item["parts"]} == {first["id"], second["id"]}
    for part in item["parts"]:
        for leg in part["legs"]:
            assert leg["detour_s"] <= leg["greatest_detour_s"]
    stale = {"order_id": order["id"], "revision": second["revision"], "order_revision": 99}
    problem(
        await office.post("dispatcher", f"/requests/{second['id']}/join", stale),
        "stale-revision",
        409,
    )
    joined = await join(office, second, order, override=True, reason="同去会议中心")
    assert {one["id"] for one in joined["requests"]} == {first["id"], second["id"]}
    assert joined["cross_unit"]
    told = {}
    for unit, own, other in (("a", first, second), ("b", second, first)):
        me, they = f"applicant_{unit}", "applicant_b" if unit == "a" else "applicant_a"
        secrets = [
            str(office.world.people[they].id),
            *RIDERS[they],
            B_TOLD if unit == "a" else A_TOLD,
            B_PLACE if unit == "a" else A_PLACE,
            "同去会议中心",
            other["id"],
        ]
        slip_path = f"/orders/{order['id']}/slip"
        answers = [
            await office.get(me, "/orders"),
            await office.get(me, f"/orders/{order['id']}"),
            await office.get(me, slip_path, format="json"),
            await office.get(me, slip_path),
            await office.get(me, "/requests"),
            await office.get(me, f"/requests/{own['id']}"),
            await office.get(me, f"/requests/{own['id']}/sharing"),
            await office.get(me, f"/requests/{own['id']}/approach"),
        ]
        for answer in answers:
            assert answer.status_code == 200, answer.text
            shown = [one for one in secrets if one in answer.text]
            assert shown == [], (me, answer.url, shown)
        part = answers[6].json()
        assert part["agreed"]
        assert [leg["is_return"] for leg in part["legs"]] == [False, True]
        told[own["id"]] = answers[5].json()["promised_pickup_at"]
        assert answers[5].json()["state"] == "assigned"
        problem(await office.get(me, f"/requests/{other['id']}/sharing"), "not-found", 404)
    await _reads_the_calls(office, order, told)
    slip = ok(await office.get("driver_a1", f"/orders/{order['id']}/slip", format="json"))
    changed = {one["item"]: one["becomes"] for one in slip["amendments"]}
    assert A_TOLD in changed["purpose"]
    assert B_TOLD in changed["purpose"]
    assert changed["passengers"] == "2"
    items = {one["key"]: one["text"] for one in slip["items"]}
    assert B_TOLD not in items["purpose"], "what was issued is never rewritten"

    # One request is cancelled: the other rides on, and keeps what it was told.
    seen = ok(await office.get("applicant_a", f"/requests/{first['id']}"))
    body = {"revision": seen["revision"], "reason": "会议取消"}
    gone = ok(await office.post("applicant_a", f"/requests/{first['id']}/cancel", body))
    assert gone["state"] == "cancelled"
    rest = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    assert [one["id"] for one in rest["requests"]] == [second["id"]]
    assert rest["state"] == "assigned"
    assert rest["promised_pickup_at"] == told[second["id"]]
    left = await office.get("applicant_b", f"/orders/{order['id']}")
    assert "会议取消" not in left.text
    page = await office.get("applicant_b", f"/orders/{order['id']}/slip")
    assert A_TOLD not in page.text
    assert "会议取消" not in page.text
    async with office.sessions() as session:
        actions = set(await session.scalars(select(JournalEntry.action)))
        plans = set(await session.scalars(select(OrderWaypoint.plan_number)))
    assert {"order.join", "order.leave", "request.cancel"} <= actions
    assert plans == {1, 2}


async def _reads_the_calls(office: Office, order: Json, told: Json) -> None:
    """Driver and dispatcher read where to call for whom, in order; passengers their own."""
    path = f"/orders/{order['id']}"
    for who in ("driver_a1", "dispatcher", "supervisor"):
        seen = ok(await office.get(who, path))
        calls = seen["calls"]
        assert [one["at"] for one in calls] == sorted(one["at"] for one in calls)
        out = {c["request_id"]: c["at"] for c in calls if c["is_pick_up"] and not c["is_return"]}
        assert out == told
        assert seen["promised_pickup_at"] == min(told.values())
        assert len(calls) == 8
        first = calls[0]
        assert (first["place"]["name"], first["passengers"]) == (A_PLACE, 1)
    (listed,) = ok(await office.get("driver_a1", "/orders", mine=True))["items"]
    assert listed["calls"] == calls
    slip = ok(await office.get("driver_a1", f"{path}/slip", format="json"))
    route = next(one for one in slip["amendments"] if one["item"] == "route_planned")["becomes"]
    assert route.index(f"{A_PLACE}（上1人）") < route.index(f"{B_PLACE}（上1人）")
    assert route.count(" → ") == len(calls) - 1
    for unit, place in (("a", A_PLACE), ("b", B_PLACE)):
        own = ok(await office.get(f"applicant_{unit}", path))["calls"]
        assert len(own) == 4
        assert {own[0]["place"]["name"], own[-1]["place"]["name"]} == {place}
        clerk = ok(await office.get(f"clerk_{unit}", path))
        assert clerk["calls"] == own


async def test_consent_and_limits_bind_and_are_taken_back_before_departure(office: Office) -> None:
    first = await asked(office, "a")
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await asked(office, "b", may_share=False)
    path = f"/requests/{second['id']}"
    refused = {
        "order_id": order["id"],
        "revision": second["revision"],
        "order_revision": order["revision"],
    }
    told = problem(
        await office.post("dispatcher", f"{path}/join", refused), "sharing-limit-broken", 409
    )
    assert (told["limit"], told["whose"]) == ("consent", "joining")
    assert told["sentence"] == "本申请的乘车人未同意合乘"
    left_out = ok(await office.get("dispatcher", f"{path}/shared-rides"))["left_out"]
    assert [(one["limit"], one["order_id"]) for one in left_out] == [("consent", order["id"])]

    agreed = {"revision": second["revision"], "agreed": True, "detour_percent": 90}
    problem(await office.post("dispatcher", f"{path}/sharing", agreed), "step-not-yours", 403)
    too_much = agreed | {"detour_percent": 101}
    problem(
        await office.post("applicant_b", f"{path}/sharing", too_much), "detour-beyond-rule", 422
    )
    said = ok(await office.post("applicant_b", f"{path}/sharing", agreed))
    assert (said["agreed"], said["detour_percent"], said["detour_s"]) == (True, 90, 3600)
    second = ok(await office.get("applicant_b", path))
    joined = await join(office, second, order, override=True, reason="顺路")

    second = ok(await office.get("applicant_b", path))
    back = {"revision": second["revision"], "agreed": False}
    ok(await office.post("applicant_b", f"{path}/sharing", back))
    again = ok(await office.get("applicant_b", path))
    assert (again["state"], again["may_share"], again["order"]) == (
        "awaiting_dispatch",
        False,
        None,
    )
    alone = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    assert [one["id"] for one in alone["requests"]] == [first["id"]]
    assert alone["period"] == order["period"]
    leaving = {"request_id": first["id"], "revision": joined["revision"] + 1, "reason": "改派"}
    problem(
        await office.post("dispatcher", f"/orders/{order['id']}/leave", leaving),
        "not-in-this-order",
        409,
    )

    courier = await asked(office, "b", purpose="document")
    answer = ok(await office.get("dispatcher", f"/requests/{courier['id']}/shared-rides"))
    assert [one["limit"] for one in answer["left_out"]] == ["never_shared"]
    crowd = await asked(office, "b", passengers=4)
    answer = ok(await office.get("dispatcher", f"/requests/{crowd['id']}/shared-rides"))
    assert [(one["limit"], one["whose"]) for one in answer["left_out"]] == [("seats", "vehicle")]
    async with office.sessions() as session:
        assert await session.get(Request, courier["id"]) is not None


async def test_who_joins_and_who_leaves_takes_no_hour_from_an_order_that_was_extended(
    office: Office,
) -> None:
    first = await asked(office, "a")
    order = ok(await office.assign(first, "a1", "a1"), 201)
    planned = datetime.fromisoformat(order["period"]["end"])
    body = {
        "revision": order["revision"],
        "end": (planned + timedelta(hours=2)).isoformat(),
        "reason": "会议延长",
    }
    longer = ok(await office.post("dispatcher", f"/orders/{order['id']}/extend", body))["period"]
    assert datetime.fromisoformat(longer["end"]) == planned + timedelta(hours=2)
    second = await asked(office, "b")
    order = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    joined = await join(office, second, order, override=True, reason="同去会议中心")
    assert joined["period"]["end"] == longer["end"]
    seen = ok(await office.get("applicant_a", f"/requests/{first['id']}"))
    body = {"revision": seen["revision"], "reason": "会议取消"}
    ok(await office.post("applicant_a", f"/requests/{first['id']}/cancel", body))
    left = ok(await office.get("dispatcher", f"/orders/{order['id']}"))
    assert left["period"]["end"] == longer["end"]


async def test_another_vehicle_leaves_each_passenger_the_time_that_they_were_told(
    office: Office,
) -> None:
    first = await asked(office, "a")
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await asked(office, "b")
    joined = await join(office, second, order, override=True, reason="同去会议中心")

    async def parts() -> list[Json]:
        told = []
        for who, ride in (("applicant_a", first), ("applicant_b", second)):
            path = f"/requests/{ride['id']}"
            promised = ok(await office.get(who, path))["promised_pickup_at"]
            told.append({"promised": promised, **ok(await office.get(who, f"{path}/sharing"))})
        return told

    before = await parts()
    assert before[0]["promised"] != before[1]["promised"]
    suggested = ok(await office.post("dispatcher", f"/requests/{first['id']}/suggestions"), 201)
    taken = next(
        one
        for one in suggested["candidates"]
        if one["driver"] and one["vehicle"]["id"] != joined["vehicle"]["id"]
    )
    path = f"/orders/{order['id']}/reassign"
    body = {
        "revision": joined["revision"],
        "reason": "原车故障",
        "vehicle_id": taken["vehicle"]["id"],
        "driver_id": taken["driver"]["id"],
        "suggestion_id": suggested["id"],
        "override": True,
    }
    # Nobody's reason lets several ride in what is kept for couriers or enforcement.
    for category in Category.CONFIDENTIAL_COURIER, Category.ENFORCEMENT:
        await _keep_for(office, taken["vehicle"]["id"], category)
        told = problem(await office.post("dispatcher", path, body), "sharing-limit-broken", 409)
        assert (told["limit"], told["whose"]) == ("never_shared", "vehicle")
    await _keep_for(office, taken["vehicle"]["id"], Category.OTHER_PRESCRIBED)
    changed = ok(await office.post("dispatcher", path, body))
    assert changed["vehicle"]["id"] == taken["vehicle"]["id"]
    assert await parts() == before


async def _keep_for(office: Office, vehicle_id: str, category: Category) -> None:
    async with transaction(office.sessions) as session:
        await session.execute(
            update(Vehicle).where(Vehicle.id == UUID(vehicle_id)).values(category=category)
        )


async def test_once_the_passenger_has_spoken_nobody_agrees_for_them(office: Office) -> None:
    passenger = "clerk_b"
    request = await asked(office, "b", passenger_id=str(office.world.people[passenger].id))
    path = f"/requests/{request['id']}"

    async def say(who: str, *, agreed: bool) -> Json:
        revision = ok(await office.get(who, path))["revision"]
        answer = await office.post(who, f"{path}/sharing", {"revision": revision, "agreed": agreed})
        told: Json = answer.json()
        return told

    # Until then the applicant speaks for them.
    assert (await say("applicant_b", agreed=True))["agreed"] is True
    assert (await say(passenger, agreed=False))["agreed"] is False
    refused = await say("applicant_b", agreed=True)
    assert refused["type"] == "/problems/passenger-has-spoken"
    assert ok(await office.get(passenger, path))["may_share"] is False
    assert (await say(passenger, agreed=True))["agreed"] is True
    assert (await say("applicant_b", agreed=False))["agreed"] is False


async def test_a_shared_order_is_watched_for_the_passenger_who_is_picked_up_first(
    office: Office,
) -> None:
    first = await asked(office, "a")
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await asked(office, "b")
    await join(office, second, order, override=True, reason="同去会议中心")
    async with transaction(office.sessions) as session:
        told = {
            str(one.request_id): one
            for one in await session.scalars(select(Promise).order_by(Promise.no))
        }
        for watched, other in ((first, second), (second, first)):
            begins = utc_now() + AHEAD
            told[watched["id"]].pickup_at = begins
            told[other["id"]].pickup_at = begins + timedelta(minutes=10)
            await session.flush()
            units = [office.world.organisations["a"].no]
            (ride,) = await due_rides(session, units, utc_now(), timedelta(hours=9), true())
            assert (str(ride.request.id), ride.pickup_at) == (watched["id"], begins)
