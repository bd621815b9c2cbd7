"""Each unit reads its own riders of a shared order, and nothing of the other's."""

from tests.dispatch.office import Office, ok, problem
from tests.dispatch.shared_rides.rides import A_PLACE, A_TOLD, B_PLACE, B_TOLD, RIDERS, asked, join


async def test_each_unit_reads_its_own_riders_and_keeps_the_order_that_they_stay_in(
    office: Office, phones: None
) -> None:
    first = await asked(office, "a")
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await asked(office, "b")
    await join(office, second, order, override=True, reason="同去会议中心")
    path = f"/orders/{order['id']}"
    secrets = {
        "a": [A_TOLD, A_PLACE, *RIDERS["applicant_a"]],
        "b": [B_TOLD, B_PLACE, *RIDERS["applicant_b"]],
    }

    async def reads(who: str) -> str:
        asked_for = ("/orders", path, f"{path}/slip", f"{path}/slip?format=json")
        answers = [await office.get(who, one) for one in asked_for]
        assert {one.status_code for one in answers} == {200}, who
        return "".join(one.text for one in answers)

    for unit, other in (("a", "b"), ("b", "a")):
        for who in (f"clerk_{unit}", f"approver_{unit}"):
            read = await reads(who)
            assert [one for one in secrets[other] if one in read] == [], who
            assert secrets[unit][0] in read
    clerk = await reads("clerk_b")
    assert RIDERS["applicant_b"][1] in clerk, "a unit calls its own passengers"
    for who in ("dispatcher", "supervisor"):
        read = await reads(who)
        assert A_TOLD in read
        assert B_TOLD in read

    seen = ok(await office.get("applicant_a", f"/requests/{first['id']}"))
    gone = {"revision": seen["revision"], "reason": "甲局密会取消"}
    ok(await office.post("applicant_a", f"/requests/{first['id']}/cancel", gone))
    assert ok(await office.get("dispatcher", path))["unit"]["name"] == "乙局"
    for who in ("clerk_b", "approver_b", "applicant_b"):
        read = await reads(who)
        assert [one for one in (*secrets["a"], "甲局密会取消") if one in read] == [], who
        assert B_TOLD in read
    for who in ("clerk_a", "approver_a", "applicant_a"):
        problem(await office.get(who, path), "not-found", 404)
        assert ok(await office.get(who, "/orders"))["items"] == []
    # What changed since an old page was read is told no further than the page itself.
    stale = {"revision": 1, "reason": "?"}
    for action in ("confirm", "undo", "extend", "reassign"):
        body = stale | {"extend": {"end": order["period"]["end"]}}.get(action, {})
        if action == "reassign":
            body["vehicle_id"] = str(office.world.vehicles["a2"].id)
        told = problem(
            await office.post("applicant_b", f"{path}/{action}", body), "stale-revision", 409
        )
        assert [one["action"] for one in told["steps"]][-2:] == ["join", "leave"]
        assert [one for one in (*secrets["a"], "甲局密会取消") if one in str(told)] == []
    told = problem(await office.post("dispatcher", f"{path}/undo", stale), "stale-revision", 409)
    assert told["steps"][-1]["reason"] == "甲局密会取消"
