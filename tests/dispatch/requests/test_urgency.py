"""The queue shows the more urgent class first, then what begins first, however long it is."""

from datetime import timedelta
from itertools import product

from sqlalchemy import select

from dispatch.matching.problem import priority_of
from dispatch.requests.urgency import priority_column
from dispatch.tables import Request
from dispatch.words import Purpose
from fleet.words import Category
from kit.database import transaction
from tests.dispatch.missions.people import approved
from tests.dispatch.office import Json, Office, ok, problem
from tests.dispatch.test_bookings import awaiting, hours


async def write(office: Office) -> None:
    """Write a request of every purpose and category, the later ones beginning earlier."""
    kinds = list(product(Purpose, (None, *Category)))
    async with transaction(office.sessions) as session:
        for number, (purpose, category) in enumerate(kinds):
            row = awaiting(office.world, hours(60 - number // 2 % 50, 62))
            row.purpose, row.category = purpose, category
            session.add(row)


async def test_classes_are_those_of_matching(office: Office) -> None:
    await write(office)
    async with office.sessions() as session:
        rows = (await session.execute(select(Request, priority_column()))).all()
    assert len(rows) == len(Purpose) * (1 + len(Category))
    for request, priority in rows:
        assert priority == priority_of(request.purpose, request.category), request.purpose


async def test_a_long_queue_is_paged_by_urgency_and_nothing_is_left_out_or_told_twice(
    office: Office,
) -> None:
    await write(office)
    shown: list[Json] = []
    cursor: dict[str, str] = {}
    while True:
        page = ok(
            await office.get(
                "dispatcher",
                "/requests",
                state="awaiting_dispatch",
                sort="urgency",
                limit=7,
                **cursor,
            )
        )
        shown += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    places = [
        (priority_of(one["purpose"], one["category"]), one["period"]["start"], one["id"])
        for one in shown
    ]
    assert len(places) == len(Purpose) * (1 + len(Category))
    assert places == sorted(places)
    assert len({start for _, start, _ in places}) > 7
    assert len(set(places)) == len(places)


async def test_a_mission_goes_before_ordinary_rides_and_after_an_emergency(office: Office) -> None:
    mission = await approved(office)
    soon = await office.approved(start_in=timedelta(hours=2))
    async with transaction(office.sessions) as session:
        urgent = awaiting(office.world, hours(60, 62))
        urgent.purpose = Purpose.EMERGENCY
        session.add(urgent)
        urgent_id = str(urgent.id)
    listed = await office.get("dispatcher", "/requests", state="awaiting_dispatch", sort="urgency")
    rides = {ride["request_id"] for ride in mission["rides"]}
    shown = ["mission" if one["id"] in rides else one["id"] for one in ok(listed)["items"]]
    assert shown == [urgent_id, *["mission"] * len(rides), soon["id"]]


async def test_a_cursor_of_another_order_is_refused(office: Office) -> None:
    await write(office)
    newest = ok(await office.get("dispatcher", "/requests", limit=1))["next_cursor"]
    refused = await office.get("dispatcher", "/requests", sort="urgency", cursor=newest)
    problem(refused, "bad-cursor", 422)
