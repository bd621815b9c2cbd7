"""Another vehicle, another driver, a later end: what is kept, amended, explained and told."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range

from dispatch.explaining import MARGIN
from dispatch.orders.changing import OVERDUE
from dispatch.tables import Order, Promise
from fleet.tables import JournalEntry, Person
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.dispatch.pairs import change, driver, vehicle
from tests.dispatch.test_contacts import MASKED, WHOLE
from tests.dispatch.test_explaining import explained
from tests.dispatch.test_suggestions import see
from tests.support.world import LATITUDE, LONGITUDE


async def promises_of(office: Office, order: Json) -> list[Promise]:
    request_id = UUID(order["requests"][0]["id"])
    async with office.sessions() as session:
        rows = select(Promise).where(Promise.request_id == request_id).order_by(Promise.no)
        return list(await session.scalars(rows))


async def start_now(office: Office, order: Json) -> None:
    """Let an order be due since a minute, with two hours to go."""
    now = utc_now()
    held = Range(now - timedelta(minutes=1), now + timedelta(hours=2), bounds="[)")
    async with transaction(office.sessions) as session:
        await session.execute(update(Order).where(Order.id == order["id"]).values(period=held))
        await session.execute(
            update(Promise)
            .where(Promise.order_id == order["id"])
            .values(pickup_at=now - timedelta(minutes=1))
        )


async def test_reassigned_order_frees_the_first_pair_and_amends_its_slip(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="accept")
    before = ok(await office.get("dispatcher", f"/orders/{order['id']}/slip", format="json"))
    told = {"vehicle_id": vehicle(office, "a2"), "driver_id": driver(office, "a2")}
    order = await change(office, order, "reassign", **told)
    assert (order["state"], order["steps"][-1]["action"]) == ("assigned", "reassign")
    assert order["vehicle"]["id"] == vehicle(office, "a2")
    problem(await office.step("driver_a1", order, "accept"), "not-found", 404)
    slip = ok(await office.get("dispatcher", f"/orders/{order['id']}/slip", format="json"))
    assert slip["items"] == before["items"]
    assert [(one["number"], one["item"], one["was"]) for one in slip["amendments"]] == [
        (1, "plate", office.world.vehicles["a1"].plate),
        (2, "driver", order["steps"][1]["actor"]["name"]),
    ]
    page = (await office.get("dispatcher", f"/orders/{order['id']}/slip")).text
    assert "变更记录" in page
    assert "临时调整" in page
    # The first pair serves somebody else in the same hours.
    assert (await office.assigned("a1", "a1"))["state"] == "assigned"
    async with office.sessions() as session:
        entry = await session.scalar(
            select(JournalEntry).where(JournalEntry.action == "order.reassign")
        )
    assert entry is not None
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["plate"] == office.world.vehicles["a1"].plate
    assert entry.after["plate"] == office.world.vehicles["a2"].plate


async def test_order_driven_by_two_vehicles_explains_each_by_its_own_part(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    readings: Json = {"odometer_m": 7_000_000, "left_odometer_m": 51_999_999}
    taken_over = {
        "revision": order["revision"],
        "reason": "故障",
        "vehicle_id": vehicle(office, "a2"),
    }
    less = await office.post(
        "dispatcher", f"/orders/{order['id']}/swap_vehicle", taken_over | readings
    )
    told = problem(less, "odometer-backwards", 422)
    assert (told["odometer_out_m"], told["odometer_m"]) == (52_000_000, 51_999_999)
    readings["left_odometer_m"] = 52_010_000
    order = await change(
        office, order, "swap_vehicle", vehicle_id=vehicle(office, "a2"), **readings
    )
    assert order["state"] == "departed"
    swapped_at = instant(order["steps"][-1]["at"])
    for action in ("arrive", "start_return"):
        order = ok(await office.step("driver_a1", order, action))
    early = await office.step("driver_a1", order, "return", odometer_m=6_999_999)
    problem(early, "odometer-backwards", 422)
    order = ok(await office.step("driver_a1", order, "return", odometer_m=7_004_600))
    (first,) = await explained(office, "a1")
    (second,) = await explained(office, "a2")
    assert (first.source_id, second.source_id) == (UUID(order["id"]), UUID(order["id"]))
    assert (first.start, first.end) == (
        instant(order["departed_at"]) - MARGIN,
        swapped_at + MARGIN,
    )
    assert (second.start, second.end) == (
        swapped_at - MARGIN,
        instant(order["returned_at"]) + MARGIN,
    )
    assert [(run["vehicle"]["id"], instant(run["start"])) for run in order["runs"]] == [
        (vehicle(office, "a1"), instant(order["departed_at"])),
        (vehicle(office, "a2"), swapped_at),
    ]
    slip = ok(await office.get("dispatcher", f"/orders/{order['id']}/slip", format="json"))
    items = {item["key"]: item["text"] for item in slip["items"]}
    assert items["distance"] == "14.6 公里"
    assert items["odometer"].count("出车") == 2


async def test_swapped_driver_takes_the_order_over_on_the_road(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    order = await change(office, order, "swap_driver", driver_id=driver(office, "a2"))
    problem(await office.step("driver_a1", order, "arrive"), "step-not-yours", 403)
    order = ok(await office.step("driver_a2", order, "arrive"))
    assert len(await explained(office, "a1")) == 2
    assert [run["driver"]["id"] for run in order["runs"]] == [
        driver(office, "a1"),
        driver(office, "a2"),
    ]


async def test_driver_who_was_swapped_goes_on_seeing_what_they_drove(office: Office) -> None:
    async with transaction(office.sessions) as session:
        person = await session.get_one(Person, office.world.people["applicant_a"].no)
        person.phone = WHOLE
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    await change(office, order, "swap_driver", driver_id=driver(office, "a2"))
    path = f"/orders/{order['id']}"
    seen = ok(await office.get("driver_a1", path))
    assert (seen["actions"], seen["runs"][0]["driver"]["name"]) == ([], "驾驶员a1")
    mine = ok(await office.get("driver_a1", "/orders", mine=True))["items"]
    assert [one["id"] for one in mine] == [order["id"]]
    slip = ok(await office.get("driver_a1", f"{path}/slip", format="json"))
    assert {item["key"]: item["text"] for item in slip["items"]}["passenger_phone"] == MASKED
    # Who never drove it sees nothing of it, whether or not somebody else was swapped.
    problem(await office.get("driver_b1", path), "not-found", 404)


async def test_vehicle_that_a_swap_names_again_keeps_the_reading_of_its_departure(
    office: Office,
) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    same = {"vehicle_id": vehicle(office, "a1"), "driver_id": driver(office, "a2")}
    order = await change(office, order, "swap_vehicle", **same)
    assert order["steps"][-1]["action"] == "swap_driver"
    for action in ("arrive", "start_return"):
        order = ok(await office.step("driver_a2", order, action))
    less = await office.step("driver_a2", order, "return", odometer_m=5)
    assert problem(less, "odometer-backwards", 422)["odometer_out_m"] == 52_000_000
    ok(await office.step("driver_a2", order, "return", odometer_m=52_034_600))
    slip = ok(await office.get("dispatcher", f"/orders/{order['id']}/slip", format="json"))
    assert {item["key"]: item["text"] for item in slip["items"]}["distance"] == "34.6 公里"


async def test_overdue_order_that_is_swapped_holds_its_new_pair_for_an_hour_more(
    office: Office,
) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    now = utc_now()
    overdue = Range(now - timedelta(hours=6), now - timedelta(hours=4), bounds="[)")
    async with transaction(office.sessions) as session:
        await session.execute(update(Order).where(Order.id == order["id"]).values(period=overdue))
    both = {"vehicle_id": vehicle(office, "a2"), "driver_id": driver(office, "a2")}
    order = await change(office, order, "swap_vehicle", **both)
    assert instant(order["period"]["end"]) >= now + OVERDUE
    asked = await office.approved(start_in=timedelta(minutes=30))
    problem(await office.assign(asked, "a2", "a1"), "vehicle-busy", 409)
    problem(await office.assign(asked, "a1", "a2"), "driver-busy", 409)


async def test_pickup_that_a_dispatcher_names_lies_within_the_order(office: Office) -> None:
    order = await office.assigned("a1", "a1", start_in=timedelta(minutes=30), hours=2)
    start, end = (instant(order["period"][name]) for name in ("start", "end"))
    path = f"/orders/{order['id']}/reassign"
    wish = {"revision": order["revision"], "reason": "改派", "vehicle_id": vehicle(office, "a2")}
    for wrong in (start - timedelta(seconds=1), end):
        answer = await office.post("dispatcher", path, wish | {"pickup_at": wrong.isoformat()})
        told = problem(answer, "pickup-outside-order", 422)
        assert (instant(told["start"]), instant(told["end"])) == (start, end)
    order = ok(await office.post("dispatcher", path, wish | {"pickup_at": start.isoformat()}))
    last = (end - timedelta(seconds=1)).isoformat()
    wish |= {"revision": order["revision"], "vehicle_id": vehicle(office, "a1"), "pickup_at": last}
    assert instant(ok(await office.post("dispatcher", path, wish))["promised_pickup_at"]) == (
        instant(last)
    )


async def test_passenger_who_did_not_come_has_nothing_to_confirm(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    assert "no_show" not in order["actions"]
    afar = await office.step("driver_a1", order, "no_show", reason="未到")
    problem(afar, "step-not-yours", 403)
    assert "no_show" in ok(await office.get("dispatcher", f"/orders/{order['id']}"))["actions"]
    order = ok(await office.step("driver_a1", order, "arrive"))
    early = await office.step("driver_a1", order, "no_show", reason="未到")
    assert instant(problem(early, "not-due-yet", 409)["due_at"]) == instant(
        order["promised_pickup_at"]
    )
    await start_now(office, order)
    order = ok(await office.step("driver_a1", order, "no_show", reason="等候三十分钟未到"))
    assert (order["state"], order["no_show_at"] is None) == ("returning", False)
    order = ok(await office.step("driver_a1", order, "return", odometer_m=52_034_600))
    problem(await office.step("applicant_a", order, "confirm"), "step-not-allowed", 409)
    assert ok(await office.step("dispatcher", order, "accept_back"))["state"] == "archived"


async def test_passenger_is_told_a_pickup_time_that_only_a_reason_makes_later(
    office: Office,
) -> None:
    order = await office.assigned("a1", "a1", start_in=timedelta(minutes=20))
    start = instant(order["period"]["start"])
    (told,) = await promises_of(office, order)
    assert (told.pickup_at, told.told_by_no) == (start, office.world.people["dispatcher"].no)
    request = ok(await office.get("applicant_a", f"/requests/{order['requests'][0]['id']}"))
    assert instant(request["promised_pickup_at"]) == start
    late = (start + timedelta(minutes=10)).isoformat()
    wish = {"vehicle_id": vehicle(office, "a2"), "driver_id": driver(office, "a2")}
    order = await change(office, order, "reassign", **wish, pickup_at=late, reason="道路封闭")
    _, worse = await promises_of(office, order)
    assert (worse.pickup_at, worse.reason) == (instant(late), "道路封闭")
    request = ok(await office.get("applicant_a", f"/requests/{request['id']}"))
    assert (request["state_reason"], instant(request["promised_pickup_at"])) == (
        "道路封闭",
        instant(late),
    )


async def test_promise_outlives_an_undone_assignment(office: Office) -> None:
    await see(office, "a1", away=0.1)
    order = await office.assigned("a1", "a1", start_in=timedelta(seconds=30))
    await start_now(office, order)
    ok(await office.step("dispatcher", order, "undo", revision=order["revision"]))
    request = ok(await office.get("dispatcher", f"/requests/{order['requests'][0]['id']}"))
    shown = ok(await office.post("dispatcher", f"/requests/{request['id']}/suggestions"), 201)
    (far,) = shown["candidates"]
    body = {
        "vehicle_id": far["vehicle"]["id"],
        "driver_id": far["driver"]["id"],
        "suggestion_id": shown["id"],
        "revision": request["revision"],
    }
    path = f"/requests/{request['id']}/assignment"
    problem(await office.post("dispatcher", path, body), "promise-worsened", 409)
    again = ok(await office.post("dispatcher", path, body | {"reason": "车辆故障改派"}), 201)
    told = (await promises_of(office, again))[-1]
    assert (told.reason, str(told.suggestion_id)) == ("车辆故障改派", shown["id"])
    assert told.pickup_at is not None
    assert told.pickup_at > utc_now()


async def test_breakdown_takes_the_promise_back_with_its_reason(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    tap = {"reason": "发动机故障", "latitude": LATITUDE, "longitude": LONGITUDE}
    ok(await office.step("driver_a1", order, "breakdown", **tap))
    back = (await promises_of(office, order))[-1]
    assert (back.pickup_at, back.reason) == (None, "发动机故障")
    request = ok(await office.get("applicant_a", f"/requests/{order['requests'][0]['id']}"))
    assert request["promised_pickup_at"] is None


async def test_stale_page_is_told_what_was_done_since(office: Office) -> None:
    stale = await office.assigned("a1", "a1")
    order = await office.drive(stale, until="accept")
    body = {"revision": stale["revision"], "reason": "换人", "driver_id": driver(office, "a2")}
    answer = await office.post("dispatcher", f"/orders/{order['id']}/swap_driver", body)
    told = problem(answer, "stale-revision", 409)
    assert (told["state"], told["revision"]) == ("accepted", order["revision"])
    (step,) = told["steps"]
    assert (step["action"], step["actor"]) == ("accept", order["steps"][-1]["actor"]["name"])
    request = order["requests"][0]["id"]
    body = {"revision": 1, "reason": "取消"}
    told = problem(
        await office.post("applicant_a", f"/requests/{request}/cancel", body), "stale-revision", 409
    )
    assert [step["action"] for step in told["steps"]] == ["submit", "approve", "assign", "accept"]
