"""A mobilisation: signed, in force over what it calls up, signed off."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range

from audit.explained import Kind
from audit.mobilised_days import mark_mobilised_days
from audit.tables import ExplainedDay
from dispatch.explaining import explanations
from dispatch.tables import Mobilisation
from fleet.tables import Vehicle
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import transaction
from tests.dispatch.mobilisation.calls import call_up, mobilised, ride
from tests.dispatch.office import Json, Office, ok, problem
from tests.support.world import PASSWORD
from tracking.tables import ChangedDay


async def test_a_mobilisation_is_signed_by_who_may_and_is_there_and_calls_up_every_holding(
    office: Office,
) -> None:
    problem(await office.post("dispatcher", "/mobilisations", call_up(office)), "forbidden", 403)
    wrong = call_up(office, password="not-the-password")
    problem(await office.post("authority", "/mobilisations", wrong), "wrong-password", 403)
    missing = call_up(office, password=None)
    problem(await office.post("authority", "/mobilisations", missing), "wrong-password", 403)
    assert ok(await office.get("authority", "/mobilisations"))["items"] == []
    made = ok(await office.post("authority", "/mobilisations", call_up(office)), 201)
    assert made["vehicles"] == {"retained": 6, "pool": 2, "rental": 0}
    assert (made["units"], made["level"], made["end"]) == (3, 2, None)
    assert made["started"]["by"]["name"] == "主管部门审批人"
    assert (made["started"]["proof"], made["ended"]) == ("password", None)
    again = await office.post("authority", "/mobilisations", call_up(office))
    problem(again, "already-mobilised", 409)
    # Its units learn of it, and of their own vehicles.
    vehicles = ok(await office.get("clerk_a", f"/mobilisations/{made['id']}/vehicles"))["items"]
    assert {one["unit"]["name"] for one in vehicles} == {"甲局"}
    assert len(vehicles) == 3


async def test_after_its_end_nothing_is_ordered_under_it_and_open_orders_are_finished(
    office: Office,
) -> None:
    path = await mobilised(office)
    body = {"rides": [ride(office, "a1", "a1")]}
    answer = ok(await office.post("dispatcher", f"{path}/orders", body), 201)
    signed: Json = {"statement": "险情解除，终止应急调用", "password": "not-the-password"}
    problem(await office.post("authority", f"{path}/end", signed), "wrong-password", 403)
    problem(
        await office.post("dispatcher", f"{path}/end", {**signed, "password": PASSWORD}),
        "forbidden",
        403,
    )
    signed["password"] = PASSWORD
    ended = ok(await office.post("authority", f"{path}/end", signed))
    assert (ended["orders"], ended["open_orders"]) == (1, 1)
    assert ended["ended"]["statement"] == "险情解除，终止应急调用"
    problem(await office.post("authority", f"{path}/end", signed), "mobilisation-ended", 409)
    body = {"rides": [ride(office, "a2", "a2")]}
    problem(await office.post("dispatcher", f"{path}/orders", body), "mobilisation-ended", 409)
    order = {"id": answer["orders"][0]["order_id"]}
    assert (await office.drive(order, "driver_a1"))["state"] == "returned"
    assert ok(await office.get("authority", path))["open_orders"] == 0
    # The next one may begin.
    await mobilised(office)


async def test_what_was_called_up_stays_as_it_was_when_it_was_signed_off(office: Office) -> None:
    path = await mobilised(office)
    signed: Json = {"statement": "险情解除，终止应急调用", "password": PASSWORD}
    ended = ok(await office.post("authority", f"{path}/end", signed))
    listed = ok(await office.get("authority", f"{path}/vehicles"))
    async with transaction(office.sessions) as session:
        vehicle = await session.get_one(Vehicle, office.world.vehicles["a2"].no)
        vehicle.withdrawn_at = utc_now()
    assert ok(await office.get("authority", path))["vehicles"] == ended["vehicles"]
    assert ok(await office.get("authority", f"{path}/vehicles")) == listed
    # What is in force calls up what is there.
    assert ok(await office.get("authority", await mobilised(office)))["vehicles"]["retained"] == 5


async def test_a_mobilisation_explains_what_is_driven_until_its_back_entries_are_due(
    office: Office,
) -> None:
    path = await mobilised(office, "a")
    day = shanghai_day(utc_now())
    noon = day_start(day) + timedelta(hours=12)
    since = day_start(day) + timedelta(hours=1)
    id = UUID(path.rsplit("/", 1)[-1])
    vehicles = office.world.vehicles
    async with transaction(office.sessions) as session:
        await session.execute(
            update(Mobilisation)
            .where(Mobilisation.id == id)
            .values(period=Range(since, None, bounds="[)"))
        )

        async def kinds(vehicle: str, now: datetime | None) -> list[tuple[str, datetime]]:
            told = await explanations(
                session,
                vehicles[vehicle].no,
                day_start(day),
                day_start(day + timedelta(days=1)),
                now,
            )
            return [(one.kind, one.start) for one in told if one.source_id == id]

        last = day_start(day + timedelta(days=2)) - timedelta(seconds=1)
        assert await kinds("a1", noon) == [(Kind.FILED, since)]
        assert await kinds("a1", last) == [(Kind.FILED, since)]
        assert await kinds("a1", last + timedelta(seconds=1)) == []
        assert await kinds("a1", None) == []
        assert await kinds("b1", noon) == []
        nothing = {"service_m": 0, "filed_m": 600, "unexplained_m": 0, "ordered_m": 0}
        for vehicle in ("a1", "b1"):
            unit = office.world.organisations[vehicle[0]]
            session.add(
                ExplainedDay(
                    vehicle_no=vehicles[vehicle].no,
                    organisation_no=unit.no,
                    day=day,
                    driven_m=600,
                    parts=[],
                    **nothing,
                )
            )
    assert await mark_mobilised_days(office.sessions, last) == 0
    assert await mark_mobilised_days(office.sessions, last + timedelta(seconds=1)) == 1
    assert await mark_mobilised_days(office.sessions, last + timedelta(seconds=2)) == 0
    async with transaction(office.sessions) as session:
        rows = await session.execute(
            select(ChangedDay.vehicle_no, ChangedDay.day).where(ChangedDay.cause == "mobilisation")
        )
        assert [tuple(row) for row in rows] == [(vehicles["a1"].no, day)]
