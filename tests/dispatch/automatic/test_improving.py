"""Automatic assignments stay improvable: waiting is saved, promises and people's acts stand."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.automatic.desk import Desk
from dispatch.automatic.improving import improvable
from dispatch.automatic.improving import see as see_vehicles
from dispatch.automatic.state import Bounds
from dispatch.tables import AutoDispatchRound, Promise, SlipAmendment
from fleet.tables import JournalEntry
from kit.clock import utc_now
from tests.dispatch.automatic.conftest import LEASE, Made, straight
from tests.dispatch.automatic.telling import notes_of, order_of, said
from tests.dispatch.office import Json, Office, instant, ok
from tests.dispatch.test_suggestions import see
from tests.support.world import LATITUDE, LONGITUDE

FAR = {"name": "北站", "latitude": LATITUDE + 0.09, "longitude": LONGITUDE}


async def two_assigned(office: Office, dispatcher: Made, **changes: object) -> tuple[Json, Json]:
    """Assign a1 to the ride in the south and a2 to the one in the north, then let them cross."""
    await said(office, "assign", vehicles="own_unit", greatest_empty_m=50_000)
    await see(office, "a1", 0.05)
    south = await office.approved(start_in=timedelta(minutes=-5), **changes)
    await dispatcher().step()
    await see(office, "a2", 0.05)
    north = await office.approved(start_in=timedelta(minutes=-5), origin=FAR, **changes)
    await dispatcher().step()
    assert (await order_of(office, south))["vehicle"]["plate"] == _plate(office, "a1")
    assert (await order_of(office, north))["vehicle"]["plate"] == _plate(office, "a2")
    # What nobody could foresee: each has driven to where the other is needed.
    later = utc_now() + timedelta(seconds=1)
    await see(office, "a1", 0.085, later)
    await see(office, "a2", 0.005, later)
    return south, north


async def test_two_vehicles_change_their_rides_when_all_wait_less_and_no_promise_is_later(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await two_assigned(desk_of, dispatcher)
    before = {one["id"]: await order_of(desk_of, one) for one in (south, north)}
    system = dispatcher()
    await system.step()
    after = {one["id"]: await order_of(desk_of, one) for one in (south, north)}
    assert after[south["id"]]["vehicle"]["plate"] == _plate(desk_of, "a2")
    assert after[north["id"]]["vehicle"]["plate"] == _plate(desk_of, "a1")
    assert system.state.reassigned == 2
    for id, one in after.items():
        assert one["state"] == "assigned"
        told, was = one["promised_pickup_at"], before[id]["promised_pickup_at"]
        assert instant(told) <= instant(was)
    assert await notes_of(desk_of, north) == [("assigned", None), ("reassigned", None)]
    async with desk_of.sessions() as session:
        entries = (
            await session.scalars(
                select(JournalEntry).where(JournalEntry.action == "order.reassign")
            )
        ).all()
        assert [one.actor_name for one in entries] == ["system for dispatcher"] * 2
        assert all("少等" in (one.reason or "") for one in entries)
        amended = (await session.scalars(select(SlipAmendment))).all()
        assert len(amended) == 4, "plate and driver of each slip"
        kept = (
            await session.scalars(
                select(AutoDispatchRound).where(AutoDispatchRound.method == "improvement")
            )
        ).one()
        assert len(kept.requests) == 2
        told_by_system = await session.scalars(select(Promise.automatic))
        assert set(told_by_system) == {True}
    await dispatcher().step()
    assert len(await notes_of(desk_of, north)) == 2, "what is best already stays"


async def test_what_a_driver_has_accepted_or_a_person_has_set_is_not_changed(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await two_assigned(desk_of, dispatcher)
    order = await order_of(desk_of, south)
    ok(await desk_of.step("driver_a1", order, "accept"))
    await dispatcher().step()
    assert (await order_of(desk_of, south))["vehicle"]["plate"] == _plate(desk_of, "a1")
    assert await notes_of(desk_of, north) == [("assigned", None)]


async def test_a_better_vehicle_beyond_the_stated_limits_is_not_taken(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await two_assigned(desk_of, dispatcher)
    # Either way to be driven empty is some 560 m.
    await said(desk_of, "assign", vehicles="own_unit", greatest_empty_m=500)
    await dispatcher().step()
    for request, vehicle in ((south, "a1"), (north, "a2")):
        assert (await order_of(desk_of, request))["vehicle"]["plate"] == _plate(desk_of, vehicle)


async def test_exchanges_keep_to_the_changes_that_a_minute_may_see(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await two_assigned(desk_of, dispatcher)
    # Two were assigned within this minute, and an exchange changes two more.
    await dispatcher(bounds=Bounds(per_minute=3)).step()
    for request, vehicle in ((south, "a1"), (north, "a2")):
        assert (await order_of(desk_of, request))["vehicle"]["plate"] == _plate(desk_of, vehicle)


async def test_an_assignment_that_a_person_has_changed_stays_as_they_left_it(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await two_assigned(desk_of, dispatcher)
    order = await order_of(desk_of, north)
    body = {
        "revision": order["revision"],
        "reason": "会议延长",
        "end": (instant(order["period"]["end"]) + timedelta(minutes=30)).isoformat(),
    }
    ok(await desk_of.post("dispatcher", f"/orders/{order['id']}/extend", body))
    await dispatcher().step()
    for request, vehicle in ((south, "a1"), (north, "a2")):
        assert (await order_of(desk_of, request))["vehicle"]["plate"] == _plate(desk_of, vehicle)


async def test_who_is_still_out_is_free_for_no_exchange(desk_of: Office, dispatcher: Made) -> None:
    """Their next ride is theirs to keep, and no other begins before they are back."""
    await said(desk_of, "assign", vehicles="own_unit")
    out = await desk_of.assigned("a3", "a1", start_in=timedelta(minutes=-14), hours=0.25)
    await desk_of.drive(out, until="depart")
    await desk_of.assigned("a2", "a2", start_in=timedelta(minutes=30))
    await see(desk_of, "a1", 0.01)
    await desk_of.approved(start_in=timedelta(minutes=40))
    await dispatcher().step()
    later = utc_now() + timedelta(minutes=5)
    async with desk_of.sessions() as session:
        (one,) = await improvable(session, later)
    desk = Desk(desk_of.sessions, "worker", {}, LEASE, straight, lambda: later)
    held = next(iter(one.held.values())).promised
    crew = (await see_vehicles(desk, one)).by_no[held.vehicle_no].drivers
    assert held.driver_no == desk_of.world.drivers["a1"].no
    assert all(driver.busy_until is not None for driver in crew)


def _plate(office: Office, vehicle: str) -> str:
    return office.world.vehicles[vehicle].plate
