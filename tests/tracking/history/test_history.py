"""History over HTTP: paged without loss, doubtful positions with their reasons, journalled."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from fleet.acts import Act
from fleet.terminals.bindings import add_terminal, bind_terminal
from kit.database import Sessions, transaction
from kit.paging import encode_cursor
from kit.settings import Settings
from tests.support.apps import app_over
from tests.support.world import World, begin_sitting, client_of, log_in
from tests.tracking.driven import commute, new_worker, sent_by, work_off
from tests.tracking.received import Looker, looking_at, position, received, store
from tracking.store import unit_at


@pytest.fixture
def world_now() -> None:
    """The clock's: history is asked for until now."""


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    async with looking_at(database_url) as one:
        yield one


@pytest.fixture
async def client(
    database_url: str, sessions: Sessions, world: World, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    async with client_of(app_over(settings, sessions)) as one:
        await log_in(one, "supervisor")
        await begin_sitting(one)
        yield one


def asked(world: World, key: str, start: datetime, end: datetime, **more: object) -> dict[str, str]:
    query = {"vehicle_id": world.vehicles[key].id, "start": start.isoformat(), **more}
    return {name: str(value) for name, value in {**query, "end": end.isoformat()}.items()}


async def all_pages(client: httpx.AsyncClient, query: dict[str, str]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    while True:
        answer = await client.get("/api/v1/positions", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        assert len(page["items"]) == int(query["limit"])
        query = {**query, "cursor": page["next_cursor"]}


@pytest.mark.parametrize("limit", [1, 3, 7])
async def test_pages_lose_and_repeat_nothing_over_equal_times(
    client: httpx.AsyncClient,
    database_url: str,
    sessions: Sessions,
    world: World,
    limit: int,
) -> None:
    async with transaction(sessions) as session:
        second = await add_terminal(
            session,
            Act(actor=None, now=world.since),
            phone="13955550000",
            organisation=world.organisations["a"],
        )
        await bind_terminal(
            session,
            Act(actor=None, now=world.since),
            terminal=second,
            vehicle=world.vehicles["a1"],
            is_primary=False,
        )
    times = [world.now - timedelta(seconds=n // 4) for n in range(20)]
    # The two terminals of the vehicle send the very same bytes.
    rows = [
        received(position(time, no, twin=n), world.now)
        for n, time in enumerate(times)
        for no in (world.terminals["a1"].no, second.no)
    ]
    await store(database_url, rows * 2)
    hour = timedelta(hours=1)
    query = asked(world, "a1", world.now - hour, world.now + hour, limit=limit)
    items = await all_pages(client, query)
    assert len(items) == 40
    assert [i["time"] for i in items] == sorted(i["time"] for i in items)


async def test_doubtful_positions_are_shown_at_their_own_time_with_reasons(
    client: httpx.AsyncClient, database_url: str, world: World
) -> None:
    no = world.terminals["a1"].no
    stale, ahead = world.now - timedelta(days=400), world.now + timedelta(days=2)
    await store(
        database_url,
        [received(position(time, no), world.now) for time in (stale, ahead, None, world.now)],
    )
    hour = timedelta(hours=1)
    for time, reasons in (
        (stale, [["stale"]]),
        (ahead, [["future"]]),
        (world.now, [["time_unreadable"], []]),
    ):
        items = await all_pages(client, asked(world, "a1", time - hour, time + hour, limit=9))
        assert sorted(i["reasons"] for i in items) == sorted(reasons), time


async def test_another_units_vehicle_does_not_exist(
    client: httpx.AsyncClient, world: World, looker: Looker
) -> None:
    await looker.rows(
        "INSERT INTO person_role (person_no, organisation_no, role, period)"
        " VALUES (%s, %s, 'supervisor_officer', tstzrange(now(), NULL))",
        world.people["clerk_a"].no,
        world.organisations["a"].no,
    )
    await log_in(client, "clerk_a")
    await begin_sitting(client)
    since = world.now - timedelta(hours=1)
    answers = [
        await client.get("/api/v1/positions", params=asked(world, key, since, world.now))
        for key in ("a1", "b1")
    ]
    assert [a.status_code for a in answers] == [200, 404]
    stops = await client.get("/api/v1/stops", params={"vehicle_id": str(world.vehicles["b1"].id)})
    assert stops.status_code == 404


async def test_a_trip_from_before_the_vehicles_first_unit_is_seen_by_that_unit(
    client: httpx.AsyncClient,
    database_url: str,
    sessions: Sessions,
    world: World,
    looker: Looker,
) -> None:
    await looker.rows(
        "UPDATE vehicle_unit SET period = tstzrange(%s, NULL) WHERE vehicle_no = %s",
        world.now - timedelta(minutes=1),
        world.vehicles["a1"].no,
    )
    rows = commute(world.now - timedelta(hours=3)).rows
    await store(database_url, sent_by(world.terminals["a1"].no, rows, world.now))
    await work_off(new_worker(sessions))
    units = await looker.rows("SELECT DISTINCT organisation_no FROM trip")
    assert units == [(world.organisations["a"].no,)]
    hours = timedelta(hours=4)
    query = asked(world, "a1", world.now - hours, world.now + hours)
    items = (await client.get("/api/v1/trips", params=query)).json()["items"]
    assert len(items) == 2
    one = await client.get(f"/api/v1/trips/{items[0]['id']}")
    assert one.status_code == 200, one.text


async def test_a_trip_between_two_units_stays_with_the_last(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    no, day = world.vehicles["a1"].no, timedelta(days=1)
    await looker.rows(
        "UPDATE vehicle_unit SET period = tstzrange(lower(period), %s) WHERE vehicle_no = %s",
        world.now - day,
        no,
    )
    await looker.rows(
        "INSERT INTO vehicle_unit (vehicle_no, organisation_no, period)"
        " VALUES (%s, %s, tstzrange(%s, NULL))",
        no,
        world.organisations["b"].no,
        world.now + day,
    )
    async with sessions() as session:
        assert [
            await unit_at(session, no, at)
            for at in (world.now - 90 * day, world.now, world.now + 2 * day)
        ] == [world.organisations[key].no for key in ("a", "a", "b")]


async def test_who_read_which_track_is_journalled(
    client: httpx.AsyncClient, world: World, looker: Looker
) -> None:
    hour = timedelta(hours=1)
    begun = await client.post("/api/v1/sittings", json={"purpose": "case", "reference": "核 3 号"})
    query = asked(world, "a1", world.now - hour, world.now)
    assert (await client.get("/api/v1/positions", params=query)).status_code == 200
    entries = await looker.rows(
        "SELECT object_id, actor_no, payload FROM journal WHERE action = 'track.read'"
    )
    payload = json.loads(entries[0][2])
    assert entries == [(world.vehicles["a1"].id, world.people["supervisor"].no, entries[0][2])]
    assert (payload["purpose"], payload["after"]["reference"]) == ("case", "核 3 号")
    assert payload["sitting_id"] == begun.json()["id"]


async def test_no_track_is_shown_before_its_purpose_is_said(
    client: httpx.AsyncClient, world: World, looker: Looker
) -> None:
    hour = timedelta(hours=1)
    query = asked(world, "a1", world.now - hour, world.now)
    sitting = (await client.get("/api/v1/sittings/current")).json()["sitting"]
    assert (await client.delete("/api/v1/sittings/current")).status_code == 204
    for path in ("/positions", "/trips", "/stops"):
        answer = await client.get(f"/api/v1{path}", params=query)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/sitting-needed")
    stale = {"Gongche-Sitting": sitting["id"]}
    answer = await client.get("/api/v1/positions", params=query, headers=stale)
    assert answer.status_code == 403
    assert await looker.value("SELECT count(*) FROM journal WHERE action LIKE '%%.read'") == 0


@pytest.mark.parametrize(
    "key", [["x", 1, 1], ["2026-11-01", "y", 1], ["2026-11-01T00:00:00+00:00", 2**80, 1], [1]]
)
async def test_a_cursor_that_we_never_gave_out_is_refused(
    client: httpx.AsyncClient, world: World, key: list[str | int]
) -> None:
    hour = timedelta(hours=1)
    query = asked(world, "a1", world.now - hour, world.now, cursor=encode_cursor(key))
    answer = await client.get("/api/v1/positions", params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
