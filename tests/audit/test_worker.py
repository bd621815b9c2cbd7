"""The background work: changed days are settled once, nights are closed once."""

import asyncio
import logging
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from audit.tables import ExplainedDay, Finding, NightProgress
from audit.worker import close_nights, settle_changes
from kit.database import Sessions, transaction
from tests.audit.conftest import NOW
from tests.audit.facts import add_order, add_stop, add_trip, beijing, near
from tests.support.world import World
from tracking.tables import ChangedDay


async def count(sessions: Sessions, table: type[ChangedDay] | type[ExplainedDay]) -> int:
    async with sessions() as session:
        return (await session.scalars(select(func.count()).select_from(table))).one()


async def test_changed_days_are_settled_and_taken_off_the_list(
    sessions: Sessions, world: World
) -> None:
    async with transaction(sessions) as session:
        for key in ("a1", "a2", "b1"):
            add_trip(session, world.vehicles[key], beijing(20, 23, 58), [600] * 10)
        await add_order(session, world, "a1", beijing(20, 23, 50), beijing(21, 1))
    assert await settle_changes(sessions, NOW) == 6
    assert await count(sessions, ChangedDay) == 0
    assert await count(sessions, ExplainedDay) == 6
    assert await settle_changes(sessions, NOW) == 0


async def test_two_workers_at_once_leave_what_one_would(sessions: Sessions, world: World) -> None:
    async with transaction(sessions) as session:
        for vehicle in world.vehicles.values():
            for day in range(10, 16):
                add_trip(session, vehicle, beijing(day, 9), [600] * 3)
                add_trip(session, vehicle, beijing(day, 15), [600] * 3)
    settled = await asyncio.gather(*(settle_changes(sessions, NOW) for _ in range(4)))
    assert sum(settled) >= 8 * 6
    assert await count(sessions, ChangedDay) == 0
    async with sessions() as session:
        findings = list(await session.scalars(select(Finding)))
        assert len(findings) == 8 * 6 * 2
        assert all(f.superseded_at is None for f in findings)
        assert (await session.scalars(select(func.sum(ExplainedDay.driven_m)))).one() == 172_800


async def test_a_vehicle_that_fails_keeps_its_days_and_holds_nobody_up(
    sessions: Sessions, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken = world.vehicles["a1"]
    async with transaction(sessions) as session:
        add_trip(session, broken, beijing(20, 9), [600] * 3)
        add_trip(session, world.vehicles["a2"], beijing(20, 9), [600] * 3)
        await session.flush()
        # Beyond what an integer column takes: a sum that cannot be stored.
        await session.execute(
            text("UPDATE trip SET pair_m = ARRAY[2147483647, 2147483647, 1] WHERE vehicle_no = :v"),
            {"v": broken.no},
        )
    with caplog.at_level(logging.ERROR):
        assert await settle_changes(sessions, NOW) == 1
    assert "could not be settled" in caplog.text
    assert await count(sessions, ChangedDay) == 1


async def test_the_first_closing_looks_back_three_nights(sessions: Sessions, world: World) -> None:
    async with transaction(sessions) as session:
        add_stop(session, world.vehicles["a1"], beijing(20, 18), None, near(world.bases["b"]))
    assert await close_nights(sessions, NOW) == 3
    assert await close_nights(sessions, NOW) == 0
    await settle_changes(sessions, NOW)
    async with sessions() as session:
        nights = await session.scalars(select(Finding.day).order_by(Finding.day))
        # Settling a day judges both nights that touch it, so a fourth comes with them.
        assert list(nights) == [date(2026, 10, n) for n in (28, 29, 30, 31)]


async def test_a_night_is_closed_once_it_is_over(sessions: Sessions, world: World) -> None:
    await close_nights(sessions, beijing(20, 5, 59))
    async with sessions() as session:
        assert (await session.scalars(select(NightProgress.night))).one() == date(2026, 10, 18)
    assert await close_nights(sessions, beijing(20, 6)) == 1
    async with sessions() as session:
        assert (await session.scalars(select(NightProgress.night))).one() == date(2026, 10, 19)


async def test_nights_missed_while_down_are_caught_up_within_bounds(
    sessions: Sessions, world: World
) -> None:
    await close_nights(sessions, beijing(1, 12))
    assert await close_nights(sessions, beijing(1, 12) + timedelta(days=5)) == 5
    assert await close_nights(sessions, beijing(1, 12) + timedelta(days=365)) == 40


async def test_two_workers_close_each_night_once(sessions: Sessions, world: World) -> None:
    closed = await asyncio.gather(*(close_nights(sessions, NOW) for _ in range(4)))
    assert sum(closed) == 3
    assert await count(sessions, ChangedDay) == 3 * len(world.vehicles)
