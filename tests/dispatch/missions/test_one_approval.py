"""A mission's rides have its one approval: none of them is decided about by itself."""

from sqlalchemy import update

from dispatch.requests.states import RequestState
from dispatch.tables import Request
from kit.database import transaction
from tests.dispatch.missions.people import act, approved, issued
from tests.dispatch.office import Json, Office, ok, problem


async def taken_back(office: Office, ride: Json, how: str = "undo") -> Json:
    """Return the request of a mission's vehicle after a dispatcher took its order back."""
    order = ok(await office.get("dispatcher", f"/orders/{ride['order']['id']}"))
    ok(await office.step("dispatcher", order, how, reason="另作安排"))
    return ok(await office.get("dispatcher", f"/requests/{ride['request_id']}"))


async def test_one_ride_of_a_mission_is_neither_sent_back_nor_submitted(office: Office) -> None:
    mission = await issued(office)
    request = await taken_back(office, mission["rides"][0])
    assert (request["state"], request["actions"]) == ("awaiting_dispatch", ["assign", "withdraw"])
    (listed,) = ok(await office.get("dispatcher", "/requests", state="awaiting_dispatch"))["items"]
    assert listed["actions"] == request["actions"]
    path, told = f"/requests/{request['id']}", {"revision": request["revision"], "reason": "修改"}
    for action in ("send_back", "submit", "reject", "approve"):
        problem(await office.post("dispatcher", f"{path}/{action}", told), "ride-of-mission", 409)
    # Its mission goes on: it is planned again, and has its slip.
    planned = ok(await office.post("dispatcher", f"/missions/{mission['id']}/plan"))
    assert planned["rides"][0]["vehicle"] is not None


async def test_a_mission_is_not_over_while_any_of_its_requests_is_open(office: Office) -> None:
    mission = await issued(office)
    path = f"/missions/{mission['id']}"
    first, *others = mission["rides"]
    request = await taken_back(office, first)
    for ride in others:
        await taken_back(office, ride, "cancel")
    # A version of before let one ride be sent back and submitted by itself.
    for state in (RequestState.SENT_BACK, RequestState.UNIT_REVIEW):
        async with transaction(office.sessions) as session:
            await session.execute(
                update(Request).where(Request.id == request["id"]).values(state=state)
            )
        mission = ok(await office.get("dispatcher", path))
        assert (mission["state"], mission["actions"]) == ("awaiting_dispatch", ["cancel"])
    mission = await act(office, "dispatcher", mission, "cancel", reason="会议取消")
    assert mission["state"] == "cancelled"
    ended = ok(await office.get("dispatcher", f"/requests/{request['id']}"))
    assert ended["state"] == "cancelled"


async def test_a_ride_that_is_called_off_leaves_the_rest_of_its_mission(office: Office) -> None:
    mission = await issued(office)
    path, (first, *others) = f"/missions/{mission['id']}", mission["rides"]
    request = await taken_back(office, first)
    told = {"revision": request["revision"], "reason": "少去一辆"}
    ok(await office.post("dispatcher", f"/requests/{request['id']}/withdraw", told))
    mission = ok(await office.get("dispatcher", path))
    assert (mission["state"], mission["actions"]) == ("assigned", ["cancel", "archive"])
    board = ok(await office.get("dispatcher", f"{path}/arrivals"))
    assert [one["standing"] for one in board["items"]] == ["over", *["not_departed"] * 3]
    replace = await office.post(
        "dispatcher", f"{path}/rides/{first['id']}/replace", {"reason": "顶替"}
    )
    problem(replace, "nothing-to-replace", 409)
    told = {"revision": mission["revision"]}
    refused = problem(await office.post("dispatcher", f"{path}/archive", told), "mission-open", 409)
    assert len(refused["orders"]) == 3
    for ride in others:
        await taken_back(office, ride, "cancel")
    assert (await act(office, "dispatcher", mission, "archive"))["state"] == "archived"


async def test_a_ride_that_is_called_off_before_it_has_a_vehicle_is_awaited_by_nobody(
    office: Office,
) -> None:
    mission = await approved(office)
    request = ok(await office.get("dispatcher", f"/requests/{mission['rides'][0]['request_id']}"))
    told = {"revision": request["revision"], "reason": "少去一辆"}
    ok(await office.post("dispatcher", f"/requests/{request['id']}/withdraw", told))
    board = ok(await office.get("dispatcher", f"/missions/{mission['id']}/arrivals"))
    assert [one["standing"] for one in board["items"]] == ["over", *["unassigned"] * 3]
