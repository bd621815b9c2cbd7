"""The live feed over real WebSockets: scope, view, revocation, slow readers."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from gateway.live.client import LiveClient
from gateway.live.encoding import LiveEntry, Tick
from kit.clock import utc_now
from tests.gateway.live.watching import watching
from tests.support.world import PASSWORD, World
from tests.tracking.received import Looker, position, received, running_ingest

ALL = {"示A10001", "示A10002", "示B10001"}
NEAR = {"a1": (40.05, 110.05), "a2": (40.06, 110.05), "b1": (40.05, 110.06)}


async def token_of(http: httpx.AsyncClient, username: str) -> str:
    answer = await http.post("/api/v1/session", json={"username": username, "password": PASSWORD})
    answer.raise_for_status()
    http.cookies.clear()
    token: str = answer.json()["token"]
    return token


async def drive(url: str, world: World, age_s: float = 5, **places: tuple[float, float]) -> None:
    """Let each vehicle report from its place."""
    time = (datetime.now(UTC) - timedelta(seconds=age_s)).replace(microsecond=0)
    rows = [
        received(position(time, world.terminals[key].no, lat=lat, lon=lon), time)
        for key, (lat, lon) in places.items()
    ]
    async with running_ingest(url) as ingest:
        await ingest.submit(rows)


async def manager_of(key: str, http: httpx.AsyncClient, world: World, looker: Looker) -> str:
    """Return the token of somebody who may see this unit's vehicles and no others."""
    await looker.rows(
        "INSERT INTO person_role (person_no, organisation_no, role, period)"
        " VALUES (%s, %s, 'fleet_manager', tstzrange(now(), NULL))",
        world.people["clerk_a"].no,
        world.organisations[key].no,
    )
    return await token_of(http, "clerk_a")


async def departed_order(looker: Looker, world: World) -> str:
    """Return the id of an order on which A's first vehicle has departed."""
    order_id = uuid4()
    await looker.rows(
        "INSERT INTO orders (id, kind, organisation_no, issuer_no, vehicle_no, driver_no,"
        " dispatcher_no, cross_unit, period, state, revision, departed_at) VALUES"
        " (%s, 'ride', %s, %s, %s, %s, %s, false,"
        " tstzrange(now(), now() + interval '1 h'), 'departed', 1, now())",
        order_id,
        world.organisations["a"].no,
        world.organisations["bureau"].no,
        world.vehicles["a1"].no,
        world.drivers["a1"].no,
        world.people["dispatcher"].no,
    )
    return str(order_id)


async def test_a_snapshot_then_updates_without_a_gap_in_their_numbers(
    server: str, http: httpx.AsyncClient, database_url: str, world: World
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        assert (await one.hear())["type"] == "snapshot"
        await one.until_map_shows(ALL)
        for n in range(20):
            await drive(database_url, world, 40 - n, a1=(40.05 + n * 1e-4, 110.05))
        while one.map["示A10001"]["latitude"] < 40.05185:
            await one.hear()
        numbers = [m["seq"] for m in one.seen if "seq" in m]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {m["type"] for m in one.seen[1:]} == {"update"}
    assert {v["state"] for v in one.map.values()} == {"moving"}


async def test_nothing_outside_the_scope_ever_arrives(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    token = await manager_of("a", http, world, looker)
    async with watching(server, token) as one:
        await one.until_map_shows({"示A10001", "示A10002"})
        for n in range(10):
            await drive(database_url, world, 40 - n, b1=(40.05, 110.06 + n * 1e-4))
        await drive(database_url, world, 1, a1=(40.0599, 110.05))
        while one.map["示A10001"]["latitude"] < 40.05985:
            await one.hear()
    for key in ("b1", "b2", "b3"):
        assert str(world.vehicles[key].id) not in one.text
        assert world.vehicles[key].plate not in one.text


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor"])
async def test_administrators_by_that_role_see_no_map(
    server: str, http: httpx.AsyncClient, username: str
) -> None:
    async with watching(server, await token_of(http, username)) as one:
        assert await one.closed() == 4403
    assert one.text == ""


async def test_a_wrong_token_hears_nothing(server: str) -> None:
    for token in ("no-token", ""):
        async with watching(server, token) as one:
            assert await one.closed() == 4401
        assert one.text == ""


async def test_the_socket_is_closed_after_the_log_out(
    server: str, http: httpx.AsyncClient, database_url: str, world: World
) -> None:
    await drive(database_url, world, 60, **NEAR)
    token = await token_of(http, "dispatcher")
    async with watching(server, token) as one:
        await one.until_map_shows(ALL)
        answer = await http.delete("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code < 300
        assert await one.closed() == 4401


async def test_the_socket_is_closed_when_the_role_ends(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows(
            "UPDATE person_role SET period = tstzrange(lower(period), now()) WHERE person_no = %s",
            world.people["dispatcher"].no,
        )
        assert await one.closed() == 4403


async def test_a_mandate_that_ends_takes_its_vehicles_from_the_open_map(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows(
            "UPDATE mandate SET period = tstzrange(lower(period), now())"
            " WHERE over_no = %s AND matter = 'dispatch'",
            world.organisations["b"].no,
        )
        await one.until_map_shows({"示A10001", "示A10002"})
        assert one.seen[-1]["type"] == "snapshot"
        so_far = len(one.text)
        await drive(database_url, world, 20, b1=(40.05, 110.07))
        await drive(database_url, world, 10, a1=(40.0599, 110.05))
        while one.map["示A10001"]["latitude"] < 40.05985:
            await one.hear()
        assert "示B10001" not in one.text[so_far:]


async def test_a_role_that_ends_by_the_clock_ends_the_map(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows(
            "UPDATE person_role SET period = tstzrange(lower(period), now() + interval '2 seconds')"
            " WHERE person_no = %s",
            world.people["dispatcher"].no,
        )
        assert await one.closed() == 4403


async def test_a_foreign_page_is_refused(server: str, http: httpx.AsyncClient) -> None:
    token = await token_of(http, "dispatcher")
    with pytest.raises(InvalidStatus) as refused:
        async with watching(server, token, origin="https://evil.example"):
            raise AssertionError("it was let in")
    assert refused.value.response.status_code == 403
    async with watching(server, token, origin=f"http://{server}") as one:
        assert (await one.hear())["type"] == "snapshot"


async def test_a_view_limits_what_is_sent_and_tells_what_has_left(
    server: str, http: httpx.AsyncClient, database_url: str, world: World
) -> None:
    await drive(database_url, world, 60, **{**NEAR, "b1": (41.5, 112.5)})
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await one.view(110.0, 40.0, 110.1, 40.1)
        await one.until_map_shows({"示A10001", "示A10002"})
        so_far = len(one.text)
        # Four digits: three might be those of a second.
        await drive(database_url, world, 30, b1=(41.5123, 112.5))
        await drive(database_url, world, 20, a1=(43.0, 114.0))
        await one.until_map_shows({"示A10002"})
        assert one.seen[-1]["gone"] == [str(world.vehicles["a1"].id)]
        await drive(database_url, world, 10, b1=(40.05, 110.051))
        await one.until_map_shows({"示A10002", "示B10001"})
        assert "41.5123" not in one.text[so_far:]


async def test_a_view_that_is_none_is_told_so_and_costs_nothing(
    server: str, http: httpx.AsyncClient, database_url: str, world: World
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        for words in ("no json", "[]", '{"type":"view","bounds":[1,2,0,0]}', '{"type":"view"}'):
            await one.socket.send(words)
            while (await one.hear())["type"] != "error":
                pass
        await one.view(110.05, 40.05, 110.05, 40.05)
        await one.until_map_shows(ALL)


async def test_a_vehicle_that_leaves_the_register_leaves_the_map(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        await looker.rows(
            "UPDATE vehicle SET withdrawn_at = now() WHERE no = %s", world.vehicles["b1"].no
        )
        await one.until_map_shows({"示A10001", "示A10002"})


async def test_the_order_that_a_vehicle_is_on_is_shown(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    await drive(database_url, world, 60, **NEAR)
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.until_map_shows(ALL)
        assert one.map["示A10001"]["order"] is None
        order_id = await departed_order(looker, world)
        while one.map["示A10001"]["order"] is None:
            await one.hear()
        assert one.map["示A10001"]["order"] == {"id": order_id, "state": "departed"}


async def test_looking_is_journalled(server: str, http: httpx.AsyncClient, looker: Looker) -> None:
    async with watching(server, await token_of(http, "dispatcher")) as one:
        await one.hear()
    entries = await looker.rows("SELECT actor_name, address FROM journal WHERE action='live.read'")
    assert [address for _, address in entries] == ["127.0.0.1"]


async def test_a_slow_client_is_not_queued_for_but_gets_a_new_snapshot() -> None:
    client = LiveClient(frozenset({1}))
    client.snapshot("", utc_now())
    tick = Tick([LiveEntry("1", 1, 7, '{"n":1}')])
    for _ in range(200):
        client.update(tick, utc_now())
    assert client.needs_snapshot
    assert client.waiting.qsize() <= 64
    client.snapshot('{"n":2}', utc_now())
    client.update(tick, utc_now())
    sent = [client.waiting.get_nowait() for _ in range(client.waiting.qsize())]
    assert "snapshot" in sent[0]
    numbers = [int(m.split('"seq":')[1].split(",")[0]) for m in sent]
    assert numbers == list(range(numbers[0], numbers[0] + len(sent)))
