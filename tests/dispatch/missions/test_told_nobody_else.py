"""What a mission is about is told by no answer of the API to whom it doesn't name."""

from datetime import timedelta
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from dispatch.orders.live import read_live_orders
from dispatch.tables import Order, Promise
from fleet.acts import Act
from fleet.people.accounts import RoleIn, create_person
from fleet.words import Role
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.everything import everything, told
from tests.dispatch.missions.people import issued
from tests.dispatch.missions.test_broken_off import driver_of
from tests.dispatch.office import Json, Office, let_leave_early, ok, problem
from tests.dispatch.rolling.test_warnings import place
from tracking.live.fleet import OnOrder

OTHER = "dispatcher2"


async def test_no_answer_tells_of_a_mission_to_whom_it_does_not_name(office: Office) -> None:
    mission = await issued(office)
    ride = mission["rides"][0]
    order = ride["order"]
    number = order["slip"]["number_text"]
    secrets = ["年度工作会议", "按号牌顺序编队", "会议中心北门", mission["id"], order["id"], number]
    ids = {
        "mission_id": mission["id"],
        "request_id": ride["request_id"],
        "order_id": order["id"],
        "vehicles": order["vehicle"]["id"],
        "drivers": order["driver"]["id"],
    }
    # Who reads all orders of all units, and who keeps all vehicles.
    for other in ("supervisor", "manager"):
        assert told(await everything(office, other, ids), secrets) == []
    mine = await everything(office, "clerk_a", ids)
    assert {one for _, one in told(mine, secrets)} >= {"年度工作会议", "会议中心北门"}


async def other_dispatcher(office: Office) -> None:
    """Have somebody who dispatches for the same units and runs no mission."""
    world = office.world
    async with transaction(office.sessions) as session:
        world.people[OTHER] = await create_person(
            session,
            Act(actor=None, now=world.since),
            username=OTHER,
            name="另一调度员",
            roles=[RoleIn(Role.DISPATCHER, world.organisations["bureau"])],
            password_hash=world.people["dispatcher"].password_hash or "",
        )


async def endangered_by(app: FastAPI, office: Office, ride: Json) -> Json:
    """Return an ordinary order that is late on the road, with a mission's ride next."""
    keys = {str(one.id): key for key, one in office.world.vehicles.items()}
    drivers = {str(one.id): key for key, one in office.world.drivers.items()}
    order, now = ride["order"], utc_now()
    vehicle, driver = keys[order["vehicle"]["id"]], drivers[order["driver"]["id"]]
    before = await office.assigned(vehicle, driver, start_in=timedelta(minutes=5), hours=1)
    before = await office.drive(before, f"driver_{driver}", until="depart")
    async with transaction(office.sessions) as session:
        for id, start, end in ((before["id"], -120, -50), (order["id"], -40, 120)):
            period = Range(now + timedelta(minutes=start), now + timedelta(minutes=end))
            moved = update(Order).where(Order.id == UUID(id)).values(period=period)
            await session.execute(moved)
        due = update(Promise).where(Promise.order_id == UUID(order["id"]))
        await session.execute(due.values(pickup_at=now - timedelta(minutes=40)))
    place(app, office, vehicle, away=0.05)
    return before


async def test_a_warning_tells_of_a_next_order_only_to_whom_it_may_be_told(
    app: FastAPI, office: Office
) -> None:
    await other_dispatcher(office)
    mission = await issued(office)
    ride = mission["rides"][0]
    before = await endangered_by(app, office, ride)
    warned = ok(await office.get("dispatcher", "/orders/warnings"))["items"]
    (mine,) = [one for one in warned if one["kind"] == "next_endangered"]
    assert (mine["order_id"], mine["next_order_id"]) == (before["id"], ride["order"]["id"])
    warned = ok(await office.get(OTHER, "/orders/warnings"))["items"]
    (theirs,) = [one for one in warned if one["kind"] == "next_endangered"]
    # That the vehicle is awaited is told, but not by what.
    assert (theirs["order_id"], theirs["next_order_id"]) == (before["id"], None)
    assert not theirs["may_replan"]
    answers = await everything(office, OTHER, {"mission_id": mission["id"]})
    assert "/api/v1/orders/warnings" in answers
    assert told(answers, [mission["id"], ride["order"]["id"], "年度工作会议"]) == []


async def test_who_takes_a_vehicle_or_driver_away_is_not_told_which_mission_has_it(
    office: Office,
) -> None:
    await other_dispatcher(office)
    mission = await issued(office)
    order = mission["rides"][0]["order"]
    ordinary = await office.assigned("b1", "b1", start_in=timedelta(hours=50))
    away = {
        "start": utc_now().isoformat(),
        "end": (utc_now() + timedelta(hours=60)).isoformat(),
        "reason": "另有安排",
    }
    for vehicle, driver, seen in (
        (order["vehicle"]["id"], order["driver"]["id"], None),
        (ordinary["vehicle"]["id"], ordinary["driver"]["id"], ordinary["id"]),
    ):
        outage = await office.post(
            OTHER, f"/vehicles/{vehicle}/outages", {**away, "kind": "maintenance"}
        )
        leave = await office.post("manager", f"/drivers/{driver}/leaves", {**away, "kind": "sick"})
        for answer in (outage, leave):
            ids = [one["id"] for one in ok(answer, 201)["orders"]]
            assert seen in ids
            assert order["id"] not in ids
        path = f"/vehicles/{vehicle}/transfers"
        to = {"organisation_id": str(office.world.organisations["bureau"].id)}
        refused = problem(await office.post("manager", path, to), "vehicle-promised", 409)
        assert [one["id"] for one in refused["orders"]][:1] == [seen]
    # Whoever runs the mission is told of its orders as of all others.
    answer = await office.post(
        "dispatcher",
        f"/vehicles/{mission['rides'][1]['order']['vehicle']['id']}/outages",
        {**away, "kind": "maintenance"},
    )
    told_to_runner = [one["id"] for one in ok(answer, 201)["orders"]]
    assert mission["rides"][1]["order"]["id"] in told_to_runner


async def test_the_map_shows_a_missions_vehicle_on_an_order_that_is_not_named(
    office: Office,
) -> None:
    mission = await issued(office)
    await let_leave_early(office)
    ride = mission["rides"][0]
    await office.drive(ride["order"], driver_of(office, ride), "depart")
    own = await office.assigned("b1", "b1")
    await office.drive(own, "driver_b1", "depart")
    plates = {one.plate: one.no for one in office.world.vehicles.values()}
    no = plates[ride["order"]["vehicle"]["plate"]]
    async with office.sessions() as session:
        told = await read_live_orders(session, list(plates.values()))
    assert told[no] == OnOrder(None, "departed")
    assert told[office.world.vehicles["b1"].no] == OnOrder(UUID(own["id"]), "departed")
