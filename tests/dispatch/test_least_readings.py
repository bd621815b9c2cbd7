"""What is read and offered on the road: no odometer runs backwards, no vehicle is offered twice."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from dispatch.tables import Order
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Office, ok, problem


@pytest.mark.parametrize("action", ["arrive", "interrupt"])
async def test_no_reading_on_the_way_is_less_than_at_departure(office: Office, action: str) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    tap = {"reason": "核对里程"}
    less = await office.step("driver_a1", order, action, odometer_m=51_999_999, **tap)
    assert problem(less, "odometer-backwards", 422)["odometer_out_m"] == 52_000_000
    ok(await office.step("driver_a1", order, action, odometer_m=52_000_000, **tap))


async def test_a_vehicle_that_is_out_beyond_its_hours_is_no_alternative(office: Office) -> None:
    late = await office.drive(await office.assigned("a2", "a2"), "driver_a2", until="depart")
    now = utc_now()
    overdue = Range(now - timedelta(hours=3), now - timedelta(hours=1), bounds="[)")
    async with transaction(office.sessions) as session:
        await session.execute(update(Order).where(Order.id == late["id"]).values(period=overdue))
    await office.assigned("a1", "a1")
    refused = await office.assign(await office.approved(), "a1", "b1")
    told = problem(refused, "vehicle-busy", 409)["alternatives"]
    plates = [one["plate"] for one in told]
    assert office.world.vehicles["a3"].plate in plates
    assert late["vehicle"]["plate"] not in plates
