"""The board tells each reader what is theirs to know, and what a move would be answered."""

from datetime import timedelta

from sqlalchemy import func, select

from dispatch.tables import Order, OrderStep
from fleet.journal.tables import JournalEntry
from fleet.outages.words import OutageKind
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.capacity.promising import reserve
from tests.dispatch.eligibility.test_overriding import outage
from tests.dispatch.missions.people import issued
from tests.dispatch.office import Json, Office, ok, problem
from tests.dispatch.pairs import driver, vehicle
from tests.dispatch.test_overriding_changes import keep_for_enforcement


def window(hours: float = 48) -> Json:
    now = utc_now()
    return {
        "start": (now - timedelta(hours=1)).isoformat(),
        "end": (now + timedelta(hours=hours)).isoformat(),
    }


async def board(office: Office, username: str, **query: object) -> dict[str, Json]:
    """Return the board's rows by plate."""
    rows = ok(await office.get(username, "/board", **{**window(), **query}))["items"]
    return {row["vehicle"]["plate"]: row for row in rows}


async def check(office: Office, order: Json, name: str, **more: object) -> Json:
    body = {"revision": order["revision"], "vehicle_id": vehicle(office, name), **more}
    return ok(await office.post("dispatcher", f"/orders/{order['id']}/reassign/check", body))


async def test_the_board_shows_what_is_bound_within_scope_and_who_may_move_it(
    office: Office,
) -> None:
    order = await office.assigned("a1", "a1")
    await outage(office, OutageKind.MAINTENANCE)
    plates = {name: one.plate for name, one in office.world.vehicles.items()}
    rows = await board(office, "dispatcher")
    assert list(rows) == sorted(plates.values())
    (bar,) = rows[plates["a1"]]["bars"]
    assert bar["period"] == order["period"]
    assert (bar["order"]["id"], bar["order"]["state"]) == (order["id"], "assigned")
    assert (bar["order"]["destination"], bar["order"]["may_move"]) == ("会议中心", True)
    assert rows[plates["a1"]]["driven"] == []
    assert [one["kind"] for one in rows[plates["a1"]]["outages"]] == ["maintenance"]
    # Whoever reads orders of a unit sees that unit's vehicles, and moves nothing.
    own = await board(office, "clerk_a")
    assert set(own) == {plate for name, plate in plates.items() if name.startswith("a")}
    assert own[plates["a1"]]["bars"][0]["order"]["may_move"] is False
    assert list(await board(office, "dispatcher", q=plates["b1"][1:])) == [plates["b1"]]
    unit = str(office.world.organisations["b"].id)
    problem(
        await office.get("clerk_a", "/board", **window(), organisation_id=unit), "not-found", 404
    )
    problem(await office.get("applicant_a", "/board", **window()), "forbidden", 403)
    gone = await board(office, "dispatcher", start=order["period"]["end"])
    assert gone[plates["a1"]]["bars"] == []


async def test_the_board_is_bounded_and_its_pages_join(office: Office) -> None:
    same = window()["end"]
    problem(await office.get("dispatcher", "/board", start=same, end=same), "empty-period", 422)
    longer = window(hours=8 * 24)
    problem(await office.get("dispatcher", "/board", **longer), "board-too-long", 422)
    path = "/board/reservations"
    problem(await office.get("dispatcher", path, **longer), "board-too-long", 422)
    when = window()
    whole = ok(await office.get("dispatcher", "/board", **when))
    assert whole["next_cursor"] is None
    found: list[Json] = []
    cursor: dict[str, str] = {}
    while True:
        page = ok(await office.get("dispatcher", "/board", **when, limit=3, **cursor))
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == whole["items"]


async def test_others_find_a_missions_vehicles_busy_and_not_with_what(office: Office) -> None:
    mission = await issued(office)
    ride = mission["rides"][0]["order"]
    plate = ride["vehicle"]["plate"]
    (told,) = (await board(office, "dispatcher"))[plate]["bars"]
    assert (told["mission"], told["order"]["id"]) == (True, ride["id"])
    answer = await office.get("supervisor", "/board", **window())
    (hidden,) = next(r for r in ok(answer)["items"] if r["vehicle"]["plate"] == plate)["bars"]
    assert hidden == {"period": told["period"], "mission": True, "order": None}
    for secret in (mission["title"], ride["id"], ride["driver"]["name"], "会议中心"):
        assert secret not in answer.text


async def test_what_is_promised_without_a_plate_stands_apart_until_it_is_bound(
    office: Office,
) -> None:
    request = await office.approved(start_in=timedelta(hours=30))
    made = await reserve(office, request)
    path = "/board/reservations"
    (held,) = ok(await office.get("dispatcher", path, **window()))["items"]
    assert held["id"] == made["id"]
    assert ok(await office.get("clerk_b", path, **window()))["items"] == []
    assert ok(await office.get("dispatcher", path, **window(hours=2)))["items"] == []
    ok(await office.assign(request, "pool1", "pool1"), 201)
    assert ok(await office.get("dispatcher", path, **window()))["items"] == []


async def test_a_check_tells_what_the_reassignment_will_and_changes_nothing(
    office: Office,
) -> None:
    order = await office.assigned("a1", "a1")
    blocking = await office.assigned("a2", "a2")
    stood = await standing(office)
    busy = await check(office, order, "a2")
    assert busy["refusal"]["type"] == "vehicle-busy"
    assert [one["id"] for one in busy["refusal"]["in_the_way"]] == [blocking["id"]]
    assert office.world.vehicles["a2"].plate not in {
        one["plate"] for one in busy["refusal"]["alternatives"]
    }
    same = await check(office, order, "a1")
    assert same["refusal"]["type"] == "nothing-changed"
    free: Json = {"refusal": None, "objections": []}
    assert await check(office, order, "b1") == free
    await keep_for_enforcement(office, "b1")
    against = await check(office, order, "b1")
    assert against["refusal"] is None
    assert [one["rule"] for one in against["objections"]] == ["enforcement_only"]
    assert await standing(office) == stood
    # What was told beforehand is what the reassignment answers.
    path = f"/orders/{order['id']}/reassign"
    move = {"revision": order["revision"], "vehicle_id": vehicle(office, "b1"), "reason": "调整"}
    told = problem(await office.post("dispatcher", path, move), "override-needs-reason", 409)
    assert told["objections"] == against["objections"]
    moved = ok(await office.post("dispatcher", path, move | {"override": True}))
    assert moved["vehicle"]["plate"] == office.world.vehicles["b1"].plate
    body = {"revision": order["revision"], "vehicle_id": vehicle(office, "a1")}
    problem(await office.post("dispatcher", f"{path}/check", body), "stale-revision", 409)
    body |= {"revision": moved["revision"], "driver_id": driver(office, "a1")}
    assert ok(await office.post("dispatcher", f"{path}/check", body)) == free
    problem(await office.post("clerk_a", f"{path}/check", body), "forbidden", 403)


async def standing(office: Office) -> list[object]:
    """Return all that a reassignment would write."""
    async with transaction(office.sessions) as session:
        orders = await session.execute(
            select(Order.id, Order.vehicle_no, Order.revision, Order.period).order_by(Order.id)
        )
        counts = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (OrderStep, JournalEntry)
        ]
        return [[tuple(row) for row in orders], counts]
