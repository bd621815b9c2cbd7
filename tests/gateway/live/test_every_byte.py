"""Every byte that one unit's client receives under load is decoded: nothing of another unit's.

GONGCHE_TEST_LIVE_S is how long the fleets drive; a minute shows what the promise says.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from kit.database import Sessions
from kit.servers import EmbeddedValkey
from tests.gateway.live.conftest import serving
from tests.gateway.live.test_feed import NEAR, drive, manager_of, token_of
from tests.gateway.live.watching import Watcher, unescaped, watching
from tests.support.servers import server_folder
from tests.support.world import World
from tests.tracking.received import Looker, position, received, running_ingest, soon

LIVE_S = float(os.environ.get("GONGCHE_TEST_LIVE_S", "5"))
AT_ONCE_S = 1.0
ARRIVED_S = 5.0
"""By the test's clock, which on a busy machine comes late itself; nothing is queued for so long."""
FLEETS = ("a1", "a2", "a3", "b1", "b2", "b3")


@asynccontextmanager
async def driving(url: str, world: World) -> AsyncIterator[None]:
    """Both fleets drive side by side, each vehicle reporting many times a second."""
    stopped = asyncio.Event()

    async def go() -> None:
        async with running_ingest(url) as ingest:
            n = 0
            while not stopped.is_set():
                now = datetime.now(UTC)
                rows = [
                    received(
                        position(
                            now.replace(microsecond=0) - timedelta(seconds=2),
                            world.terminals[key].no,
                            lat=40.05 + 1e-5 * n,
                            lon=110.05 + 1e-4 * k,
                            twin=n,
                        ),
                        now,
                    )
                    for k, key in enumerate(FLEETS)
                ]
                await ingest.submit(rows)
                n += 1

    going = asyncio.create_task(go())
    try:
        yield
    finally:
        stopped.set()
        await going


def decoded(text: str) -> tuple[set[str], set[str]]:
    """Return the ids and the units of all vehicles that a message names in any way."""
    message: dict[str, Any] = json.loads(text)
    assert set(message) <= {"type", "seq", "at", "vehicles", "gone", "seconds"}
    vehicles = message.get("vehicles", [])
    ids = {v["id"] for v in vehicles} | set(message.get("gone", []))
    return ids, {v["unit"]["id"] for v in vehicles}


async def test_a_loaded_minute_holds_nothing_of_another_unit(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    token = await manager_of("a", http, world, looker)
    mine = {str(world.vehicles[key].id) for key in FLEETS if key.startswith("a")}
    theirs = [w for key in FLEETS if key.startswith("b") for w in _words(world, key)]
    messages: list[str] = []
    async with driving(database_url, world), watching(server, token) as one:
        ends_at = time.monotonic() + LIVE_S
        while time.monotonic() < ends_at:
            messages.append(str(await one.socket.recv()))
    seen: set[str] = set()
    for text in messages:
        ids, units = decoded(text)
        seen |= ids
        assert ids <= mine
        assert units <= {str(world.organisations["a"].id)}
        assert not [word for word in theirs if word in text + unescaped(text)]
    assert seen == mine
    assert sum('"type":"update"' in text for text in messages) > 3


def _words(world: World, key: str) -> list[str]:
    return [str(world.vehicles[key].id), world.vehicles[key].plate, "乙局"]


REVOCATIONS = {
    "role": (
        "UPDATE person_role SET period = tstzrange(lower(period), clock_timestamp())"
        " WHERE person_no = %s AND role = 'fleet_manager'",
        4403,
    ),
    "account": ("UPDATE person SET disabled_at = clock_timestamp() WHERE no = %s", 4401),
    "session": ("DELETE FROM log_in WHERE person_no = %s", 4401),
}


@pytest.mark.parametrize("taken", REVOCATIONS)
async def test_nothing_arrives_a_second_after_a_revocation_under_load(
    server: str,
    http: httpx.AsyncClient,
    database_url: str,
    world: World,
    looker: Looker,
    taken: str,
) -> None:
    token = await manager_of("a", http, world, looker)
    statement, code = REVOCATIONS[taken]
    async with driving(database_url, world), watching(server, token) as one:
        while len(one.map) < 3:
            await one.hear()
        listening = asyncio.create_task(_until_closed(one))
        await looker.rows(statement, world.people["clerk_a"].no)
        revoked_at = await looker.value("SELECT clock_timestamp()")
        last, closed_with = await listening
    assert closed_with == code
    # By the clocks of who told and who revoked: how late this test reads is not the product's.
    assert last.made_at - revoked_at < timedelta(seconds=AT_ONCE_S)
    # What was made before and sent late is told by its arrival.
    assert last.arrived_at - revoked_at < timedelta(seconds=ARRIVED_S)


async def test_nothing_of_a_vehicle_arrives_a_second_after_it_left_the_unit_under_load(
    server: str, http: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    token = await manager_of("a", http, world, looker)
    vehicle = world.vehicles["a1"]
    async with driving(database_url, world), watching(server, token) as one:
        while len(one.map) < 3:
            await one.hear()
        hearing = asyncio.create_task(_until_gone(one, vehicle.plate))
        left_at = await looker.value(
            "UPDATE vehicle_unit SET organisation_no = %s WHERE vehicle_no = %s"
            " RETURNING clock_timestamp()",
            world.organisations["b"].no,
            vehicle.no,
        )
        await hearing
        # The load goes on: what is told of the others is what would tell of it.
        so_far = len(one.seen)
        while len(one.seen) < so_far + 20:
            await one.hear()
    told = [m for m in one.seen if vehicle.plate in {v["plate"] for v in m.get("vehicles", ())}]
    last_at = max(datetime.fromisoformat(message["at"]) for message in told)
    assert last_at - left_at < timedelta(seconds=AT_ONCE_S)


async def _until_gone(one: Watcher, plate: str) -> None:
    while plate in one.map:
        await one.hear()


async def test_the_socket_is_closed_while_the_bus_is_away_and_opens_when_it_is_back(
    database_url: str, sessions: Sessions, world: World, tmp_path: Path
) -> None:
    with server_folder() as folder:
        bus = EmbeddedValkey(folder)
        await asyncio.to_thread(bus.start)
        try:
            async with (
                serving(database_url, bus.url(), sessions, tmp_path) as server,
                httpx.AsyncClient(base_url=f"http://{server}") as http,
            ):
                await _away_and_back(server, http, bus, database_url, world)
        finally:
            await asyncio.to_thread(bus.stop)


async def _away_and_back(
    server: str, http: httpx.AsyncClient, bus: EmbeddedValkey, url: str, world: World
) -> None:
    await drive(url, world, 60, **NEAR)
    token = await token_of(http, "dispatcher")
    async with watching(server, token) as one:
        await one.until_map_shows({"示A10001", "示A10002", "示B10001"})
        await asyncio.to_thread(bus.stop)
        assert await one.closed() == 1013
        so_far = one.text
    async with watching(server, None) as refused:
        assert await refused.closed() == 1013
        assert refused.text == ""
    # Four digits: three might be those of a second.
    await drive(url, world, 30, a1=(40.0723, 110.05))
    await asyncio.to_thread(bus.start)

    async def is_back() -> bool:
        try:
            async with watching(server, token) as again:
                return bool((await again.hear())["type"] == "snapshot")
        except ConnectionClosed:
            return False

    await soon(is_back)
    async with watching(server, token) as one:
        while one.map.get("示A10001", {}).get("latitude") != 40.0723:
            await one.hear()
    assert "40.0723" not in so_far


@dataclass(frozen=True, slots=True)
class Last:
    """The latest time at which a message was made, and at which one arrived: signs of life too."""

    made_at: datetime
    arrived_at: datetime


async def _until_closed(one: Watcher) -> tuple[Last, int]:
    """Return of when the last message was, and the code with which the socket was closed."""
    last = Last(datetime.fromisoformat(one.seen[-1]["at"]), datetime.now(UTC))
    async with asyncio.timeout(20):
        try:
            while True:
                message: dict[str, Any] = json.loads(await one.socket.recv())
                made = message.get("at")
                made_at = datetime.fromisoformat(made) if made else last.made_at
                last = Last(max(last.made_at, made_at), datetime.now(UTC))
        except ConnectionClosed as end:
            return last, end.rcvd.code if end.rcvd else 0
