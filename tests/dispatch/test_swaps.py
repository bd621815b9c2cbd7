"""What a swap asks, and what it leaves behind: who may be chosen, who is asked anew, whose days."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from fleet.tables import PersonRole
from fleet.words import Role
from kit.database import transaction
from tests.dispatch.office import Office, ok, problem
from tests.dispatch.pairs import change, driver, vehicle
from tracking.tables import ChangedDay


async def test_dispatcher_of_one_unit_swaps_nobody_in_from_another(office: Office) -> None:
    world = office.world
    async with transaction(office.sessions) as session:
        session.add(
            PersonRole(
                person_no=world.people["clerk_a"].no,
                organisation_no=world.organisations["a"].no,
                role=Role.DISPATCHER,
                period=Range(world.since, None, bounds="[)"),
            )
        )
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    said = {"revision": order["revision"], "reason": "故障", "override": True}
    for action, foreign in (
        ("swap_vehicle", {"vehicle_id": vehicle(office, "b1")}),
        ("swap_driver", {"driver_id": driver(office, "b1")}),
    ):
        path = f"/orders/{order['id']}/{action}"
        problem(await office.post("clerk_a", path, said | foreign), "not-found", 404)
    own = {"vehicle_id": vehicle(office, "a2"), "driver_id": driver(office, "a2")}
    ok(await office.post("clerk_a", f"/orders/{order['id']}/swap_vehicle", said | own))


async def test_driver_who_is_new_before_departure_is_asked_anew(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="accept")
    order = await change(office, order, "swap_vehicle", vehicle_id=vehicle(office, "a2"))
    assert order["state"] == "accepted"
    order = await change(office, order, "swap_driver", driver_id=driver(office, "a2"))
    assert order["state"] == "assigned"
    depart = await office.step("driver_a2", order, "depart", odometer_m=1)
    problem(depart, "step-not-allowed", 409)


async def test_days_of_both_vehicles_of_a_swap_are_settled_anew(office: Office) -> None:
    order = await office.drive(await office.assigned("a1", "a1"), until="depart")
    await change(office, order, "swap_vehicle", vehicle_id=vehicle(office, "a2"))
    async with office.sessions() as session:
        swapped = select(ChangedDay.vehicle_no).where(ChangedDay.cause == "order.swap_vehicle")
        marked = set(await session.scalars(swapped))
    assert marked == {office.world.vehicles[name].no for name in ("a1", "a2")}
