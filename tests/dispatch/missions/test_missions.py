"""A mission from its plan to its slips: approved once, chosen together, numbered without gaps."""

import re
from datetime import timedelta

from sqlalchemy import select

from dispatch.tables import Request
from fleet.journal.tables import JournalEntry
from kit.database import transaction
from tests.dispatch.missions.people import act, approved, issued, plan, planned, written
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.support.world import LATITUDE, LONGITUDE


def number(ride: Json) -> int:
    """Return the number of a ride's slip."""
    found = re.search(r"(\d+)号", ride["order"]["slip"]["number_text"])
    assert found is not None
    return int(found[1])


async def test_a_mission_is_approved_once_planned_together_and_its_slips_run_without_gaps(
    office: Office,
) -> None:
    mission = await approved(office)
    assert (mission["state"], mission["vehicles"], mission["standbys"]) == (
        "awaiting_dispatch",
        3,
        1,
    )
    path = f"/missions/{mission['id']}"
    mission = ok(await office.post("dispatcher", f"{path}/plan"))
    chosen = [(r["vehicle"]["id"], r["driver"]["id"]) for r in mission["rides"]]
    assert len({v for v, _ in chosen}) == len({d for _, d in chosen}) == 4
    first = ok(await office.post("dispatcher", f"{path}/slips", {"most": 3}))
    assert (first["issued"], first["left"]) == (3, 1)
    assert first["mission"]["state"] == "awaiting_dispatch"
    rest = ok(await office.post("dispatcher", f"{path}/slips", {}))
    assert (rest["issued"], rest["left"], rest["refused"]) == (1, 0, [])
    mission = rest["mission"]
    assert (mission["state"], mission["slips"]) == ("assigned", 4)
    numbers = [number(ride) for ride in mission["rides"]]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert [r["position"] for r in mission["rides"]] == [1, 2, 3, 4]
    # Each slip prints who approved the mission, and no request of one is shared.
    order_id = mission["rides"][0]["order"]["id"]
    slip = ok(await office.get("dispatcher", f"/orders/{order_id}/slip", format="json"))
    approvals = next(item["text"] for item in slip["items"] if item["key"] == "approvals")
    assert "同意 用车审核领导" in approvals
    async with transaction(office.sessions) as session:
        assert not any(await session.scalars(select(Request.may_share)))
    open_still = {"revision": mission["revision"]}
    problem(await office.post("dispatcher", f"{path}/archive", open_still), "mission-open", 409)


async def test_only_who_is_named_reads_a_mission_and_others_find_its_vehicles_busy(
    office: Office,
) -> None:
    mission = await issued(office)
    path, ride = f"/missions/{mission['id']}", mission["rides"][0]
    order, request = ride["order"]["id"], ride["request_id"]
    for named in ("dispatcher", "applicant_a", "clerk_a", "approver_a"):
        assert ok(await office.get(named, path))["title"] == "年度工作会议"
    for other in ("supervisor", "authority", "approver_b", "manager", "driver_b1"):
        problem(await office.get(other, path), "not-found", 404)
        problem(await office.get(other, f"{path}/arrivals"), "not-found", 404)
        assert ok(await office.get(other, "/missions"))["items"] == []
    # The unit's other readers see neither request nor order of it, in lists and one by one.
    for other in ("supervisor", "approver_a"):
        problem(await office.get(other, f"/orders/{order}"), "not-found", 404)
        problem(await office.get(other, f"/requests/{request}"), "not-found", 404)
        assert ok(await office.get(other, "/orders"))["items"] == []
    answer = await office.get("clerk_a", "/orders.csv", zone="utc")
    assert ride["order"]["vehicle"]["plate"] not in answer.text
    window = {"start": mission["gather_at"], "end": mission["period"]["end"]}
    busy = ok(await office.get("supervisor", "/missions/busy", **window))["items"]
    plates = {one["order"]["vehicle"]["plate"] for one in mission["rides"]}
    assert {one["vehicle"]["plate"] for one in busy} == plates
    assert all(one.keys() == {"vehicle", "period"} for one in busy)
    async with transaction(office.sessions) as session:
        looks = select(JournalEntry.actor_name).where(
            JournalEntry.action == "mission.read", JournalEntry.object_id == mission["id"]
        )
        assert sorted(await session.scalars(looks)) == [
            "applicant_a",
            "approver_a",
            "clerk_a",
            "dispatcher",
        ]


async def test_who_runs_a_mission_is_journalled_reading_its_orders_and_who_drives_is_not(
    office: Office,
) -> None:
    mission = await issued(office)
    order = mission["rides"][0]["order"]
    driver = next(
        key for key, d in office.world.drivers.items() if str(d.id) == order["driver"]["id"]
    )
    for path in (f"/orders/{order['id']}", f"/orders/{order['id']}", f"/orders/{order['id']}/slip"):
        for reader in ("dispatcher", f"driver_{driver}"):
            assert (await office.get(reader, path)).status_code == 200
    other = await office.assigned("b1", "b1")
    ok(await office.get("dispatcher", f"/orders/{other['id']}"))
    async with transaction(office.sessions) as session:
        looks = select(JournalEntry.actor_name, JournalEntry.object_id).where(
            JournalEntry.action == "mission.order.read"
        )
        found = [(name, str(id)) for name, id in await session.execute(looks)]
    # A page that stays open asks again and again: one entry says that it is looked at.
    assert found == [("dispatcher", order["id"])]


async def test_nobody_approves_a_mission_that_is_their_own(office: Office) -> None:
    approver = str(office.world.people["approver_a"].id)
    mission = await written(office, liaison_id=approver)
    path, body = f"/missions/{mission['id']}/approve", {"revision": mission["revision"]}
    problem(await office.post("approver_a", path, body), "own-approval", 403)
    problem(await office.post("dispatcher", path, body), "own-approval", 403)
    riding = [{"passengers": 2, "passenger_id": approver}]
    mission = await written(office, rides=riding)
    path = f"/missions/{mission['id']}/approve"
    problem(await office.post("approver_a", path, body), "own-approval", 403)


async def test_a_mission_that_was_sent_back_is_written_anew_and_approved(office: Office) -> None:
    mission = await written(office)
    mission = await act(office, "approver_a", mission, "send_back", reason="车辆过多")
    changes = {"rides": [{"count": 2, "passengers": 3}], "revision": mission["revision"]}
    stale = plan(office, **{**changes, "revision": 1})
    path = f"/missions/{mission['id']}"
    client = await office.client("dispatcher")
    problem(await client.put(f"/api/v1{path}", json=stale), "stale-revision", 409)
    mission = ok(await client.put(f"/api/v1{path}", json=plan(office, **changes)))
    assert (mission["vehicles"], mission["standbys"]) == (2, 0)
    mission = await act(office, "dispatcher", mission, "submit")
    mission = await act(office, "approver_a", mission, "approve")
    assert mission["approved_by"]["name"] == "用车审核领导"
    late = plan(office, **{**changes, "revision": mission["revision"]})
    problem(await client.put(f"/api/v1{path}", json=late), "step-not-allowed", 409)


async def test_guard_duty_is_refused_and_repeated_nowhere(office: Office) -> None:
    for told in ({"title": "一号警 卫任务"}, {"plan": "要人保卫路线"}):
        refused = await office.post("dispatcher", "/missions", plan(office, **told))
        problem(refused, "guard-duty", 422)
        assert next(iter(told.values())) not in refused.text
    assert ok(await office.get("dispatcher", "/missions"))["items"] == []


async def test_a_plan_that_is_no_plan_is_refused(office: Office) -> None:
    start = instant(plan(office)["start"])
    for kind, told in (
        ("gather-after-start", {"gather_at": (start + timedelta(minutes=1)).isoformat()}),
        ("too-many-rides", {"rides": [{"count": 500, "passengers": 1}, {"passengers": 1}]}),
        ("more-passengers-than-seats", {"rides": [{"passengers": 150}]}),
        (
            "ride-outside-mission",
            {"rides": [{"passengers": 1, "end": (start + timedelta(days=2)).isoformat()}]},
        ),
        ("unknown-person-named", {"reader_ids": ["01890000-0000-7000-8000-000000000000"]}),
        (
            "runner-may-not-dispatch",
            {"runner_ids": [str(office.world.people["clerk_a"].id)]},
        ),
    ):
        problem(await office.post("dispatcher", "/missions", plan(office, **told)), kind, 422)


async def test_a_plan_with_a_ride_that_no_car_can_drive_is_refused_naming_the_ride(
    office: Office,
) -> None:
    # 111 km in a straight line: 55.6 min at 120 km/h, one way.
    far = {"name": "邻市会场", "latitude": LATITUDE + 1.0, "longitude": LONGITUDE}
    gather_at = instant(plan(office)["gather_at"])

    def in_minutes(minutes: int) -> list[Json]:
        end = (gather_at + timedelta(minutes=minutes)).isoformat()
        return [{"count": 2, "passengers": 3}, {"passengers": 2, "destination": far, "end": end}]

    at = {"gather_at": gather_at.isoformat()}
    too_short = plan(office, rides=in_minutes(55), **at)
    refused = problem(
        await office.post("dispatcher", "/missions", too_short), "ride-too-short", 422
    )
    assert (refused["position"], refused["name"], refused["least_minutes"]) == (3, "邻市会场", 56)
    drivable = plan(office, rides=in_minutes(56), draft=True, **at)
    mission = ok(await office.post("dispatcher", "/missions", drivable), 201)
    client, path = await office.client("dispatcher"), f"/api/v1/missions/{mission['id']}"
    changed = too_short | {"revision": mission["revision"]}
    problem(await client.put(path, json=changed), "ride-too-short", 422)


async def test_a_vehicle_that_was_promised_meanwhile_takes_no_slip_of_the_others_with_it(
    office: Office,
) -> None:
    mission = await planned(office)
    ride = mission["rides"][1]
    taken = next(
        key for key, v in office.world.vehicles.items() if str(v.id) == ride["vehicle"]["id"]
    )
    driver = next(
        key for key, d in office.world.drivers.items() if str(d.id) == ride["driver"]["id"]
    )
    start = instant(mission["period"]["start"])
    request = await office.approved(
        start=start.isoformat(), end=(start + timedelta(hours=1)).isoformat()
    )
    ok(await office.assign(request, taken, driver), 201)
    answer = ok(await office.post("dispatcher", f"/missions/{mission['id']}/slips", {}))
    assert (answer["issued"], answer["refused"]) == (3, [ride["id"]])
    left = answer["mission"]["rides"][1]
    assert left["vehicle"] is None
    assert "vehicle-busy" in left["note"]
    numbers = [number(one) for one in answer["mission"]["rides"] if one["order"]]
    assert numbers == list(range(2, 5))
    # Planned anew, another vehicle is found for it, and the numbers go on.
    again = ok(await office.post("dispatcher", f"/missions/{mission['id']}/plan"))
    assert again["rides"][1]["vehicle"]["id"] != ride["vehicle"]["id"]
    last = ok(await office.post("dispatcher", f"/missions/{mission['id']}/slips", {}))
    assert number(last["mission"]["rides"][1]) == 5


async def test_a_standby_takes_a_vehicles_place_in_one_tap(office: Office) -> None:
    mission = await issued(office)
    path, (first, _, _, standby) = f"/missions/{mission['id']}", mission["rides"]
    replace = f"{path}/rides/{first['id']}/replace"
    mission = ok(await office.post("dispatcher", replace, {"reason": "故障"}))
    order = mission["rides"][0]["order"]
    assert order["id"] == first["order"]["id"]
    assert order["vehicle"] == standby["order"]["vehicle"]
    assert order["driver"] == standby["order"]["driver"]
    ended = mission["rides"][3]
    assert (ended["order"]["state"], ended["note"]) == ("cancelled", "顶替第 1 号车")
    assert ended["order"]["slip"]["void_at"] is not None
    again = await office.post("dispatcher", replace, {"reason": "故障"})
    problem(again, "no-standby-left", 409)
    problem(
        await office.post(
            "dispatcher", f"{path}/rides/{standby['id']}/replace", {"reason": "故障"}
        ),
        "nothing-to-replace",
        409,
    )


async def test_a_cancelled_mission_frees_its_vehicles_and_voids_its_slips(office: Office) -> None:
    mission = await issued(office)
    mission = await act(office, "dispatcher", mission, "cancel", reason="会议延期")
    assert (mission["state"], mission["slips"]) == ("cancelled", 0)
    assert {ride["order"]["state"] for ride in mission["rides"]} == {"cancelled"}
    again = await issued(office)
    assert again["slips"] == 4


async def test_the_convoy_is_put_into_another_order_and_its_people_are_named_anew(
    office: Office,
) -> None:
    mission = await written(office)
    ids = [ride["id"] for ride in mission["rides"]]
    client, path = await office.client("dispatcher"), f"/api/v1/missions/{mission['id']}"
    turned = await client.put(f"{path}/convoy-order", json={"ride_ids": ids[::-1]})
    assert [ride["id"] for ride in ok(turned)["rides"]] == ids[::-1]
    short = await client.put(f"{path}/convoy-order", json={"ride_ids": ids[1:]})
    problem(short, "not-a-convoy-order", 422)
    people = office.world.people
    named = {
        "reader_ids": [str(people["approver_b"].id)],
        "runner_ids": [str(people["dispatcher"].id)],
    }
    ok(await client.put(f"{path}/people", json=named))
    ok(await office.get("approver_b", f"/missions/{mission['id']}"))
    problem(await office.get("clerk_a", f"/missions/{mission['id']}"), "not-found", 404)


async def test_the_board_says_who_has_no_vehicle_and_who_is_not_heard_of(office: Office) -> None:
    mission = await planned(office)
    ok(await office.post("dispatcher", f"/missions/{mission['id']}/slips", {"most": 2}))
    board = ok(await office.get("applicant_a", f"/missions/{mission['id']}/arrivals"))
    assert [one["standing"] for one in board["items"]] == [
        "not_departed",
        "not_departed",
        "unassigned",
        "unassigned",
    ]
    assert board["counts"]["unassigned"] == 2
    assert board["assembly"]["latitude"] == LATITUDE


async def test_a_vehicle_that_was_taken_from_a_mission_is_missed_on_the_board(
    office: Office,
) -> None:
    mission = await issued(office)
    path, lost = f"/missions/{mission['id']}", mission["rides"][1]["order"]
    before = ok(await office.get("dispatcher", f"{path}/arrivals"))
    assert before["counts"]["unassigned"] == 0
    order = ok(await office.get("dispatcher", f"/orders/{lost['id']}"))
    ok(await office.step("dispatcher", order, "undo"))
    board = ok(await office.get("dispatcher", f"{path}/arrivals"))
    assert (board["counts"]["unassigned"], board["counts"]["over"]) == (1, 0)
    item = board["items"][1]
    assert (item["standing"], item["vehicle"], item["order_id"]) == ("unassigned", None, None)
    # Where the mission stands is told by its rides: it waits again, and is assigned again.
    assert await states_of(office, path, "awaiting_dispatch") == ["awaiting_dispatch"] * 2
    mission = ok(await office.get("dispatcher", path))
    assert mission["actions"] == ["cancel"]
    told = {"revision": mission["revision"]}
    problem(await office.post("dispatcher", f"{path}/archive", told), "step-not-allowed", 409)
    ok(await office.post("dispatcher", f"{path}/plan"))
    ok(await office.post("dispatcher", f"{path}/slips", {}))
    assert await states_of(office, path, "assigned") == ["assigned"] * 2


async def states_of(office: Office, path: str, asked: str) -> list[str]:
    """Return a mission's state as it is shown alone, and as lists of this state show it."""
    shown = ok(await office.get("dispatcher", path))["state"]
    listed = ok(await office.get("dispatcher", "/missions", state=asked))["items"]
    return [shown, *(one["state"] for one in listed)]
