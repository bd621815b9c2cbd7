"""Whoever switches auto-dispatch off stops what is under way; a broken vehicle is not sent."""

import pytest

from dispatch.automatic.deciding import decide
from dispatch.automatic.desk import LEASES, Desk
from dispatch.automatic.exchanging import change
from dispatch.automatic.improving import better, improvable
from dispatch.automatic.waiting import awaiting
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.dispatch.automatic.conftest import LEASE, Made, straight
from tests.dispatch.automatic.telling import notes_of, order_of, said, state_of
from tests.dispatch.automatic.test_improving import two_assigned
from tests.dispatch.office import Office, ok
from tests.dispatch.test_suggestions import see


async def desk_held(sessions: Sessions) -> Desk:
    async with transaction(sessions) as session:
        await LEASES.prepare(session, 1)
        held = await LEASES.hold(session, "worker 1", 1, LEASE)
    return Desk(sessions, "worker 1", held, LEASE, straight, utc_now)


async def test_a_request_read_before_the_switch_went_off_is_not_assigned(desk_of: Office) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.01)
    request = await desk_of.approved()
    desk = await desk_held(desk_of.sessions)
    async with transaction(desk_of.sessions) as session:
        (waits,) = await awaiting(session, utc_now())
    await said(desk_of, "off")
    assert await decide(desk, waits, 100) is None
    assert await notes_of(desk_of, request) == []
    assert await state_of(desk_of, request) == "awaiting_dispatch"
    await said(desk_of, "assign")
    assert await decide(desk, waits, 100) is not None


@pytest.mark.parametrize("mode", ["off", "suggest"])
async def test_an_exchange_found_before_the_switch_went_off_is_not_made(
    desk_of: Office, dispatcher: Made, mode: str
) -> None:
    south, north = await two_assigned(desk_of, dispatcher)
    desk = await desk_held(desk_of.sessions)
    async with transaction(desk_of.sessions) as session:
        (one,) = await improvable(session, utc_now())
    (found,) = await better(desk, one)
    await said(desk_of, mode)
    before = [await order_of(desk_of, request) for request in (south, north)]
    assert not await change(desk, one, found, 100)
    assert [await order_of(desk_of, request) for request in (south, north)] == before
    await said(desk_of, "assign")
    assert await change(desk, one, found, 100)


async def test_a_vehicle_that_broke_down_is_not_assigned_to_the_same_passengers(
    desk_of: Office, dispatcher: Made
) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.001)
    await see(desk_of, "a2", 0.05)
    order = await desk_of.drive(await desk_of.assigned("a1", "a1"), until="depart")
    ok(await desk_of.step("driver_a1", order, "breakdown", reason="发动机故障"))
    await dispatcher().step()
    again = await order_of(desk_of, order["requests"][0])
    assert again["id"] != order["id"]
    assert again["vehicle"]["plate"] == desk_of.world.vehicles["a2"].plate
