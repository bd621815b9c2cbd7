"""A dispatcher's undo, a breakdown and a passenger who did not come."""

from sqlalchemy import select

from fleet.tables import JournalEntry
from tests.dispatch.office import Office, ok, problem


async def test_undone_assignment_voids_its_slip_and_sends_the_request_back(office: Office) -> None:
    order = await office.assigned("a1", "a1")
    assert "undo" in ok(await office.get("dispatcher", f"/orders/{order['id']}"))["actions"]
    problem(await office.step("dispatcher", order, "undo"), "revision-needed", 422)
    stale = {"revision": order["revision"] + 1}
    problem(await office.step("dispatcher", order, "undo", **stale), "stale-revision", 409)
    undone = ok(await office.step("dispatcher", order, "undo", revision=order["revision"]))
    assert (undone["state"], undone["steps"][-1]["action"]) == ("cancelled", "undo")
    assert undone["slip"]["void_at"] is not None
    async with office.sessions() as session:
        undoing = select(JournalEntry).where(JournalEntry.action == "order.undo")
        entry = (await session.scalars(undoing)).one()
    assert entry.before == {"state": "assigned"}
    assert entry.after is not None
    assert entry.after["state"] == "cancelled"
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
