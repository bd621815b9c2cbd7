"""What must never happen is refused by the database, however many ask at once."""

import asyncio
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from dispatch.tables import Order, Request, Slip
from kit.clock import utc_now
from kit.database import Sessions, transaction, violated_constraint
from kit.ids import new_id
from tests.dispatch.office import Office
from tests.support.world import World


def hours(first: float, last: float) -> Range[datetime]:
    """A period of a fixed day, by hours."""
    midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    return Range(midnight + timedelta(hours=first), midnight + timedelta(hours=last), bounds="[)")


def order_of(world: World, vehicle: str | None, period: Range[datetime], driver: str) -> Order:
    unit_no = world.organisations["a"].no
    return Order(
        id=new_id(),
        kind="ride",
        organisation_no=unit_no,
        issuer_no=unit_no,
        vehicle_no=world.vehicles[vehicle].no if vehicle else None,
        driver_no=world.drivers[driver].no,
        dispatcher_no=world.people["dispatcher"].no,
        cross_unit=False,
        period=period,
        state="assigned",
    )


def awaiting(world: World, period: Range[datetime]) -> Request:
    applicant = world.people["applicant_a"].no
    return Request(
        id=new_id(),
        organisation_no=world.organisations["a"].no,
        applicant_no=applicant,
        passenger_no=applicant,
        passengers=1,
        purpose="meeting",
        purpose_text="会议",
        period=period,
        origin_name="甲",
        origin_latitude=40.0,
        origin_longitude=110.0,
        destination_name="乙",
        destination_latitude=40.1,
        destination_longitude=110.1,
        round_trip=True,
        may_share=False,
        state="awaiting_dispatch",
        revision=3,
    )


async def requests_awaiting(office: Office, count: int) -> list[UUID]:
    async with transaction(office.sessions) as session:
        requests = [awaiting(office.world, hours(9, 11)) for _ in range(count)]
        session.add_all(requests)
    return [request.id for request in requests]


async def numbers_of_slips(sessions: Sessions) -> list[int]:
    async with sessions() as session:
        return list((await session.scalars(select(Slip.number).order_by(Slip.number))).all())


async def test_hundred_concurrent_bookings_of_one_vehicle_have_one_winner_and_alternatives(
    office: Office,
) -> None:
    drivers = list(office.world.drivers)
    ids = await requests_awaiting(office, 100)
    answers = await asyncio.gather(
        *(
            office.assign({"id": request_id, "revision": 3}, "a1", drivers[n % len(drivers)])
            for n, request_id in enumerate(ids)
        )
    )
    assert sorted(a.status_code for a in answers) == [201] + [409] * 99
    kinds = {a.json()["type"] for a in answers if a.status_code == 409}
    assert kinds == {"/problems/vehicle-busy"}
    (winner,) = (a.json() for a in answers if a.status_code == 201)
    for lost in (a.json() for a in answers if a.status_code == 409):
        assert [one["id"] for one in lost["in_the_way"]] == [winner["id"]]
        plates = [one["plate"] for one in lost["alternatives"]]
        assert len(plates) == 3
        assert winner["vehicle"]["plate"] not in plates
    assert await numbers_of_slips(office.sessions) == [1]


async def test_crosswise_bookings_of_vehicles_and_drivers_end_without_a_deadlock(
    office: Office,
) -> None:
    pairs = list(product(["a1", "a2", "a3"], ["a1", "a2", "b1"])) * 5
    ids = await requests_awaiting(office, len(pairs))
    answers = await asyncio.gather(
        *(
            office.assign({"id": request_id, "revision": 3}, vehicle, driver)
            for request_id, (vehicle, driver) in zip(ids, pairs, strict=True)
        )
    )
    assert {a.status_code for a in answers} == {201, 409}
    won = [a.json() for a in answers if a.status_code == 201]
    assert len({o["vehicle"]["id"] for o in won}) == len({o["driver"]["id"] for o in won})
    assert len(won) == len({o["vehicle"]["id"] for o in won})
    assert await numbers_of_slips(office.sessions) == list(range(1, len(won) + 1))


async def test_one_request_assigned_by_many_at_once_becomes_one_order(office: Office) -> None:
    (request_id,) = await requests_awaiting(office, 1)
    answers = await asyncio.gather(
        *(
            office.assign({"id": request_id, "revision": 3}, vehicle, driver)
            for vehicle, driver in [("a1", "a1"), ("a2", "a2"), ("b1", "b1"), ("b2", "b2")]
        )
    )
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    assert {a.json()["type"] for a in answers if a.status_code == 409} == {
        "/problems/stale-revision"
    }


async def test_back_to_back_orders_of_one_vehicle_are_allowed(
    world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        session.add(order_of(world, "a1", hours(9, 11), "a1"))
        session.add(order_of(world, "a1", hours(11, 13), "a1"))


async def test_two_vehicles_are_swapped_in_one_transaction(
    world: World, sessions: Sessions
) -> None:
    first = order_of(world, "a1", hours(9, 11), "a1")
    second = order_of(world, "a2", hours(9, 11), "a2")
    async with transaction(sessions) as session:
        session.add_all([first, second])
    async with transaction(sessions) as session:
        await session.execute(text("SET CONSTRAINTS vehicle_never_twice DEFERRED"))
        for order, vehicle in ((first, "a2"), (second, "a1")):
            await session.execute(
                update(Order)
                .where(Order.id == order.id)
                .values(vehicle_no=world.vehicles[vehicle].no)
            )
    async with sessions() as session:
        rows = await session.execute(select(Order.id, Order.vehicle_no))
        assert {row.id: row.vehicle_no for row in rows} == {
            first.id: world.vehicles["a2"].no,
            second.id: world.vehicles["a1"].no,
        }


async def test_orders_without_a_vehicle_yet_do_not_exclude_each_other(
    world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        session.add(order_of(world, None, hours(9, 11), "a1"))
        session.add(order_of(world, None, hours(9, 11), "a2"))


async def test_cancelled_order_promises_nothing(world: World, sessions: Sessions) -> None:
    cancelled = order_of(world, "a1", hours(9, 11), "a1")
    cancelled.state = "cancelled"
    async with transaction(sessions) as session:
        session.add(cancelled)
        session.add(order_of(world, "a1", hours(9, 11), "a1"))


@pytest.mark.parametrize(
    ("vehicle", "driver", "period", "constraint"),
    [
        ("a1", "a2", hours(10, 12), "vehicle_never_twice"),
        ("a2", "a1", hours(10, 12), "driver_never_twice"),
        ("a2", "a2", hours(10, 10), "orders_period_not_empty"),
    ],
)
async def test_database_refuses_what_overlaps_or_is_empty(
    world: World,
    sessions: Sessions,
    vehicle: str,
    driver: str,
    period: Range[datetime],
    constraint: str,
) -> None:
    async with transaction(sessions) as session:
        session.add(order_of(world, "a1", hours(9, 11), "a1"))
    with pytest.raises(IntegrityError) as caught:
        async with transaction(sessions) as session:
            session.add(order_of(world, vehicle, period, driver))
    assert violated_constraint(caught.value) == constraint
