"""A vehicle that stands sealed is neither suggested nor promised, but in an emergency or filed."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range

from dispatch.words import FilingKind
from fleet.acts import Act
from fleet.sealings.schemas import NewSealing
from fleet.sealings.sealings import end_sealing, order_sealing
from fleet.sealings.standing import UnitVehicle, standing_in
from fleet.sealings.tables import Sealing
from fleet.sealings.windows import SealedDays
from fleet.words import Category
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import Sessions, transaction
from tests.dispatch.office import Json, Office, instant, ok, problem
from tests.support.world import World

TOMORROW = timedelta(days=1)


async def seal(
    sessions: Sessions,
    world: World,
    start: datetime,
    end: datetime,
    by: str = "a",
    **changes: object,
) -> Sealing:
    scope = frozenset(one.no for one in world.organisations.values())
    async with transaction(sessions) as session:
        body = NewSealing.model_validate(
            {"name": "国庆封存", "basis": "封存的通知", "start": start, "end": end} | changes
        )
        return await order_sealing(
            session, Act(None, utc_now()), body, world.organisations[by], scope
        )


async def suggested(office: Office, request: Json) -> tuple[set[str], dict[str, str]]:
    """Return the plates suggested, and the rule that left each other one out."""
    shown = ok(await office.post("dispatcher", f"/requests/{request['id']}/suggestions"), 201)
    left_out = {one["vehicle"]["plate"]: one["sentence"] for one in shown["left_out"]}
    return {one["vehicle"]["plate"] for one in shown["candidates"]}, left_out


async def filed(office: Office, start: datetime, end: datetime, kind: FilingKind) -> Json:
    body = {
        "vehicle_id": str(office.world.vehicles["a1"].id),
        "kind": kind,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "reason": "值班",
    }
    return ok(await office.post("clerk_a", "/filings", body), 201)


async def test_a_sealed_vehicle_is_neither_suggested_nor_assigned(office: Office) -> None:
    request = await office.approved(start_in=TOMORROW)
    start, end = instant(request["period"]["start"]), instant(request["period"]["end"])
    exempt = [str(office.world.vehicles["a2"].id)]
    last_second = end - timedelta(seconds=1), end + timedelta(days=1)
    await seal(office.sessions, office.world, *last_second, exempt_vehicle_ids=exempt)
    await seal(office.sessions, office.world, start - timedelta(days=2), start, name="前一日封存")
    plates, left_out = await suggested(office, request)
    assert "示A10001" not in plates
    assert "示A10002" in plates
    assert left_out["示A10001"] == "该时段车辆封存：国庆封存"
    refused = problem(await office.assign(request, "a1", "a1"), "vehicle-sealed", 409)
    assert "国庆封存" in refused["detail"]
    assert instant(refused["start"]) == last_second[0]
    ok(await office.assign(request, "a2", "a2"), 201)


async def test_a_sealed_vehicle_serves_an_emergency(office: Office) -> None:
    await seal(office.sessions, office.world, utc_now(), utc_now() + timedelta(days=3))
    request = await office.approved(start_in=TOMORROW, purpose="emergency")
    plates, _ = await suggested(office, request)
    assert "示A10001" in plates
    ok(await office.assign(request, "a1", "a1"), 201)


async def test_an_accepted_filing_for_the_whole_ride_lets_a_sealed_vehicle_drive(
    office: Office,
) -> None:
    await seal(office.sessions, office.world, utc_now(), utc_now() + timedelta(days=3))
    request = await office.approved(start_in=TOMORROW)
    start, end = instant(request["period"]["start"]), instant(request["period"]["end"])
    middle = start + (end - start) / 2
    first = await filed(office, start, middle, FilingKind.SEALED_DUTY)
    other = await filed(office, middle, end, FilingKind.NIGHT_AWAY)
    second = await filed(office, middle, end, FilingKind.SEALED_DUTY)
    for filing in (first, other):
        ok(await office.post("approver_a", f"/filings/{filing['id']}/accept"))
        problem(await office.assign(request, "a1", "a1"), "vehicle-sealed", 409)
    ok(await office.post("approver_a", f"/filings/{second['id']}/accept"))
    plates, _ = await suggested(office, request)
    assert "示A10001" in plates
    ok(await office.assign(request, "a1", "a1"), 201)


async def test_a_service_order_for_a_sealed_vehicle_is_refused(office: Office) -> None:
    await seal(office.sessions, office.world, utc_now(), utc_now() + timedelta(days=3))
    start = utc_now() + TOMORROW
    body = {
        "vehicle_id": str(office.world.vehicles["a1"].id),
        "driver_id": str(office.world.drivers["a1"].id),
        "kind": "service",
        "service_kind": "washing",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "reason": "洗车",
    }
    problem(await office.post("dispatcher", "/orders", body), "vehicle-sealed", 409)


async def test_whom_a_sealing_concerns_is_told_for_many_vehicles_at_once(
    sessions: Sessions, world: World
) -> None:
    now = utc_now()
    # A Thursday, its Friday and the week-end after it, in a year of the stored calendar.
    thursday = date(2026, 6, 11)
    start, end = day_start(thursday), day_start(thursday + timedelta(days=4))
    a, b = world.organisations["a"].no, world.organisations["b"].no
    asked = [
        UnitVehicle(1, a, Category.OTHER_PRESCRIBED),
        UnitVehicle(2, a, Category.EMERGENCY),
        UnitVehicle(3, b, Category.OTHER_PRESCRIBED),
    ]
    await seal(
        sessions,
        world,
        start,
        end,
        days=SealedDays.HOLIDAYS_AND_WEEKENDS,
        exempt_categories=[Category.EMERGENCY],
    )
    async with sessions() as session:
        found = await standing_in(session, asked, Range(start, end, bounds="[)"), now)
        assert set(found) == {1}
        (one,) = found[1]
        assert (shanghai_day(one.start), one.end) == (thursday + timedelta(days=2), end)
        weekdays = Range(start, start + timedelta(days=2), bounds="[)")
        assert await standing_in(session, asked, weekdays, now) == {}


@pytest.mark.parametrize("ends", [True, False])
async def test_a_sealing_that_was_ended_seals_nothing_later(
    sessions: Sessions, world: World, ends: bool
) -> None:
    now = utc_now()
    made = await seal(sessions, world, now - timedelta(days=1), now + timedelta(days=2))
    if ends:
        async with transaction(sessions) as session:
            await end_sealing(session, Act(None, now), await session.get_one(Sealing, made.no))
    vehicle = UnitVehicle(1, world.organisations["a"].no, Category.OTHER_PRESCRIBED)
    async with sessions() as session:
        period = Range(now - timedelta(hours=1), now + timedelta(hours=1), bounds="[)")
        found = await standing_in(session, [vehicle], period, now)
    assert found[1][0].end == (now if ends else period.upper)


async def test_orders_promised_before_a_sealing_are_counted_and_listed(office: Office) -> None:
    order = await office.assigned(start_in=TOMORROW)
    urgent = await office.assigned("a2", "a2", start_in=TOMORROW, purpose="emergency")
    outside = await office.assigned("a3", "a1", start_in=timedelta(days=3))
    start, end = instant(order["period"]["start"]), instant(order["period"]["end"])
    middle = start + (end - start) / 2
    body = {
        "name": "国庆封存",
        "basis": "封存的通知",
        "start": middle.isoformat(),
        "end": (middle + timedelta(days=1)).isoformat(),
    }
    made = ok(await office.post("authority", "/sealings", body), 201)
    assert made["promised_orders"] == 1
    path = f"/sealings/{made['id']}/orders"
    (listed,) = ok(await office.get("dispatcher", path))["items"]
    assert (listed["id"], listed["vehicle"]["plate"]) == (order["id"], "示A10001")
    assert (instant(listed["sealed_start"]), instant(listed["sealed_end"])) == (middle, end)
    assert listed["id"] not in (urgent["id"], outside["id"])
    # Who may read other units' orders only is told of none; the order itself stands.
    assert ok(await office.get("clerk_b", path))["items"] == []
    assert ok(await office.get("dispatcher", f"/orders/{order['id']}"))["state"] == "assigned"
    filing = await filed(office, middle, end, FilingKind.SEALED_DUTY)
    ok(await office.post("approver_a", f"/filings/{filing['id']}/accept"))
    assert ok(await office.get("dispatcher", path))["items"] == []
