"""Settling a day on a real database: sums, findings, and what a later fact does to them."""

import asyncio
import random
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from audit.settling import settle
from audit.tables import ExplainedDay, Finding, RuleVersion
from fleet.acts import Act
from fleet.sealings.schemas import NewSealing
from fleet.sealings.sealings import order_sealing
from fleet.tables import JournalEntry, VehicleUnit
from kit.clock import day_start
from kit.database import Sessions, transaction
from tests.audit.conftest import NOW
from tests.audit.facts import (
    add_filing,
    add_order,
    add_stop,
    add_trip,
    beijing,
    near,
    store_positions,
)
from tests.support.world import World
from tracking.tables import Trip

DAY = date(2026, 10, 20)


async def settle_days(sessions: Sessions, vehicle_no: int, days: Sequence[date]) -> None:
    for day in days:
        async with transaction(sessions) as session:
            await settle(session, vehicle_no, day, NOW)


async def settle_day(sessions: Sessions, world: World, vehicle: str, day: date = DAY) -> None:
    await settle_days(sessions, world.vehicles[vehicle].no, [day])


async def current_findings(sessions: Sessions) -> list[Finding]:
    async with sessions() as session:
        query = select(Finding).where(Finding.superseded_at.is_(None)).order_by(Finding.subject)
        return list(await session.scalars(query))


async def explained_days(sessions: Sessions) -> list[ExplainedDay]:
    async with sessions() as session:
        return list(await session.scalars(select(ExplainedDay).order_by(ExplainedDay.day)))


async def test_a_trip_that_nothing_explains_is_a_finding_with_its_figures(
    sessions: Sessions, world: World, database_url: str
) -> None:
    start = beijing(20, 9)
    async with transaction(sessions) as session:
        trip_id = add_trip(session, world.vehicles["a1"], start, [600, 600, 600])
    points = [(start + timedelta(minutes=n), near(world.bases["a"], 600 * n)) for n in range(4)]
    await store_positions(database_url, world.terminals["a1"].no, points)
    await settle_day(sessions, world, "a1")

    (finding,) = await current_findings(sessions)
    assert (finding.rule, finding.state) == ("moved_without_order", "suspected")
    assert (finding.day, finding.trip_id) == (DAY, trip_id)
    assert finding.organisation_no == world.organisations["a"].no
    assert finding.figures["distance_m"] == 1800
    assert finding.figures["farthest_from_base_m"] == 1800
    assert finding.figures["start"] == "2026-10-20T01:00:00Z"
    (day,) = await explained_days(sessions)
    assert (day.driven_m, day.unexplained_m) == (1800, 1800)
    assert [p["metres"] for p in day.parts] == [1800]


async def test_driving_inside_the_base_is_kilometres_but_no_finding(
    sessions: Sessions, world: World, database_url: str
) -> None:
    start = beijing(20, 9)
    async with transaction(sessions) as session:
        add_trip(session, world.vehicles["a1"], start, [120, 120, 120])
    points = [(start + timedelta(minutes=n), near(world.bases["a"], 120 * (n % 2)))
              for n in range(4)]  # fmt: skip
    await store_positions(database_url, world.terminals["a1"].no, points)
    await settle_day(sessions, world, "a1")
    assert await current_findings(sessions) == []
    assert [d.unexplained_m for d in await explained_days(sessions)] == [360]


async def test_an_order_explains_its_kilometres_and_names_itself(
    sessions: Sessions, world: World
) -> None:
    async with transaction(sessions) as session:
        add_trip(session, world.vehicles["a1"], beijing(20, 9), [600] * 30)
        ride = await add_order(session, world, "a1", beijing(20, 9), beijing(20, 9, 10))
        filing = await add_filing(session, world, "a1", beijing(20, 9, 20), beijing(20, 12))
    await settle_day(sessions, world, "a1")
    (day,) = await explained_days(sessions)
    # The order reaches ten minutes beyond its return, to just before the filing.
    assert (day.ordered_m, day.filed_m, day.unexplained_m) == (19 * 600, 11 * 600, 0)
    assert {p["source_id"] for p in day.parts} == {str(ride), str(filing)}
    assert await current_findings(sessions) == []


async def test_an_order_entered_later_supersedes_the_finding(
    sessions: Sessions, world: World
) -> None:
    async with transaction(sessions) as session:
        add_trip(session, world.vehicles["a1"], beijing(20, 9), [600] * 3)
    await settle_day(sessions, world, "a1")
    (before,) = await current_findings(sessions)
    async with transaction(sessions) as session:
        await add_order(session, world, "a1", beijing(20, 9), beijing(20, 10))
    await settle_day(sessions, world, "a1")
    assert await current_findings(sessions) == []
    async with sessions() as session:
        old = await session.get_one(Finding, before.id)
        assert (old.superseded_at, old.superseded_by) == (NOW, None)
        assert old.figures == before.figures


async def test_a_new_version_of_the_trip_supersedes_the_finding_and_is_named(
    sessions: Sessions, world: World
) -> None:
    async with transaction(sessions) as session:
        old_trip = add_trip(session, world.vehicles["a1"], beijing(20, 9), [600] * 3)
    await settle_day(sessions, world, "a1")
    (before,) = await current_findings(sessions)
    async with transaction(sessions) as session:
        await session.execute(update(Trip).where(Trip.id == old_trip).values(superseded_at=NOW))
        new_trip = add_trip(session, world.vehicles["a1"], beijing(20, 8, 59), [600] * 4)
    await settle_day(sessions, world, "a1")
    (after,) = await current_findings(sessions)
    assert (after.trip_id, after.figures["distance_m"]) == (new_trip, 2400)
    async with sessions() as session:
        old = await session.get_one(Finding, before.id)
        assert old.superseded_by == after.id


async def test_settling_again_changes_nothing(sessions: Sessions, world: World) -> None:
    async with transaction(sessions) as session:
        add_trip(session, world.vehicles["a1"], beijing(20, 9), [600] * 3)
        add_stop(session, world.vehicles["a1"], beijing(20, 10), None, near(world.bases["a"], 5000))
    await settle_days(sessions, world.vehicles["a1"].no, [DAY, DAY])
    before = [finding.id for finding in await current_findings(sessions)]
    assert len(before) == 2
    await settle_day(sessions, world, "a1")
    assert [finding.id for finding in await current_findings(sessions)] == before


async def test_one_day_settled_by_many_at_once_is_settled_once(
    sessions: Sessions, world: World
) -> None:
    async with transaction(sessions) as session:
        add_trip(session, world.vehicles["a1"], beijing(20, 9), [600] * 3)
    # Another vehicle first: seeding the rules would keep the settlers apart by a lock of its own.
    await settle_day(sessions, world, "b1")
    await asyncio.gather(*(settle_day(sessions, world, "a1") for _ in range(6)))
    async with sessions() as session:
        assert len(list(await session.scalars(select(Finding)))) == 1
    assert [d.driven_m for d in await explained_days(sessions)] == [1800]


@pytest.mark.parametrize("seed", range(3))
async def test_the_order_of_settling_does_not_matter(
    sessions: Sessions, world: World, seed: int
) -> None:
    vehicle = world.vehicles["a1"]
    days = [date(2026, 10, 30) + timedelta(days=n) for n in range(3)]
    async with transaction(sessions) as session:
        add_trip(session, vehicle, beijing(30, 23, 50), [600] * 20)
        add_stop(session, vehicle, beijing(31, 0, 10), beijing(31, 23, 55), near(world.bases["b"]))
        add_trip(session, vehicle, beijing(31, 23, 55), [600] * 10)
        add_stop(session, vehicle, beijing(1, 0, 5, month=11), None, near(world.bases["b"]))
        await add_order(session, world, "a1", beijing(30, 23, 30), beijing(30, 23, 45))
        await add_filing(session, world, "a1", beijing(31, 1), beijing(31, 4))
    random.Random(seed).shuffle(days)
    await settle_days(sessions, vehicle.no, days)
    found = {(f.rule, f.subject, f.day.isoformat()) for f in await current_findings(sessions)}
    assert found == {
        ("moved_without_order", "2026-10-30T15:54:00Z", "2026-10-30"),
        ("moved_without_order", "2026-10-30T15:59:00Z", "2026-10-31"),
        ("moved_without_order", "2026-10-31T15:55:00Z", "2026-10-31"),
        ("moved_without_order", "2026-10-31T15:59:00Z", "2026-11-01"),
        ("not_back_at_night", "2026-10-30", "2026-10-30"),
        ("not_back_at_night", "2026-10-31", "2026-10-31"),
    }
    assert sum(d.driven_m for d in await explained_days(sessions)) == 30 * 600


async def test_a_finding_whose_run_moves_over_midnight_changes_its_day(
    sessions: Sessions, world: World
) -> None:
    vehicle = world.vehicles["a1"]
    start = beijing(20, 23, 59)
    async with transaction(sessions) as session:
        first = add_trip(session, vehicle, start, [300, 300, 300], every_s=15)
    await settle_days(sessions, vehicle.no, [DAY, DAY + timedelta(days=1)])
    (before,) = await current_findings(sessions)
    async with transaction(sessions) as session:
        await session.execute(update(Trip).where(Trip.id == first).values(superseded_at=NOW))
        add_trip(session, vehicle, start, [300, 300, 300], every_s=60)
    await settle_days(sessions, vehicle.no, [DAY + timedelta(days=1), DAY])
    (after,) = await current_findings(sessions)
    assert (before.subject, before.day) == (after.subject, DAY)
    assert after.day == DAY + timedelta(days=1)


async def test_a_night_that_is_not_over_is_not_judged(sessions: Sessions, world: World) -> None:
    async with transaction(sessions) as session:
        add_stop(session, world.vehicles["a1"], beijing(20, 18), None, near(world.bases["b"]))
    async with transaction(sessions) as session:
        await settle(session, world.vehicles["a1"].no, DAY, beijing(21, 5, 59))
    assert await current_findings(sessions) == []
    async with transaction(sessions) as session:
        await settle(session, world.vehicles["a1"].no, DAY, beijing(21, 6))
    assert [f.rule for f in await current_findings(sessions)] == ["not_back_at_night"]


async def test_figures_and_findings_keep_the_unit_of_their_time(
    sessions: Sessions, world: World
) -> None:
    vehicle, moved_at = world.vehicles["a1"], beijing(20, 9, 30)
    async with transaction(sessions) as session:
        query = select(VehicleUnit).where(VehicleUnit.vehicle_no == vehicle.no)
        use = (await session.scalars(query)).one()
        until = use.period.__class__(use.period.lower, moved_at, bounds="[)")
        since = use.period.__class__(moved_at, None, bounds="[)")
        use.period = until
        await session.flush()
        b = world.organisations["b"].no
        session.add(VehicleUnit(vehicle_no=vehicle.no, organisation_no=b, period=since))
        add_trip(session, vehicle, beijing(20, 9), [600] * 60)
    await settle_day(sessions, world, "a1")
    a = world.organisations["a"].no
    days = await explained_days(sessions)
    assert {d.organisation_no: d.driven_m for d in days} == {a: 29 * 600, b: 31 * 600}
    found = await current_findings(sessions)
    assert [f.organisation_no for f in found] == [a, b]


async def test_the_first_rule_versions_are_seeded_once_and_journalled(
    sessions: Sessions, world: World
) -> None:
    await settle_days(sessions, world.vehicles["a1"].no, [DAY, DAY])
    async with sessions() as session:
        versions = list(await session.scalars(select(RuleVersion).order_by(RuleVersion.rule)))
        entries = await session.scalars(
            select(JournalEntry).where(JournalEntry.object_kind == "rule_version")
        )
        assert {e.object_id for e in entries} == {v.id for v in versions}
    assert [v.rule for v in versions] == ["moved_without_order", "not_back_at_night"]


async def test_a_finding_is_judged_by_the_rule_version_of_its_time(
    sessions: Sessions, world: World
) -> None:
    await settle_day(sessions, world, "a1")
    noon = day_start(DAY)
    async with transaction(sessions) as session:
        rule = (
            await session.scalars(
                select(RuleVersion).where(RuleVersion.rule == "moved_without_order")
            )
        ).one()
        rule.period = rule.period.__class__(rule.period.lower, noon, bounds="[)")
        await session.flush()
        stricter = RuleVersion(
            id=UUID(int=5),
            rule=rule.rule,
            version=2,
            period=rule.period.__class__(noon, None, bounds="[)"),
            thresholds=rule.thresholds | {"moving_positions": 4},
        )
        session.add(stricter)
        add_trip(session, world.vehicles["a1"], beijing(19, 9), [600] * 3)
        add_trip(session, world.vehicles["a1"], beijing(20, 9), [600] * 3)
        add_trip(session, world.vehicles["a1"], beijing(20, 12), [600] * 4)
    await settle_days(sessions, world.vehicles["a1"].no, [DAY - timedelta(days=1), DAY])
    found = await current_findings(sessions)
    assert [(f.subject, f.rule_version_id == UUID(int=5)) for f in found] == [
        ("2026-10-19T01:00:00Z", False),
        ("2026-10-20T04:00:00Z", True),
    ]


async def test_sums_that_do_not_add_up_are_refused_by_the_database(
    sessions: Sessions, world: World
) -> None:
    with pytest.raises(IntegrityError):
        async with transaction(sessions) as session:
            await session.execute(
                text(
                    "INSERT INTO explained_day VALUES (:v, :o, '2026-10-20', 5, 1, 1, 1, 1, '[]')"
                ),
                {"v": world.vehicles["a1"].no, "o": world.organisations["a"].no},
            )


async def test_driving_under_a_sealing_that_nothing_explains_names_the_sealing(
    sessions: Sessions, world: World
) -> None:
    day = beijing(20, 0)
    async with transaction(sessions) as session:
        body = NewSealing(
            name="停驶封存",
            basis="封存的通知",
            start=day,
            end=day + timedelta(hours=9, minutes=1),
            exempt_categories=[],
            exempt_vehicle_ids=[world.vehicles["a2"].id],
        )
        scope = frozenset({world.organisations["a"].no})
        await order_sealing(session, Act(None, NOW), body, world.organisations["a"], scope)
        for key in ("a1", "a2", "b1"):
            add_trip(session, world.vehicles[key], beijing(20, 9), [600] * 3)
        add_trip(session, world.vehicles["a1"], beijing(20, 15), [600] * 3)
    for key in ("a1", "a2", "b1"):
        await settle_day(sessions, world, key)
    found = [
        (one.vehicle_no, one.figures["start"], one.figures.get("sealing"))
        for one in await current_findings(sessions)
    ]
    assert sorted(found, key=str) == sorted(
        [
            (world.vehicles["a1"].no, "2026-10-20T01:00:00Z", "停驶封存"),
            (world.vehicles["a1"].no, "2026-10-20T07:00:00Z", None),
            (world.vehicles["a2"].no, "2026-10-20T01:00:00Z", None),
            (world.vehicles["b1"].no, "2026-10-20T01:00:00Z", None),
        ],
        key=str,
    )
