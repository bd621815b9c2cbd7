"""How long before its planned start an order may depart."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from dispatch.tables import Order
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, instant, let_leave_early, ok, problem

DEPART = {"odometer_m": 52_000_000}


async def test_nobody_departs_hours_before_the_planned_start(office: Office) -> None:
    order = await office.assigned(start_in=timedelta(hours=3))
    order = ok(await office.step("driver_a1", order, "accept"))
    told = problem(await office.step("driver_a1", order, "depart", **DEPART), "too-early", 409)
    start = instant(order["period"]["start"])
    assert instant(told["earliest_at"]) == start - timedelta(hours=2)
    assert instant(told["start"]) == start
    await let_leave_early(office)
    assert ok(await office.step("driver_a1", order, "depart", **DEPART))["state"] == "departed"


async def test_an_offline_tap_is_early_or_not_by_its_own_time(office: Office) -> None:
    order = await office.assigned()
    order = ok(await office.step("driver_a1", order, "accept"))
    tapped = {"tapped_at": order["steps"][-1]["at"], **DEPART}
    now = utc_now()
    await _begins_at(office, order, instant(tapped["tapped_at"]) + timedelta(hours=2, seconds=1))
    problem(await office.step("driver_a1", order, "depart", **tapped), "too-early", 409)
    await _begins_at(office, order, now + timedelta(hours=2))
    late = {"tapped_at": now.isoformat(), **DEPART}
    assert ok(await office.step("driver_a1", order, "depart", **late))["state"] == "departed"


async def _begins_at(office: Office, order: Json, start: datetime) -> None:
    async with transaction(office.sessions) as session:
        held = Range(start, start + timedelta(hours=2), bounds="[)")
        await session.execute(update(Order).where(Order.id == order["id"]).values(period=held))
