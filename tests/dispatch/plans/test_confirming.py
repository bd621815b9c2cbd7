"""Who confirms a plan, when, and with whom at once; what stays open for others."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range

from dispatch.tables import Plan, Request
from fleet.acts import Act
from fleet.people.accounts import RoleIn, create_person
from fleet.words import Role
from kit.clock import shanghai_day, utc_now
from kit.database import transaction
from tests.dispatch.capacity.promising import reserve
from tests.dispatch.office import Json, Office, ok, problem
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
