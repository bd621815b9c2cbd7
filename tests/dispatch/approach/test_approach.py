"""The approach over HTTP: who sees the vehicle come, from when, and until when."""

from datetime import datetime, timedelta

from fastapi import FastAPI
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Range

from dispatch.tables import Order, Promise, Request
from fleet.journal.tables import JournalEntry
from fleet.tables import Person
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.dispatch.test_suggestions import see
from tests.support.world import LATITUDE, LONGITUDE
from tracking.live.index import LivePosition

PHONE = "13800001234"


async def approach(office: Office, request: Json, username: str = "applicant_a") -> Json:
    return ok(await office.get(username, f"/requests/{request['id']}/approach"))


async def depart(office: Office, order: Json) -> Json:
    return await office.drive(order, until="depart")


async def give_phone(office: Office) -> None:
    async with transaction(office.sessions) as session:
        driver_no = office.world.people["driver_a1"].no
        await session.execute(update(Person).where(Person.no == driver_no).values(phone=PHONE))


async def test_a_passenger_sees_the_vehicle_from_departure_until_the_ride(office: Office) -> None:
    await give_phone(office)
    asked = await office.approved(start_in=timedelta(minutes=50))
    assert (await approach(office, asked))["phase"] == "unassigned"

    order = ok(await office.assign(asked, "a1", "a1"), 201)
    await see(office, "a1", 0.02, utc_now() - timedelta(minutes=1))
    before = await approach(office, asked)
    assert (before["phase"], before["position"], before["arrival"]) == ("waiting", None, None)
    assert before["vehicle"]["plate"] == office.world.vehicles["a1"].plate
    assert before["driver"] == {"name": "驾驶员a1", "phone": PHONE}

    order = await depart(office, order)
    assert (await approach(office, asked))["position"] is None, "seen before the departure only"
    await see(office, "a1", 0.02)
    coming = await approach(office, asked)
    assert (coming["phase"], coming["state"]) == ("approaching", "departed")
    assert coming["position"]["latitude"] == LATITUDE + 0.02
    assert coming["arrival"]["travel_times"] == "straight_line"
    assert coming["arrival"]["route"] == []
    assert 300 < coming["arrival"]["seconds"] < 450
    assert coming["late_s"] is None

    await see(office, "a1", 0.01)
    nearer = await approach(office, asked)
    assert nearer["arrival"]["seconds"] < coming["arrival"]["seconds"] - 100

    await see(office, "a1", 0.0005)
    assert (await approach(office, asked))["phase"] == "here"
    await see(office, "a1", 0.01)
    riding = await approach(office, asked)
    assert (riding["phase"], riding["position"], riding["arrival"]) == ("under_way", None, None)

    for action, tap in (("arrive", {}), ("start_return", {}), ("return", {"odometer_m": 10**8})):
        order = ok(await office.step("driver_a1", order, action, **tap))
    over = await approach(office, asked)
    assert (over["phase"], over["position"], over["driver"]["phone"]) == ("over", None, None)


async def test_who_follows_a_vehicle_is_journalled_once_in_a_while(office: Office) -> None:
    asked = await office.approved()
    await depart(office, ok(await office.assign(asked, "a1", "a1"), 201))
    await see(office, "a1", 0.02)
    for _ in range(3):
        await approach(office, asked)
    await approach(office, asked, "dispatcher")
    async with transaction(office.sessions) as session:
        looks = select(func.count()).where(JournalEntry.action == "approach.read")
        assert await session.scalar(looks) == 2


async def test_the_approach_is_nobody_elses(office: Office) -> None:
    await give_phone(office)
    passenger = str(office.world.people["clerk_a"].id)
    asked = await office.approved(passenger_id=passenger)
    ok(await office.assign(asked, "a1", "a1"), 201)
    for username in ("applicant_a", "clerk_a", "dispatcher"):
        told = await approach(office, asked, username)
        whole = username != "applicant_a"
        assert told["driver"]["phone"] == (PHONE if whole else "138****1234"), username
    for username in ("approver_a", "supervisor", "manager", "driver_a1", "applicant_b"):
        answer = await office.get(username, f"/requests/{asked['id']}/approach")
        problem(answer, "not-found", 404)


async def test_an_old_position_tells_no_arrival_but_that_the_vehicle_is_late(
    office: Office,
) -> None:
    asked = await office.approved()
    order = await depart(office, ok(await office.assign(asked, "a1", "a1"), 201))
    departed_at = utc_now() - timedelta(minutes=20)
    await _backdate(office, order, departed_at, promised=utc_now() - timedelta(minutes=8.5))
    await see(office, "a1", 0.02, utc_now() - timedelta(minutes=4))
    told = await approach(office, asked)
    assert told["position"]["stale"] is True
    assert told["arrival"] is None
    assert 510 <= told["late_s"] < 540
    assert told["sentence"] == "预计比约定时间晚 9 分钟到达"


async def test_the_live_position_counts_before_the_stored_one(office: Office, app: FastAPI) -> None:
    asked = await office.approved()
    order = await depart(office, ok(await office.assign(asked, "a1", "a1"), 201))
    await _backdate(office, order, utc_now() - timedelta(minutes=5))
    await see(office, "a1", 0.03)
    now_s = int(utc_now().timestamp())
    place = LivePosition(
        office.world.vehicles["a1"].no, now_s, 1, LATITUDE + 0.02, LONGITUDE, 40.0, 180.0
    )
    app.state.live.index.put(place)
    told = await approach(office, asked)
    assert told["position"]["latitude"] == LATITUDE + 0.02
    assert told["position"]["course_deg"] == 180.0
    assert instant(told["position"]["seen_at"]).timestamp() == now_s


async def test_a_vehicle_that_is_out_for_somebody_else_is_not_shown(office: Office) -> None:
    other = await depart(office, ok(await office.assign(await office.approved(), "a1", "a1"), 201))
    now = utc_now()
    nearly_over = Range(now - timedelta(hours=2), now + timedelta(minutes=1), bounds="[)")
    async with transaction(office.sessions) as session:
        held = update(Order).where(Order.id == other["id"])
        await session.execute(held.values(period=nearly_over))
    asked = await office.approved(start_in=timedelta(minutes=10))
    ok(await office.assign(asked, "a1", "a1"), 201)
    await see(office, "a1", 0.02)
    told = await approach(office, asked)
    assert (told["phase"], told["position"], told["arrival"]) == ("approaching", None, None)
    ok(await office.step("driver_a1", other, "interrupt", reason="提前结束"))
    assert (await approach(office, asked))["position"]["latitude"] == LATITUDE + 0.02


async def test_a_cancelled_order_shows_nothing_of_its_vehicle(office: Office) -> None:
    asked = await office.approved()
    order = ok(await office.assign(asked, "a1", "a1"), 201)
    await see(office, "a1", 0.02)
    ok(await office.step("dispatcher", order, "cancel", reason="会议取消"))
    told = await approach(office, asked)
    assert (told["phase"], told["position"], told["state"]) == ("over", None, "cancelled")


async def test_an_undone_order_is_forgotten_until_the_next(office: Office) -> None:
    asked = await office.approved()
    order = ok(await office.assign(asked, "a1", "a1"), 201)
    ok(await office.step("dispatcher", order, "undo", revision=order["revision"]))
    told = await approach(office, asked)
    assert (told["phase"], told["vehicle"], told["driver"]) == ("unassigned", None, None)


async def _backdate(
    office: Office, order: Json, departed_at: datetime, promised: datetime | None = None
) -> None:
    """Let the order have departed then, and its pick-up be promised for then."""
    async with transaction(office.sessions) as session:
        found = (await session.scalars(select(Order).where(Order.id == order["id"]))).one()
        found.departed_at = departed_at
        if promised is not None:
            period = Range(promised, promised + timedelta(hours=2), bounds="[)")
            found.period = period
            for request in order["requests"]:
                await session.execute(
                    update(Request).where(Request.id == request["id"]).values(period=period)
                )
                told = update(Promise).where(Promise.request_id == request["id"])
                await session.execute(told.values(pickup_at=promised))
