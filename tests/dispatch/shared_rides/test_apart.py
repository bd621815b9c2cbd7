"""What one passenger of a shared order does is theirs: confirming a ride, and not coming to it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from dispatch.shared_rides.store import calls_of
from dispatch.tables import Promise
from fleet.journal.tables import JournalEntry
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import DRIVE, Json, Office, instant, let_leave_early, ok, problem
from tests.dispatch.shared_rides.rides import A_TOLD, B_TOLD, asked, join

WHY_A, WHY_B = "甲局密谈超时", "乙局的乘车人没来"


async def shared(office: Office) -> tuple[Json, Json, Json]:
    """Return an order that two share, and their requests."""
    await let_leave_early(office)
    first = await asked(office, "a")
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await asked(office, "b")
    order = await join(office, second, order, override=True, reason="同去会议中心")
    return order, first, second


async def drive_on(office: Office, order: Json, *actions: str) -> Json:
    taps: dict[str, Json] = dict(DRIVE)
    for action in actions:
        order = ok(await office.step("driver_a1", order, action, **taps[action]))
    return order


async def seen(office: Office, who: str, request: Json) -> Json:
    return ok(await office.get(who, f"/requests/{request['id']}"))


async def test_each_passenger_confirms_their_own_ride_and_the_order_waits_for_all(
    office: Office,
) -> None:
    order, first, second = await shared(office)
    order = await office.drive(order)
    path = f"/orders/{order['id']}"

    async def confirm(who: str, **more: object) -> Any:
        revision = ok(await office.get(who, path))["revision"]
        return await office.post(who, f"{path}/confirm", {"revision": revision, **more})

    mine = ok(await confirm("applicant_a", reason=WHY_A))
    assert (mine["state"], mine["actions"]) == ("returned", [])
    assert (await seen(office, "applicant_a", first))["state"] == "confirming"
    problem(await confirm("applicant_a"), "step-not-allowed", 409)
    theirs = await office.get("applicant_b", path)
    assert theirs.json()["actions"] == ["confirm"]
    told = [theirs, *[await office.get("applicant_b", one) for one in ("/requests", "/orders")]]
    told.append(await office.get("applicant_b", f"/requests/{second['id']}"))
    assert [one.url for one in told if WHY_A in one.text] == []
    assert (await seen(office, "applicant_b", second))["state"] == "returned"
    problem(await office.step("dispatcher", mine, "accept_back"), "step-not-allowed", 409)
    done = ok(await confirm("applicant_b"))
    assert done["state"] == "confirming"
    assert (await seen(office, "applicant_b", second))["state"] == "confirming"
    order = ok(await office.get("dispatcher", path))
    archived = ok(await office.step("dispatcher", order, "accept_back"))
    assert archived["state"] == "archived"
    for unit, request in (("a", first), ("b", second)):
        assert (await seen(office, f"applicant_{unit}", request))["state"] == "archived"


async def test_who_does_not_come_ends_their_own_ride_and_the_others_are_driven_on(
    office: Office,
) -> None:
    order, first, second = await shared(office)
    order = await drive_on(office, order, "accept", "depart", "arrive")
    await due(office)
    path = f"/orders/{order['id']}"
    nobody = {"reason": WHY_B}
    problem(await office.step("driver_a1", order, "no_show", **nobody), "rider-not-named", 422)
    stranger = nobody | {"request_id": order["id"]}
    problem(await office.step("driver_a1", order, "no_show", **stranger), "not-in-this-order", 409)
    named = nobody | {"request_id": second["id"], "tapped_at": utc_now().isoformat()}
    order = ok(await office.step("driver_a1", order, "no_show", **named))
    assert (order["state"], order["no_show_at"]) == ("arrived", None)
    assert [one["id"] for one in order["requests"]] == [first["id"]]
    # What was sent again changes nothing.
    again = ok(await office.step("driver_a1", order, "no_show", **named))
    assert again["revision"] == order["revision"]
    gone = await seen(office, "applicant_b", second)
    assert (gone["state"], gone["state_reason"]) == ("archived", WHY_B)
    problem(await office.get("applicant_b", path), "not-found", 404)
    rides = await seen(office, "applicant_a", first)
    assert (rides["state"], rides["state_reason"]) == ("arrived", None)
    told = [await office.get("applicant_a", one) for one in (path, "/requests", "/orders")]
    told.append(await office.get("applicant_a", f"{path}/slip?format=json"))
    assert [one.url for one in told if WHY_B in one.text or B_TOLD in one.text] == []
    slip = ok(await office.get("driver_a1", f"{path}/slip", format="json"))
    assert {"passengers", "purpose"} <= {one["item"] for one in slip["amendments"]}
    changed = [one for one in slip["amendments"] if one["item"] == "purpose"]
    assert A_TOLD in changed[-1]["becomes"]
    assert B_TOLD not in changed[-1]["becomes"]
    order = await drive_on(office, order, "start_return", "return")
    assert order["state"] == "returned"
    mine = ok(await office.get("applicant_a", path))
    assert mine["actions"] == ["confirm"]


async def test_one_who_does_not_come_holds_nothing_for_longer_and_stays_their_units_matter(
    office: Office,
) -> None:
    order, first, second = await shared(office)
    order = await drive_on(office, order, "accept", "depart", "arrive")
    await due(office)
    path = f"/orders/{order['id']}"
    at = utc_now().isoformat()
    named = {"reason": WHY_A, "request_id": first["id"], "tapped_at": at}
    order = ok(await office.step("driver_a1", order, "no_show", **named))
    # Its vehicle, driver and dispatcher stay those who sent it out.
    assert order["unit"]["name"] == "甲局"
    assert ok(await office.get("clerk_a", path))["requests"] == []
    assert [one["request_id"] for one in order["calls"]] == []
    ends = instant(
        ok(await office.get("applicant_b", f"/requests/{second['id']}"))["period"]["end"]
    )
    assert instant(order["period"]["end"]) == ends
    async with office.sessions() as session:
        entry = (
            await session.scalars(
                select(JournalEntry).where(JournalEntry.action == "order.no_show")
            )
        ).one()
        calls = await calls_of(session, UUID(order["id"]))
    assert entry.organisation_no == office.world.organisations["a"].no
    assert {str(call.request_id) for call in calls or ()} == {second["id"]}
    # Two in one tap are two: the second ends the order.
    other = {**named, "request_id": second["id"]}
    order = ok(await office.step("driver_a1", order, "no_show", **other))
    assert order["state"] == "returning"


async def test_who_is_not_due_yet_is_not_absent_though_others_are(office: Office) -> None:
    order, first, second = await shared(office)
    order = await drive_on(office, order, "accept", "depart", "arrive")
    async with transaction(office.sessions) as session:
        ago = utc_now() - timedelta(minutes=10)
        await session.execute(
            update(Promise).where(Promise.request_id == UUID(first["id"])).values(pickup_at=ago)
        )
    for request, status in ((second, 409), (first, 200)):
        named = {"reason": "未到", "request_id": request["id"]}
        answer = await office.step("driver_a1", order, "no_show", **named)
        assert answer.status_code == status, answer.text


async def test_the_last_who_does_not_come_ends_the_order_as_ever(office: Office) -> None:
    order, first, second = await shared(office)
    order = await drive_on(office, order, "accept", "depart", "arrive")
    await due(office)
    for request, state in ((first, "arrived"), (second, "returning")):
        named = {"reason": "未到", "request_id": request["id"]}
        order = ok(await office.step("driver_a1", order, "no_show", **named))
        assert order["state"] == state
    assert order["no_show_at"] is not None
    assert (await seen(office, "applicant_b", second))["state"] == "returning"


async def due(office: Office) -> None:
    """Let everybody have been due a while ago."""
    async with transaction(office.sessions) as session:
        ago = utc_now() - timedelta(minutes=10)
        await session.execute(update(Promise).values(pickup_at=ago))
