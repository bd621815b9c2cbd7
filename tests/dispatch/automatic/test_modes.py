"""Off, suggest, assign: what the system does by itself, and in whose name."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.tables import OrderStep, Suggestion
from fleet.tables import JournalEntry
from kit.clock import utc_now
from tests.dispatch.automatic.conftest import Made
from tests.dispatch.automatic.telling import notes_of, order_of, said, state_of
from tests.dispatch.office import Office, ok
from tests.dispatch.test_suggestions import see


async def test_nothing_is_done_until_an_organisation_says_so(
    desk_of: Office, dispatcher: Made
) -> None:
    await see(desk_of, "a1", 0.01)
    request = await desk_of.approved()
    system = dispatcher()
    assert await system.step()
    assert await notes_of(desk_of, request) == []
    assert system.state.waiting == 0
    await said(desk_of, "assign")
    await said(desk_of, "off", "a")
    await dispatcher().step()
    assert await state_of(desk_of, request) == "awaiting_dispatch"


async def test_a_request_that_comes_finds_its_suggestion_stored_once(
    office: Office, dispatcher: Made
) -> None:
    await said(office, "suggest")
    await see(office, "a1", 0.01)
    request = await office.approved()
    system = dispatcher()
    await system.step()
    assert await notes_of(office, request) == [("suggested", None)]
    assert await state_of(office, request) == "awaiting_dispatch"
    await office.approved(start_in=timedelta(days=1))
    assert await system.step()
    async with office.sessions() as session:
        kept = (await session.scalars(select(Suggestion).order_by(Suggestion.id))).all()
    assert [str(one.request_id) == request["id"] for one in kept] == [True, False]
    assert office.world.vehicles["a1"].plate in str(kept[0].candidates[0]["vehicle"])
    assert system.state.suggested == 2


async def test_a_request_within_the_limits_is_assigned_in_the_duty_dispatchers_name(
    desk_of: Office, dispatcher: Made
) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.02)
    await see(desk_of, "a2", 0.01)
    request = await desk_of.approved()
    await dispatcher().step()
    order = await order_of(desk_of, request)
    assert order["vehicle"]["plate"] == desk_of.world.vehicles["a2"].plate
    slip = ok(await desk_of.get("dispatcher", f"/orders/{order['id']}/slip", format="json"))
    assert slip["dispatcher"] == "调度员"
    assert await notes_of(desk_of, request) == [("assigned", None)]
    async with desk_of.sessions() as session:
        step = (await session.scalars(select(OrderStep))).one()
        assert (step.automatic, step.actor_no) == (True, desk_of.world.people["dispatcher"].no)
        entry = await session.scalar(
            select(JournalEntry).where(JournalEntry.action == "order.assign")
        )
        assert entry is not None
        assert (entry.actor_no, entry.actor_name) == (None, "system for dispatcher")
        assert entry.reason is not None
        kept = (await session.scalars(select(Suggestion))).one()
        assert str(kept.chosen_order_id) == order["id"]


async def test_without_a_duty_dispatcher_nothing_is_assigned_until_somebody_is_on_duty(
    office: Office, dispatcher: Made
) -> None:
    await said(office, "assign")
    await see(office, "a1", 0.01)
    request = await office.approved()
    await dispatcher().step()
    assert await notes_of(office, request) == [("left", "no_duty_dispatcher")]
    async with office.sessions() as session:
        assert (await session.scalars(select(Suggestion))).one()
    now = utc_now()
    entry = {
        "organisation_id": str(office.world.organisations["bureau"].id),
        "kind": "regular_duty",
        "person_id": str(office.world.people["dispatcher"].id),
        "start": (now - timedelta(hours=1)).isoformat(),
        "end": (now + timedelta(hours=1)).isoformat(),
    }
    ok(await office.post("dispatcher", "/rosters", entry), 201)
    await dispatcher().step()
    assert await state_of(office, request) == "assigned"


async def test_what_a_person_has_undone_is_left_to_people(
    desk_of: Office, dispatcher: Made
) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.01)
    request = await desk_of.approved()
    system = dispatcher()
    await system.step()
    order = await order_of(desk_of, request)
    body = {"revision": order["revision"], "reason": "另有安排"}
    ok(await desk_of.post("dispatcher", f"/orders/{order['id']}/undo", body))
    assert await system.step()
    assert await notes_of(desk_of, request) == [("assigned", None), ("left", "taken_back")]
    assert await state_of(desk_of, request) == "awaiting_dispatch"
    start = utc_now() + timedelta(minutes=20)
    times = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
    awaits = ok(await desk_of.get("dispatcher", f"/requests/{request['id']}"))
    body = {"revision": awaits["revision"], "reason": "会议提前", **times}
    ok(await desk_of.post("dispatcher", f"/requests/{request['id']}/times", body))
    assert await system.step()
    assert await state_of(desk_of, request) == "awaiting_dispatch", "other times, the same will"
