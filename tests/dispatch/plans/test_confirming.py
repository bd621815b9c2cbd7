"""Who confirms a plan, when, and with whom at once; what stays open for others."""

import asyncio
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from dispatch.eligibility.ordered import ordered_m
from dispatch.eligibility.ride_length import way_m
from dispatch.requests.way import places_of
from dispatch.shared_rides import kernel
from dispatch.tables import Order, Plan, Request
from fleet.acts import Act
from fleet.people.accounts import RoleIn, create_person
from fleet.words import Role
from kit.clock import shanghai_day, utc_now
from kit.database import transaction
from tests.dispatch.capacity.promising import reserve
from tests.dispatch.office import Json, Office, ok, problem
from tests.dispatch.pairs import change
from tests.dispatch.plans.test_planning import plan_of, promised, tomorrow_at
from tests.dispatch.plans.test_sharing import asked as asked_to_share
from tests.dispatch.plans.test_sharing import promised as promised_to_share

pytestmark = pytest.mark.usefixtures("sharing_kernel")
UNIT_A = "dispatcher_a"
SECRET = "乙局内部地点"


async def appoint(office: Office) -> None:
    """Let somebody dispatch for unit A alone."""
    async with transaction(office.sessions) as session:
        unit = await session.merge(office.world.organisations["a"])
        office.world.people[UNIT_A] = await create_person(
            session,
            Act(None, office.world.since),
            username=UNIT_A,
            name="甲局调度员",
            roles=[RoleIn(Role.DISPATCHER, unit)],
            password_hash="x",
        )


async def of_unit_b(office: Office, hour: float, pool: str, **more: object) -> Json:
    here = {"name": SECRET, "latitude": 40.051, "longitude": 110.051}
    asked = await office.ask(
        "applicant_b", start_in=tomorrow_at(hour), hours=2, origin=here, **more
    )
    request = await office.approve(asked, "approver_b")
    await reserve(office, request, pool)
    return request


async def confirm(office: Office, plan: Json, *ids: str, who: str = "dispatcher") -> list[Json]:
    body = {"request_ids": list(ids)} if ids else {}
    path = f"/plans/{plan['id']}/confirmation"
    return ok(await office.post(who, path, body))["lines"]


async def test_whoever_dispatches_for_one_unit_leaves_the_others_lines_open(
    office: Office,
) -> None:
    await appoint(office)
    own = await office.approved(start_in=tomorrow_at(9), hours=2)
    await reserve(office, own, "a")
    other = await of_unit_b(office, 13, "a")
    plan = await plan_of(office, "a")
    told = await confirm(office, plan, who=UNIT_A)
    assert [(line["request_id"], line["state"]) for line in told] == [(own["id"], "confirmed")]
    await confirm(office, plan, other["id"], who=UNIT_A)
    seen = ok(await office.get("dispatcher", f"/plans/{plan['id']}"))["lines"]
    assert [line["state"] for line in seen] == ["confirmed", "proposed"]
    told = await confirm(office, plan)
    assert [line["state"] for line in told] == ["confirmed", "confirmed"]


async def test_of_those_who_share_a_unit_confirms_its_own_unless_another_unit_has_the_order(
    office: Office,
) -> None:
    await appoint(office)
    first = await promised_to_share(office, 9)
    second = await promised_to_share(office, 9, unit="b", from_km=2)
    plan = await plan_of(office)
    await confirm(office, plan, second["id"])
    async with transaction(office.sessions) as session:
        # A plan of the unit's own vehicles would be its to confirm.
        unit = await session.merge(office.world.organisations["a"])
        await session.execute(update(Plan).values(organisation_no=unit.no))
    told = await confirm(office, plan, first["id"], who=UNIT_A)
    assert [(line["request_id"], line["state"]) for line in told] == [(first["id"], "proposed")]
    told = await confirm(office, plan, first["id"])
    assert {line["order_id"] for line in told} == {told[0]["order_id"]}


async def test_the_first_promise_to_break_names_no_ride_of_units_beyond_the_readers(
    office: Office,
) -> None:
    await appoint(office)
    for _ in range(3):
        request = await office.approved(start_in=tomorrow_at(9), hours=2)
        await reserve(office, request, "a")
    await of_unit_b(office, 9, "bureau", may_share=True)
    plan = await plan_of(office, "a")
    wide = plan["first_broken"]["alternatives"]["to_share_with"]
    assert SECRET in {one["origin"] for one in wide}
    own = ok(await office.get(UNIT_A, f"/plans/{plan['id']}"))["first_broken"]
    assert SECRET not in str(own)
    assert own["alternatives"]["other_pools"] == plan["first_broken"]["alternatives"]["other_pools"]
    async with office.sessions() as session:
        kept = await session.get_one(Plan, plan["id"])
        assert SECRET not in str(kept.first_broken)


async def test_nothing_is_assigned_of_a_day_that_is_over_or_of_an_hour_that_has_passed(
    office: Office,
) -> None:
    ride = await promised(office, 9)
    plan = await plan_of(office)
    async with transaction(office.sessions) as session:
        begun = Range(utc_now() - timedelta(hours=3), utc_now() - timedelta(hours=1), bounds="[)")
        await session.execute(update(Request).where(Request.id == ride["id"]).values(period=begun))
    (line,) = await confirm(office, plan)
    assert (line["state"], line["sentence"]) == ("refused", "period-in-the-past")
    async with transaction(office.sessions) as session:
        yesterday = shanghai_day(utc_now()) - timedelta(days=1)
        await session.execute(update(Plan).values(day=yesterday))
    path = f"/plans/{plan['id']}/confirmation"
    problem(await office.post("dispatcher", path, {}), "plan-over", 409)


async def test_lines_of_one_group_that_are_confirmed_at_once_all_ride(office: Office) -> None:
    rides = [
        await asked_to_share(office, 9, unit=unit, from_km=km)
        for unit, km in (("a", 0), ("b", 2), ("a", 1))
    ]
    for one in rides:
        await reserve(office, one, "a")
    plan = await plan_of(office, "a")
    assert {line["shared_group"] for line in plan["lines"]} == {1}
    await asyncio.gather(*(confirm(office, plan, one["id"]) for one in reversed(rides)))
    lines = ok(await office.get("dispatcher", f"/plans/{plan['id']}"))["lines"]
    assert [line["state"] for line in lines] == ["confirmed"] * 3
    assert len({line["order_id"] for line in lines}) == 1


async def test_a_line_that_is_confirmed_shows_what_its_order_has_by_now(office: Office) -> None:
    first = await promised_to_share(office, 9)
    second = await promised_to_share(office, 9, unit="b", from_km=2)
    plan = await plan_of(office)
    assert plan["lines"][1]["pick_up_at"] > plan["lines"][0]["pick_up_at"]
    await confirm(office, plan, second["id"])
    told = await confirm(office, plan, first["id"])
    # Whoever was first told is picked up when they asked for.
    assert told[1]["pick_up_at"] == second["period"]["start"]
    assert told[0]["pick_up_at"] > first["period"]["start"]
    order = ok(await office.get("dispatcher", f"/orders/{told[0]['order_id']}"))
    other = next(v for v in office.world.vehicles.values() if v.plate != order["vehicle"]["plate"])
    await change(office, order, "reassign", vehicle_id=str(other.id), override=True)
    lines = ok(await office.get("dispatcher", f"/plans/{plan['id']}"))["lines"]
    assert {line["vehicle"]["plate"] for line in lines} == {other.plate}


async def test_groups_of_one_plan_and_of_the_next_ride_each_in_their_own_order(
    office: Office,
) -> None:
    morning = [await promised_to_share(office, 7), await promised_to_share(office, 7, unit="b")]
    later = [await promised_to_share(office, 13), await promised_to_share(office, 13, unit="b")]
    plan = await plan_of(office)
    assert [line["shared_group"] for line in plan["lines"]] == [1, 1, 2, 2]
    first = await confirm(office, plan, *(one["id"] for one in morning), later[0]["id"])
    assert [line["state"] for line in first] == ["confirmed"] * 3 + ["proposed"]
    assert first[0]["order_id"] == first[1]["order_id"] != first[2]["order_id"]
    newer = await plan_of(office)
    (line,) = await confirm(office, newer)
    assert (line["request_id"], line["shared_group"]) == (later[1]["id"], None)
    assert line["order_id"] not in {one["order_id"] for one in first}


async def test_while_sharing_is_made_ready_a_line_stays_to_be_confirmed(office: Office) -> None:
    await promised_to_share(office, 9)
    await promised_to_share(office, 9, unit="b", from_km=2)
    plan = await plan_of(office)
    with patch.object(kernel, "is_whole", return_value=False):
        told = await confirm(office, plan)
    assert [line["state"] for line in told] == ["confirmed", "proposed"]
    told = await confirm(office, plan)
    assert told[0]["order_id"] == told[1]["order_id"]


async def test_who_joins_costs_no_driver_their_rest(office: Office) -> None:
    first = await promised_to_share(office, 20)
    second = await promised_to_share(office, 20, unit="b", from_km=2)
    plan = await plan_of(office)
    await confirm(office, plan, first["id"])
    names = {str(one.id): key for key, one in office.world.drivers.items()}
    key = names[plan["lines"][0]["driver"]["id"]]
    night = await office.approved(start_in=tomorrow_at(28), hours=2)
    ok(await office.assign(night, "pool2", key, override=True, reason="夜间保障"), 201)
    told = await confirm(office, plan, second["id"])
    assert (told[1]["state"], told[1]["sentence"]) == ("refused", "rest-too-short")


async def test_a_way_that_is_shared_is_driven_once(office: Office) -> None:
    requests = [await promised_to_share(office, 9), await promised_to_share(office, 9, unit="b")]
    lines = await confirm(office, await plan_of(office))
    assert lines[0]["order_id"] == lines[1]["order_id"]
    async with office.sessions() as session:
        rows = [await session.get_one(Request, one["id"]) for one in requests]
        no = (await session.get_one(Order, lines[0]["order_id"])).vehicle_no
        day = Range(rows[0].period.lower, rows[0].period.upper, bounds="[)")
        assert no is not None
        driven = (await ordered_m(session, [no], day))[no]
    assert driven == way_m(places_of(rows[0]))
