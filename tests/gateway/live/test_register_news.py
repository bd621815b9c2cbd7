"""The map says of vehicles what the register says, told at the commit or by the clock.

The round in which vehicles are read in turn is off, but for the test of it: it would hide what
nobody tells.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kit.database import Sessions
from tests.gateway.live.conftest import serving
from tests.gateway.live.test_feed import ALL, NEAR, departed_order, drive, manager_of, token_of
from tests.gateway.live.watching import Watcher, watching
from tests.support.world import World
from tests.tracking.received import Looker, position, received, running_ingest

# What listens has said SELECT since, when it was quiet for a while.
DEAFEN = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query IN ('LISTEN gongche_live', 'SELECT')"
)
TO_UNIT = "UPDATE vehicle_unit SET organisation_no = %s WHERE vehicle_no = %s"


@pytest.fixture
async def server(
    database_url: str, redis_url: str, sessions: Sessions, world: World, tmp_path: Path
) -> AsyncIterator[str]:
    """The address of an API that reads of the register only what it is told of, or the clock."""
    async with serving(database_url, redis_url, sessions, tmp_path, in_turn=False) as address:
        yield address


async def _until(one: Watcher, plate: str, unit: str) -> None:
    while one.map.get(plate, {}).get("unit", {}).get("name") != unit:
        await one.hear()


async def _until_on_order(one: Watcher, plate: str, order: dict[str, str] | None) -> None:
    while one.map[plate]["order"] != order:
        await one.hear()


async def test_a_change_of_a_vehicle_or_its_unit_is_on_the_map_though_nobody_drives(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    vehicle_no, b = world.vehicles["b1"].no, world.organisations["b"].no
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows("UPDATE vehicle SET plate = '示B99999' WHERE no = %s", vehicle_no)
        await _until(one, "示B99999", "乙局")
        await looker.rows(TO_UNIT, world.organisations["a"].no, vehicle_no)
        await _until(one, "示B99999", "甲局")
        await looker.rows("DELETE FROM vehicle_unit WHERE vehicle_no = %s", vehicle_no)
        await one.until_map_shows({"示A10001", "示A10002"})
        # It began long ago: the clock says nothing of it.
        await looker.rows(
            "INSERT INTO vehicle_unit (vehicle_no, organisation_no, period)"
            " VALUES (%s, %s, tstzrange(now() - interval '1 day', NULL))",
            vehicle_no,
            b,
        )
        await _until(one, "示B99999", "乙局")
        await looker.rows("UPDATE vehicle SET withdrawn_at = now() WHERE no = %s", vehicle_no)
        await one.until_map_shows({"示A10001", "示A10002"})


async def test_what_the_clock_alone_ends_is_on_the_map(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows(
            "UPDATE vehicle_unit SET period = tstzrange(lower(period), now() + interval '1 s')"
            " WHERE vehicle_no = %s",
            world.vehicles["b1"].no,
        )
        await one.until_map_shows({"示A10001", "示A10002"})


async def test_the_steps_of_an_order_are_on_the_map(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        order_id = await departed_order(looker, world)
        await _until_on_order(one, "示A10001", {"id": order_id, "state": "departed"})
        await looker.rows(
            "UPDATE orders SET state = 'arrived', revision = revision + 1 WHERE id = %s", order_id
        )
        await _until_on_order(one, "示A10001", {"id": order_id, "state": "arrived"})
        await looker.rows("DELETE FROM orders WHERE id = %s", order_id)
        await _until_on_order(one, "示A10001", None)


@pytest.mark.parametrize("others", [0, 300])
async def test_a_new_name_of_a_unit_is_on_the_map_however_many_its_vehicles(
    server: str,
    http: httpx.AsyncClient,
    database_url: str,
    world: World,
    looker: Looker,
    others: int,
) -> None:
    await drive(database_url, world, 60, **NEAR)
    unit_no = world.organisations["b"].no
    await looker.rows(
        "WITH made AS (INSERT INTO vehicle OVERRIDING SYSTEM VALUE"
        " SELECT (jsonb_populate_record(v, jsonb_build_object('no', v.no + 1000 + n,"
        " 'id', gen_random_uuid(), 'plate', '示C' || (10000 + n), 'vin', NULL))).*"
        " FROM vehicle v, generate_series(1, %s) n WHERE v.no = %s RETURNING no)"
        " INSERT INTO vehicle_unit (vehicle_no, organisation_no, period)"
        " SELECT no, %s, tstzrange(now() - interval '1 day', NULL) FROM made",
        others,
        world.vehicles["b1"].no,
        unit_no,
    )
    await looker.rows("LISTEN gongche_live")
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows("UPDATE organisation SET name = '新局' WHERE no = %s", unit_no)
        await _until(one, "示B10001", "新局")
    told = [n.payload async for n in looker.connection.notifies(timeout=10, stop_after=1)]
    # Too many to be named: all are read.
    assert [payload == "" for payload in told] == [others == 300]


async def test_what_changed_while_nothing_could_be_heard_is_on_the_map(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows("ALTER TABLE vehicle DISABLE TRIGGER USER")
        await looker.rows(
            "UPDATE vehicle SET plate = '示B99999' WHERE no = %s", world.vehicles["b1"].no
        )
        assert await looker.rows(DEAFEN) == [(True,)]
        await _until(one, "示B99999", "乙局")


AT_ONCE = timedelta(seconds=1)


async def test_nothing_is_told_of_a_vehicle_that_left_the_unit_while_nothing_could_be_heard(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    token = await manager_of("b", http, world, looker)
    async with watching(server, token) as one:
        await one.until_map_shows({"示B10001"})
        assert await looker.rows(DEAFEN) == [(True,)]
        # Meanwhile the register would be read again, were it read at once.
        await asyncio.sleep(0.3)
        left_at = await looker.value(
            "UPDATE vehicle_unit SET organisation_no = %s WHERE vehicle_no = %s"
            " RETURNING clock_timestamp()",
            world.organisations["a"].no,
            world.vehicles["b1"].no,
        )
        told_from = len(one.seen)
        async with asyncio.timeout(20), running_ingest(database_url) as ingest:
            hearing = asyncio.create_task(one.until_map_shows(set()))
            while not hearing.done():
                now = datetime.now(UTC)
                moved = position(now, world.terminals["b1"].no, lat=40.05, lon=110.06)
                await ingest.submit([received(moved, now)])
            await hearing
    told = [message for message in one.seen[told_from:] if message.get("vehicles")]
    assert all(datetime.fromisoformat(message["at"]) - left_at < AT_ONCE for message in told)


async def test_vehicles_are_read_in_turn_though_nobody_tells(
    database_url: str,
    redis_url: str,
    sessions: Sessions,
    world: World,
    looker: Looker,
    tmp_path: Path,
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with (
        serving(database_url, redis_url, sessions, tmp_path) as server,
        httpx.AsyncClient(base_url=f"http://{server}") as http,
        watching(server, await token_of(http, "dispatcher")) as one,
    ):
        await one.until_map_shows(ALL)
        await looker.rows("ALTER TABLE vehicle DISABLE TRIGGER USER")
        await looker.rows(
            "UPDATE vehicle SET plate = '示B99999' WHERE no = %s", world.vehicles["b1"].no
        )
        await _until(one, "示B99999", "乙局")
