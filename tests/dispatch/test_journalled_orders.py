"""What the journal keeps of an order and of the requests that it serves."""

from sqlalchemy import select

from fleet.tables import JournalEntry
from tests.dispatch.office import Json, Office, instant, ok


async def entries_of(office: Office, *actions: str) -> list[JournalEntry]:
    async with office.sessions() as session:
        rows = select(JournalEntry).where(JournalEntry.action.in_(actions))
        return list(await session.scalars(rows.order_by(JournalEntry.no)))


async def test_an_assignment_is_told_with_what_stood_before_it(office: Office) -> None:
    order = await office.assigned("a1", "a1")
    asked, assigned = await entries_of(office, "request.create", "order.assign")
    assert asked.before == {"state": None}
    assert asked.after is not None
    assert (asked.after["state"], asked.after["passengers"]) == ("unit_review", 2)
    request_id = order["requests"][0]["id"]
    waiting = {"id": request_id, "state": "awaiting_dispatch", "promised_pickup_at": None}
    assert assigned.before == {"state": "awaiting_dispatch", "requests": [waiting]}
    assert assigned.after is not None
    after: Json = assigned.after
    (served,) = after["requests"]
    assert (served["id"], served["state"]) == (request_id, "assigned")
    assert instant(served["promised_pickup_at"]) == instant(order["promised_pickup_at"])
    told = {name: after[name] for name in ("state", "plate", "driver", "slip", "cross_unit")}
    assert told == {
        "state": "assigned",
        "plate": order["vehicle"]["plate"],
        "driver": order["driver"]["name"],
        "slip": order["slip"]["number_text"],
        "cross_unit": "否",
    }


async def test_a_cancelled_request_and_its_order_are_told_each_by_itself(office: Office) -> None:
    order = await office.assigned()
    path = f"/requests/{order['requests'][0]['id']}"
    request = ok(await office.get("applicant_a", path))
    body = {"revision": request["revision"], "reason": "会议取消"}
    ok(await office.post("applicant_a", f"{path}/cancel", body))
    ordered, asked = await entries_of(office, "order.cancel", "request.cancel")
    assert (str(ordered.object_id), str(asked.object_id)) == (order["id"], request["id"])
    assert ordered.reason == asked.reason == "会议取消"
    assert ordered.before is not None
    assert ordered.after is not None
    assert (ordered.before["state"], ordered.after["state"]) == ("assigned", "cancelled")
    after: Json = ordered.after
    (served,) = after["requests"]
    assert served["state"] == "cancelled"
    assert (asked.before, asked.after) == ({"state": "assigned"}, {"state": "cancelled"})


async def test_a_promise_that_is_taken_back_is_told_with_the_time_that_held(
    office: Office,
) -> None:
    order = await office.drive(await office.assigned(), until="depart")
    ok(await office.step("driver_a1", order, "breakdown", reason="发动机故障"))
    (entry,) = await entries_of(office, "order.breakdown")
    assert entry.before is not None
    assert entry.after is not None
    before: Json = entry.before
    after: Json = entry.after
    (held,), (left,) = before["requests"], after["requests"]
    assert instant(held["promised_pickup_at"]) == instant(order["promised_pickup_at"])
    assert (left["state"], left["promised_pickup_at"]) == ("awaiting_dispatch", None)
