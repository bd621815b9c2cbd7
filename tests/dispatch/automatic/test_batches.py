"""More requests than free vehicles: matched together, the urgent first, and the round explained."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.tables import AutoDispatchNote, AutoDispatchRound
from kit.clock import utc_now
from tests.dispatch.automatic.conftest import Made
from tests.dispatch.automatic.telling import notes_of, order_of, said, state_of
from tests.dispatch.office import Office, ok
from tests.dispatch.test_suggestions import see
from tests.support.world import LATITUDE, LONGITUDE

NORTH = {"name": "北站", "latitude": LATITUDE + 0.05, "longitude": LONGITUDE}
SOUTH = {"name": "南站", "latitude": LATITUDE + 0.04, "longitude": LONGITUDE}
FAR_NORTH = {"name": "机场", "latitude": LATITUDE + 0.09, "longitude": LONGITUDE}


async def test_an_emergency_asked_last_gets_the_vehicle_that_two_others_wait_for(
    desk_of: Office, dispatcher: Made
) -> None:
    await said(desk_of, "assign", vehicles="own_unit")
    await see(desk_of, "a1", 0.01)
    first = await desk_of.approved()
    second = await desk_of.approved()
    urgent = await desk_of.approved(purpose="emergency", start_in=timedelta(minutes=40))
    system = dispatcher()
    await system.step()
    assert await state_of(desk_of, urgent) == "assigned"
    for request in (first, second):
        assert await notes_of(desk_of, request) == [("left", "no_candidate")]
    async with desk_of.sessions() as session:
        kept = (await session.scalars(select(AutoDispatchRound))).one()
        note = await session.scalar(
            select(AutoDispatchNote).where(AutoDispatchNote.request_id == urgent["id"])
        )
    assert note is not None
    assert (note.round_id, kept.method) == (kept.id, "batch")
    assert {one["request"] for one in kept.requests} == {
        request["id"] for request in (first, second, urgent)
    }
    served = [one for one in kept.requests if one["vehicle_no"] is not None]
    assert [(one["request"], one["priority"]) for one in served] == [(urgent["id"], "emergency")]
    assert kept.versions["is_largest"] is True
    await see(desk_of, "a1", 0.2, utc_now() + timedelta(seconds=1))
    order = await order_of(desk_of, urgent)
    told = ok(await desk_of.get("dispatcher", f"/orders/{order['id']}/explanation"))
    assert "The round matched again: same matching." in told["lines"]
    assert told["replayed"] is True


async def test_a_batch_gives_each_the_vehicle_by_which_all_wait_least(
    desk_of: Office, dispatcher: Made
) -> None:
    """Greedy would give the first request a2, which is nearest to it, and the second a far a1."""
    await said(desk_of, "assign", vehicles="own_unit")
    await see(desk_of, "a1", 0.02)
    await see(desk_of, "a2", 0.044)
    first = await desk_of.approved(origin=SOUTH)
    second = await desk_of.approved(origin=NORTH)
    third = await desk_of.approved(origin=FAR_NORTH)
    system = dispatcher()
    await system.step()
    assert (await order_of(desk_of, first))["vehicle"]["plate"] == _plate(desk_of, "a1")
    assert (await order_of(desk_of, second))["vehicle"]["plate"] == _plate(desk_of, "a2")
    assert await notes_of(desk_of, third) == [("left", "no_candidate")]


async def test_a_freed_vehicle_goes_to_whoever_waits(desk_of: Office, dispatcher: Made) -> None:
    await said(desk_of, "assign", vehicles="own_unit")
    await see(desk_of, "a1", 0.01)
    served = await desk_of.approved()
    system = dispatcher()
    await system.step()
    waiting = await desk_of.approved()
    await system.step()
    assert await notes_of(desk_of, waiting) == [("left", "no_candidate")]
    order = await order_of(desk_of, served)
    body = {"revision": order["revision"], "reason": "会议取消"}
    answer = await desk_of.post("dispatcher", f"/orders/{order['id']}/cancel", body)
    assert answer.status_code == 200, answer.text
    await system.step()
    assert await state_of(desk_of, waiting) == "assigned"


def _plate(office: Office, vehicle: str) -> str:
    return office.world.vehicles[vehicle].plate
