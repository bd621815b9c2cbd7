"""What the journal costs a write: the same requests with it and without, in turns.

A request passes the whole application (log-in, scope, checks, SQL, commit), but no socket. Without
the journal means that `record` does nothing. The sealer's work comes after the commit, and is
told and counted apart.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from fleet import journal
from fleet.journal.sealing import seal_pending
from fleet.journal.words import Algorithm
from gateway.http.app import create_app
from kit.clock import utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction
from kit.settings import Settings
from loadtests.measuring import Figure, Meter, Place, Spent
from tests.support.world import World, build_world, client_of, log_in

TURNS, A_TURN = 20, 15
MOST_OF_A_WRITE = 10.0  # per cent

Write = Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]]


def run(place: Place) -> list[Figure]:
    """Measure both kinds of write."""
    return asyncio.run(_run(place))


async def _run(place: Place) -> list[Figure]:
    url = place.fresh_database()
    # One connection, so that one server process does all of the database's work.
    engine = open_engine(url, pool_size=1)
    sessions = open_sessions(engine)
    settings = Settings(database_url=url, data_dir=place.folder, demo=True)
    try:
        async with transaction(sessions) as session:
            world = await build_world(session, utc_now())
        async with transaction(sessions) as session:
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
        assert isinstance(pid, int)
        app = create_app(settings, sessions=sessions)
        return await _measure(app, sessions, world, Meter(pid))
    finally:
        await engine.dispose()


async def _measure(app: FastAPI, sessions: Sessions, world: World, meter: Meter) -> list[Figure]:
    figures = []
    async with client_of(app) as client:
        await log_in(client, "manager")
        for name, write in (
            ("change of a vehicle", _change_vehicle(world)),
            ("new place", _add_place(world)),
        ):
            await _seal_all(sessions)
            with_it, without = await _compare(client, write, meter)
            sealing: list[Spent] = []
            with meter.measured(sealing):
                entries = await _seal_all(sessions)
            figures += _figures(name, with_it, without, sealing[0], entries)
    return figures


async def _compare(
    client: httpx.AsyncClient, write: Write, meter: Meter
) -> tuple[list[Spent], list[Spent]]:
    """Return what each turn took with the journal and without."""
    with_it: list[Spent] = []
    without: list[Spent] = []
    await _turn(client, write, 0)  # warm caches belong to neither
    for n in range(1, TURNS + 1):
        with meter.measured(with_it):
            await _turn(client, write, 2 * n)
        with _no_journal(), meter.measured(without):
            await _turn(client, write, 2 * n + 1)
    return with_it, without


async def _turn(client: httpx.AsyncClient, write: Write, n: int) -> None:
    for i in range(A_TURN):
        answer = await write(client, n * A_TURN + i)
        answer.raise_for_status()


def _figures(
    name: str, with_it: list[Spent], without: list[Spent], sealing: Spent, entries: int
) -> list[Figure]:
    writes = len(with_it) * A_TURN
    wall_with, wall_without = (
        _median([s.wall_s for s in with_it]),
        _median([s.wall_s for s in without]),
    )
    cpu_with = sum(s.cpu_s for s in with_it) / writes
    cpu_without = sum(s.cpu_s for s in without) / writes
    return [
        Figure(f"{name}: without journal, wall", 1000 * wall_without / A_TURN, "ms"),
        Figure(f"{name}: with journal, wall", 1000 * wall_with / A_TURN, "ms"),
        Figure(
            f"{name}: journal's share, wall",
            100 * (wall_with / wall_without - 1),
            "%",
            at_most=MOST_OF_A_WRITE,
        ),
        Figure(f"{name}: without journal, CPU", 1000 * cpu_without, "ms"),
        Figure(f"{name}: with journal, CPU", 1000 * cpu_with, "ms"),
        Figure(
            f"{name}: journal's share, CPU",
            100 * (cpu_with / cpu_without - 1),
            "%",
            at_most=MOST_OF_A_WRITE,
        ),
        Figure(f"{name}: sealing an entry later, CPU", 1e6 * sealing.cpu_s / entries, "µs"),
    ]


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


@contextmanager
def _no_journal() -> Iterator[None]:
    kept = journal.record
    journal.record = _record_nothing
    try:
        yield
    finally:
        journal.record = kept


def _record_nothing(*_: object, **__: object) -> UUID:
    return _NOTHING


_NOTHING = uuid4()


async def _seal_all(sessions: Sessions) -> int:
    entries = 0
    while True:
        async with transaction(sessions) as session:
            sealed = await seal_pending(session, Algorithm.SHA256, utc_now())
        if sealed is None:
            return entries
        entries += sealed.entries


def _change_vehicle(world: World) -> Write:
    path = f"/api/v1/vehicles/{world.vehicles['a1'].id}"
    return lambda client, n: client.patch(path, json={"model": f"轿车 {n}", "tank_l": 40 + n % 20})


def _add_place(world: World) -> Write:
    organisation = str(world.organisations["bureau"].id)
    return lambda client, n: client.post(
        "/api/v1/places",
        json={
            "name": f"重点场所 {n}",
            "kind": "watched_place",
            "latitude": 40.05,
            "longitude": 110.05,
            "organisation_id": organisation,
            "radius_m": 100,
        },
    )
