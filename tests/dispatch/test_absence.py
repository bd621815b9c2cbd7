"""Who is on leave, off shift or without a licence then is not suggested, and hardly assigned."""

from datetime import datetime, timedelta

from fleet.acts import Act
from fleet.duty.planning import grant_leave, plan_shift
from fleet.duty.words import LeaveKind, ShiftKind
from fleet.people.drivers import change_licence
from fleet.tables import Driver
from kit.clock import utc_now
from kit.database import transaction
from tests.dispatch.office import Json, Office, instant, ok, problem

TOMORROW = timedelta(days=1)


async def offered(office: Office, request: Json) -> set[str]:
    """Return the names of unit A's drivers whom a suggestion names."""
    shown = ok(await office.post("dispatcher", f"/requests/{request['id']}/suggestions"), 201)
    names = {one["driver"]["name"] for one in shown["candidates"]}
    return names & {"驾驶员a1", "驾驶员a2"}


async def leave(office: Office, driver: str, start: datetime, end: datetime) -> None:
    async with transaction(office.sessions) as session:
        await grant_leave(
            session,
            Act(None, utc_now()),
            driver=office.world.drivers[driver],
            organisation_no=office.world.organisations["a"].no,
            approver_no=office.world.people["manager"].no,
            kind=LeaveKind.ANNUAL,
            start=start,
            end=end,
            reason="休假",
        )


async def test_a_driver_on_leave_is_neither_suggested_nor_assigned(office: Office) -> None:
    request = await office.approved(start_in=TOMORROW)
    start, end = instant(request["period"]["start"]), instant(request["period"]["end"])
    await leave(office, "a1", end, end + timedelta(days=1))
    assert await offered(office, request) == {"驾驶员a1"}
    await leave(office, "a1", end - timedelta(seconds=1), end)
    assert await offered(office, request) == {"驾驶员a2"}
    await leave(office, "a2", start - timedelta(hours=1), start + timedelta(hours=1))
    assert await offered(office, request) == set()
    problem(await office.assign(request, "a1", "a1"), "driver-on-leave", 409)
    ok(await office.assign(request, "a1", "b1"), 201)


async def test_a_driver_whose_shifts_of_the_day_lie_elsewhere_is_not_suggested(
    office: Office,
) -> None:
    request = await office.approved(start_in=TOMORROW)
    start = instant(request["period"]["start"])
    async with transaction(office.sessions) as session:
        for driver, first, last in (("a1", 0, 3), ("a2", 1, 4)):
            await plan_shift(
                session,
                Act(None, utc_now()),
                driver=office.world.drivers[driver],
                organisation_no=office.world.organisations["a"].no,
                kind=ShiftKind.DAY_SHIFT,
                start=start + timedelta(minutes=first),
                end=start + timedelta(hours=last),
            )
    assert await offered(office, request) == {"驾驶员a1"}
    # The dispatcher may know better than the plan.
    ok(await office.assign(request, "a1", "a2"), 201)


async def test_the_licence_in_force_at_the_end_of_the_ride_counts(office: Office) -> None:
    request = await office.approved(start_in=TOMORROW)
    start, end = instant(request["period"]["start"]), instant(request["period"]["end"])
    async with transaction(office.sessions) as session:
        for key, until in (("a1", start), ("a2", end)):
            await change_licence(
                session,
                Act(None, utc_now()),
                await session.get_one(Driver, office.world.drivers[key].no),
                licence_class="C1",
                licence_until=until,
                organisation_no=office.world.organisations["a"].no,
            )
        await change_licence(
            session,
            Act(None, utc_now()),
            await session.get_one(Driver, office.world.drivers["a2"].no),
            licence_class="C3",
            licence_until=None,
            organisation_no=office.world.organisations["a"].no,
            since=end + timedelta(seconds=1),
        )
    assert await offered(office, request) == {"驾驶员a2"}
    problem(await office.assign(request, "a1", "a1"), "licence-too-small", 422)
    ok(await office.assign(request, "a1", "a2"), 201)
