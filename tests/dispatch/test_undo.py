"""A dispatcher's undo, a breakdown and a passenger who did not come."""

from sqlalchemy import select

from fleet.tables import JournalEntry
from tests.dispatch.office import Office, ok, problem


async def test_undone_assignment_voids_its_slip_and_sends_the_request_back(office: Office) -> None:
    order = await office.assigned("a1", "a1")
    assert "undo" in ok(await office.get("dispatcher", f"/orders/{order['id']}"))["actions"]
    by_nothing = await office.step("dispatcher", order, "undo", revision=None)
    assert problem(by_nothing, "revision-needed", 422)["revision"] == order["revision"]
    stale = {"revision": order["revision"] + 1}
    problem(await office.step("dispatcher", order, "undo", **stale), "stale-revision", 409)
    undone = ok(await office.step("dispatcher", order, "undo", revision=order["revision"]))
    assert (undone["state"], undone["steps"][-1]["action"]) == ("cancelled", "undo")
    assert undone["slip"]["void_at"] is not None
    async with office.sessions() as session:
        undoing = select(JournalEntry).where(JournalEntry.action == "order.undo")
        entry = (await session.scalars(undoing)).one()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["state"], entry.after["state"]) == ("assigned", "cancelled")
    slip = ok(await office.get("dispatcher", f"/orders/{order['id']}/slip", format="json"))
    assert slip["void_reason"] == "撤销派车"
    request = ok(await office.get("applicant_a", f"/requests/{order['requests'][0]['id']}"))
    assert (request["state"], request["order"]) == ("awaiting_dispatch", None)
    assert request["steps"][-1]["action"] == "undo"
    again = ok(await office.assign(request, "a1", "a2"), 201)
    assert again["slip"]["number_text"].endswith("0002号")
    assert (
        ok(await office.get("applicant_a", f"/requests/{request['id']}"))["order"]["id"]
        == (again["id"])
    )


async def test_what_a_driver_has_accepted_is_not_undone(office: Office) -> None:
    order = await office.drive(await office.assigned(), until="accept")
    told = problem(await office.step("dispatcher", order, "undo"), "step-not-allowed", 409)
    assert "cancel" in told["actions"]


async def test_nobody_but_the_dispatcher_undoes(office: Office) -> None:
    order = await office.assigned()
    for who in ("driver_a1", "applicant_a"):
        problem(await office.step(who, order, "undo"), "step-not-yours", 403)


async def test_breakdown_ends_the_order_and_its_request_awaits_another_vehicle(
    office: Office,
) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    problem(await office.step("driver_a1", order, "breakdown"), "reason-needed", 422)
    broken = ok(await office.step("driver_a1", order, "breakdown", reason="发动机故障"))
    assert broken["state"] == "interrupted"
    assert broken["slip"]["void_at"] is None
    request = ok(await office.get("applicant_a", f"/requests/{order['requests'][0]['id']}"))
    assert (request["state"], request["state_reason"]) == ("awaiting_dispatch", "发动机故障")
    second = ok(await office.assign(request, "a2", "a2", reason="救援"), 201)
    assert (await office.drive(second, "driver_a2"))["state"] == "returned"


async def test_whoever_decides_by_a_page_says_which_revision_it_showed(office: Office) -> None:
    order = await office.assigned()

    async def refused(who: str, action: str, **tap: object) -> None:
        answer = await office.step(who, order, action, revision=None, **tap)
        problem(answer, "revision-needed", 422)

    await refused("dispatcher", "cancel", reason="会议取消")
    order = await office.drive(order, until="arrive")
    for action in ("no_show", "breakdown", "interrupt"):
        await refused("dispatcher", action, reason="来电告知")
    for action, tap in (("start_return", {}), ("return", {"odometer_m": 52_034_600})):
        order = ok(await office.step("driver_a1", order, action, **tap))
    await refused("applicant_a", "confirm")
    order = ok(await office.step("applicant_a", order, "confirm"))
    await refused("dispatcher", "accept_back")
    behind = await office.step("dispatcher", order, "accept_back", revision=order["revision"] - 1)
    (since,) = problem(behind, "stale-revision", 409)["steps"]
    assert since["action"] == "confirm"
    ok(await office.step("dispatcher", order, "accept_back"))
