"""A vehicle and a driver are out on one order at a time, whatever was promised."""

import asyncio
import importlib.util
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import DBAPIError

from dispatch.tables import Order
from kit.clock import utc_now
from kit.database import driver_url, transaction
from tests.dispatch.office import Json, Office, instant, let_leave_early, ok, problem
from tests.dispatch.pairs import driver, vehicle

LATER = timedelta(hours=5)
MIGRATION = Path(__file__).parents[2] / "migrations/versions/0025_out_once.py"


async def _accepted(office: Office, car: str, who: str, start_in: timedelta) -> Json:
    order = await office.assigned(car, who, start_in=start_in)
    return ok(await office.step(f"driver_{who}", order, "accept"))


async def test_whoever_is_out_departs_on_no_second_order(office: Office) -> None:
    await let_leave_early(office)
    out = await office.drive(await office.assigned("a1", "a1"), until="depart")
    for car, who, kind in (("a1", "a2", "vehicle-out"), ("a2", "a1", "driver-out")):
        second = await _accepted(office, car, who, LATER)
        answer = await office.step(f"driver_{who}", second, "depart", odometer_m=1)
        told = problem(answer, kind, 409)
        assert [instant(one["start"]) for one in told["in_the_way"]] == [
            instant(out["period"]["start"])
        ]
        shown = ok(await office.get("dispatcher", f"/orders/{second['id']}"))
        assert (shown["state"], shown["revision"]) == ("accepted", second["revision"])
        ok(await office.step("dispatcher", shown, "cancel", reason="改日"))


async def test_of_two_departures_at_once_one_is_refused(office: Office) -> None:
    await let_leave_early(office)
    two = [await _accepted(office, "a1", "a1", start) for start in (timedelta(minutes=9), LATER)]
    answers = await asyncio.gather(
        *(office.step("driver_a1", order, "depart", odometer_m=52_000_000) for order in two)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_no_swap_takes_a_vehicle_that_is_still_out_beyond_its_hours(office: Office) -> None:
    late = await office.drive(await office.assigned("a2", "a2"), "driver_a2", until="depart")
    now = utc_now()
    overdue = Range(now - timedelta(hours=3), now - timedelta(hours=1), bounds="[)")
    async with transaction(office.sessions) as session:
        await session.execute(update(Order).where(Order.id == late["id"]).values(period=overdue))
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    wish = {"revision": order["revision"], "reason": "故障", "vehicle_id": vehicle(office, "a2")}
    answer = await office.post("dispatcher", f"/orders/{order['id']}/swap_vehicle", wish)
    assert [one["id"] for one in problem(answer, "vehicle-out", 409)["in_the_way"]] == [late["id"]]
    wish = {"revision": order["revision"], "reason": "换驾", "driver_id": driver(office, "a2")}
    answer = await office.post("dispatcher", f"/orders/{order['id']}/swap_driver", wish)
    assert [one["id"] for one in problem(answer, "driver-out", 409)["in_the_way"]] == [late["id"]]


async def test_migration_names_what_is_out_twice_and_changes_nothing(
    office: Office, database_url: str
) -> None:
    first = await office.drive(await office.assigned("a1", "a1"), until="depart")
    second = await office.assigned("a1", "a1", start_in=LATER)
    spec = importlib.util.spec_from_file_location("out_once", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    depart = text("UPDATE orders SET state = :state WHERE id = :id")
    engine = create_engine(driver_url(database_url))
    try:
        with engine.begin() as connection:
            connection.execute(text("DROP INDEX vehicle_out_once, driver_out_once"))
            connection.execute(text("CREATE INDEX ix_orders_on_the_road ON orders (vehicle_no)"))
            connection.execute(depart, {"state": "departed", "id": second["id"]})
        with (
            pytest.raises(DBAPIError) as refused,
            engine.begin() as connection,
            Operations.context(MigrationContext.configure(connection)),
        ):
            migration.upgrade()
        assert f"{first['id']}, {second['id']}" in str(refused.value)
        with (
            engine.begin() as connection,
            Operations.context(MigrationContext.configure(connection)),
        ):
            connection.execute(depart, {"state": "accepted", "id": second["id"]})
            migration.upgrade()
    finally:
        engine.dispose()
