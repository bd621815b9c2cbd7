"""The map says of vehicles what the register says, told at the commit or by the clock."""

import httpx

from tests.gateway.live.test_feed import ALL, NEAR, drive, token_of
from tests.gateway.live.watching import Watcher, watching
from tests.support.world import World
from tests.tracking.received import Looker


async def _until(one: Watcher, plate: str, unit: str) -> None:
    while one.map.get(plate, {}).get("unit", {}).get("name") != unit:
        await one.hear()


async def test_a_change_of_the_register_is_on_the_map_though_nobody_drives(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    vehicle_no = world.vehicles["b1"].no
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows("UPDATE vehicle SET plate = '示B99999' WHERE no = %s", vehicle_no)
        await _until(one, "示B99999", "乙局")
        await looker.rows(
            "UPDATE organisation SET name = '新局' WHERE no = %s", world.organisations["b"].no
        )
        await _until(one, "示B99999", "新局")
        await looker.rows(
            "WITH ended AS (UPDATE vehicle_unit SET period = tstzrange(lower(period), now())"
            " WHERE vehicle_no = %s RETURNING vehicle_no)"
            " INSERT INTO vehicle_unit (vehicle_no, organisation_no, period)"
            " SELECT vehicle_no, %s, tstzrange(now(), now() + interval '2 seconds') FROM ended",
            vehicle_no,
            world.organisations["a"].no,
        )
        await _until(one, "示B99999", "甲局")
        # Nothing tells that this use ends; the clock does.
        await one.until_map_shows({"示A10001", "示A10002"})


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
        await looker.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query = 'LISTEN gongche_live'"
        )
        await _until(one, "示B99999", "乙局")
