"""Real workers: one is stopped in the middle of its work, past its lease, and wakes again."""

import signal
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from kit.database import plain_url
from tests.support.system import RunningSystem, running_system
from tests.support.world import World
from tests.tracking.conftest import NOW
from tests.tracking.driven import TRIPS, commute, sent_by
from tests.tracking.received import Looker, looking_at, soon, store

LEASE_S = 2.0
WAITS = "SELECT count(*) FROM pg_locks WHERE relation = 'trip'::regclass AND NOT granted"
OWNERS = """
    SELECT count(DISTINCT owner) FILTER (WHERE expires_at > clock_timestamp()), min(epoch)
    FROM partition_lease
"""


@pytest.fixture
def settings() -> dict[str, str]:
    return {
        "GONGCHE_LEASE_S": str(LEASE_S),
        "GONGCHE_VEHICLE_PARTITIONS": "2",
        "GONGCHE_IDLE_POLL_S": "0.1",
    }


@pytest.fixture
def first(
    database_url: str, redis_url: str, world: World, settings: dict[str, str]
) -> Iterator[RunningSystem]:
    with running_system(
        database_url, redis_url, processes=("worker",), settings=settings
    ) as system:
        yield system


async def test_an_owner_paused_in_its_work_past_its_lease_writes_nothing_when_it_wakes(
    database_url: str, redis_url: str, world: World, settings: dict[str, str], first: RunningSystem
) -> None:
    vehicle_no = world.vehicles["a1"].no
    rows = sent_by(world.terminals["a1"].no, commute(NOW - timedelta(hours=3)).rows, NOW)
    async with looking_at(database_url) as looker:
        await soon(lambda: _owners(looker, 1))
        # Its results wait for this lock: it is paused with all its work done but the commit.
        async with await psycopg.AsyncConnection.connect(plain_url(database_url)) as holder:
            await holder.execute("LOCK TABLE trip IN SHARE MODE")
            await store(database_url, rows)
            await soon(lambda: _value_is(looker, WAITS, 1))
            first.processes["worker"].send_signal(signal.SIGSTOP)
        ((_, epoch),) = await looker.rows(OWNERS)
        with running_system(
            database_url, redis_url, processes=("worker",), settings=settings
        ) as second:
            # The other takes over without waiting for the paused one to wake.
            await soon(lambda: _count_is(looker, vehicle_no, 2), 30)
            trips = await looker.rows("SELECT id FROM trip ORDER BY period")
            first.processes["worker"].send_signal(signal.SIGCONT)
            await soon(lambda: _owners(looker, 2), 30)
            assert (await looker.rows(OWNERS))[0][1] > epoch
            assert await looker.rows("SELECT id FROM trip ORDER BY period") == trips
            assert "will try again" in first.log("worker") or "lease lost" in first.log("worker")
            # Both are alive: more of both vehicles' day is followed by whoever owns it now.
            later = commute(NOW - timedelta(hours=3))
            later.drive(3000).rest(900)
            for name in ("a1", "a2"):
                more = sent_by(world.terminals[name].no, later.rows, NOW)
                await store(database_url, more, f"more of {name}")
            await soon(lambda: _count_is(looker, vehicle_no, 3), 30)
            await soon(lambda: _count_is(looker, world.vehicles["a2"].no, 3), 30)
            assert second.processes["worker"].poll() is None
        assert first.processes["worker"].poll() is None


async def _owners(looker: Looker, count: int) -> bool:
    return bool((await looker.rows(OWNERS))[0][0] == count)


async def _count_is(looker: Looker, vehicle_no: int, count: int) -> bool:
    return len(await looker.rows(TRIPS, vehicle_no)) == count


async def _value_is(looker: Looker, query: str, value: int) -> bool:
    return bool(await looker.value(query) == value)
