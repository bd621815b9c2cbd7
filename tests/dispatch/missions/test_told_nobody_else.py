"""What a mission is about is told by no answer of the API to whom it doesn't name."""

from tests.dispatch.everything import everything, told
from tests.dispatch.missions.people import issued
from tests.dispatch.office import Office


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
