"""Whoever has accepted is asked before their order changes: a yes of all, or everything stays."""

from datetime import timedelta

from sqlalchemy import select, update

from dispatch.automatic.improving import improvable
from dispatch.tables import ExchangeProposal
from fleet.tables import JournalEntry, Vehicle
from fleet.words import Category
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.automatic.conftest import Made
from tests.dispatch.automatic.telling import order_of
from tests.dispatch.automatic.test_improving import two_assigned
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.dispatch.test_suggestions import see


async def accepted(
    office: Office, dispatcher: Made, *drivers: str, **changes: object
) -> tuple[Json, Json]:
    """Let two vehicles cross whose drivers have accepted, as far as they are named."""
    south, north = await two_assigned(office, dispatcher, **changes)
    for driver, request in (("driver_a1", south), ("driver_a2", north)):
        if driver in drivers:
            ok(await office.step(driver, await order_of(office, request), "accept"))
    await dispatcher().step()
    return south, north


async def asked(office: Office, driver: str) -> list[Json]:
    items: list[Json] = ok(await office.get(driver, "/proposals"))["items"]
    return items


async def say(office: Office, driver: str, proposal: Json, *, agree: bool) -> Json:
    path = f"/proposals/{proposal['id']}/answer"
    return ok(await office.post(driver, path, {"agree": agree}))


async def plates(office: Office, *requests: Json) -> list[str]:
    return [(await order_of(office, one))["vehicle"]["plate"] for one in requests]


async def states(office: Office) -> list[str]:
    async with office.sessions() as session:
        rows = select(ExchangeProposal.state).order_by(ExchangeProposal.id)
        return list(await session.scalars(rows))


def both(office: Office) -> list[str]:
    return [office.world.vehicles[one].plate for one in ("a1", "a2")]


async def test_orders_are_exchanged_once_all_who_have_accepted_agree(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await accepted(desk_of, dispatcher, "driver_a1", "driver_a2")
    before = [await order_of(desk_of, one) for one in (south, north)]
    [mine], [theirs] = await asked(desk_of, "driver_a1"), await asked(desk_of, "driver_a2")
    assert mine["order_id"] == before[0]["id"]
    assert theirs["order_id"] == before[1]["id"]
    assert mine["instead"]["origin"]["name"] == "北站"
    assert theirs["instead"]["origin"]["name"] == "甲局"
    assert instant(mine["expires_at"]) <= utc_now() + timedelta(minutes=2)

    stranger = f"/proposals/{mine['id']}/answer"
    problem(await desk_of.post("driver_b1", stranger, {"agree": True}), "not-found", 404)
    assert (await say(desk_of, "driver_a1", mine, agree=True))["answer"] == "agreed"
    assert (await say(desk_of, "driver_a1", mine, agree=True))["answer"] == "agreed", "a repeat"
    await dispatcher().step()
    assert await plates(desk_of, south, north) == both(desk_of), "one of two has agreed"

    await say(desk_of, "driver_a2", theirs, agree=True)
    system = dispatcher()
    await system.step()
    assert system.state.reassigned == 2
    assert await plates(desk_of, south, north) == both(desk_of)[::-1]
    after = [await order_of(desk_of, one) for one in (south, north)]
    assert [one["state"] for one in after] == ["accepted", "accepted"], "nobody taps twice"
    for one, was in zip(after, before, strict=True):
        assert instant(one["promised_pickup_at"]) <= instant(was["promised_pickup_at"])
    assert await states(desk_of) == ["exchanged"]
    problem(await desk_of.post("driver_a1", stranger, {"agree": True}), "proposal-over", 409)
    async with desk_of.sessions() as session:
        told = select(JournalEntry.action, JournalEntry.actor_name).where(
            JournalEntry.object_kind == "exchange_proposal"
        )
        rows = (await session.execute(told.order_by(JournalEntry.no))).all()
    assert [row.action.removeprefix("exchange_proposal.") for row in rows] == [
        *("propose", "answer", "answer", "end")
    ]
    assert [row.actor_name for row in rows][1:3] == ["driver_a1", "driver_a2"]


async def test_drivers_are_asked_no_longer_than_every_promise_can_be_kept(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await two_assigned(desk_of, dispatcher)
    ok(await desk_of.step("driver_a1", await order_of(desk_of, south), "accept"))
    promised = instant((await order_of(desk_of, north))["promised_pickup_at"])
    # The way that is left takes longer than half a minute.
    at = promised - timedelta(seconds=150)
    await dispatcher(clock=lambda: at).step()
    [mine] = await asked(desk_of, "driver_a1")
    there = timedelta(seconds=mine["instead"]["arrival_s"])
    assert timedelta(seconds=30) < there
    assert at < instant(mine["expires_at"]) <= promised - there


async def test_a_driver_is_asked_about_one_order_at_a_time(
    desk_of: Office, dispatcher: Made
) -> None:
    await accepted(desk_of, dispatcher, "driver_a1")
    after = await desk_of.approved(start_in=timedelta(minutes=118), hours=1)
    await dispatcher().step()
    taken = await order_of(desk_of, after)
    assert taken["driver"]["name"] in {"驾驶员a1", "驾驶员a2"}
    async with desk_of.sessions() as session:
        assert await improvable(session, utc_now()) == []
    assert await states(desk_of) == ["open"]


async def test_nobody_is_asked_about_a_confidential_ride_however_urgent_it_is(
    desk_of: Office, dispatcher: Made
) -> None:
    async with transaction(desk_of.sessions) as session:
        await session.execute(update(Vehicle).values(category=Category.CONFIDENTIAL_COURIER))
    courier = {"category": "confidential_courier", "purpose": "emergency"}
    south, north = await accepted(desk_of, dispatcher, "driver_a1", **courier)
    assert await states(desk_of) == []
    assert await plates(desk_of, south, north) == both(desk_of)


async def test_a_declined_exchange_changes_nothing_and_is_asked_no_more(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await accepted(desk_of, dispatcher, "driver_a1")
    assert await asked(desk_of, "driver_a2") == [], "who has not accepted is not asked"
    [mine] = await asked(desk_of, "driver_a1")
    await say(desk_of, "driver_a1", mine, agree=False)
    await dispatcher().step()
    assert await plates(desk_of, south, north) == both(desk_of)
    assert await asked(desk_of, "driver_a1") == []
    assert await states(desk_of) == ["declined"]


async def test_without_an_answer_in_time_everything_stays(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await accepted(desk_of, dispatcher, "driver_a1")
    [mine] = await asked(desk_of, "driver_a1")
    late = instant(mine["expires_at"])
    await dispatcher(clock=lambda: late).step()
    assert await states(desk_of) == ["expired"]
    assert await plates(desk_of, south, north) == both(desk_of)


async def test_an_order_that_has_changed_ends_what_was_asked_about_it(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await accepted(desk_of, dispatcher, "driver_a1")
    [mine] = await asked(desk_of, "driver_a1")
    ok(await desk_of.step("driver_a2", await order_of(desk_of, north), "accept"))
    await say(desk_of, "driver_a1", mine, agree=True)
    await dispatcher().step()
    assert (await states(desk_of))[0] == "overtaken"
    assert await plates(desk_of, south, north) == both(desk_of)


async def test_agreed_exchanges_are_not_made_once_passengers_would_wait_longer(
    desk_of: Office, dispatcher: Made
) -> None:
    south, north = await accepted(desk_of, dispatcher, "driver_a1")
    [mine] = await asked(desk_of, "driver_a1")
    await say(desk_of, "driver_a1", mine, agree=True)
    # Each has driven back meanwhile to where it was promised.
    again = utc_now() + timedelta(seconds=2)
    await see(desk_of, "a1", 0.005, again)
    await see(desk_of, "a2", 0.085, again)
    await dispatcher().step()
    assert await plates(desk_of, south, north) == both(desk_of)
    assert await states(desk_of) == ["overtaken"]
