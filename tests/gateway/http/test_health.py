"""What ails is told with its reason, since when, and without waiting for whoever is silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import make_url

from fleet.journal.chain import Root
from fleet.journal.heads import HeadsFile
from fleet.journal.sealing import seal_pending
from fleet.journal.words import Algorithm
from gateway.http.ailments import SENTENCES, Ailment, HealthRules
from gateway.http.watching import HealthWatch, Seen
from gateway.live.counters import LiveCounters
from gateway.terminals.beats import beat
from kit.bus import Bus
from kit.clock import utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction
from kit.settings import Settings
from tests.support.world import World, log_in
from tests.tracking.received import every_second, looking_at, store

RULES = HealthRules(kept_s=0.0)
NO_TIME = timedelta(0)


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    # Doors of other tests gave signs of life on the same server a moment ago.
    async with Redis.from_url(redis_url) as leftovers:
        await leftovers.flushdb()
    one = Bus(redis_url)
    yield one
    await one.close()


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, redis_url=redis_url, data_dir=tmp_path)


async def _seen(
    settings: Settings,
    sessions: Sessions,
    bus: Bus | None = None,
    live: LiveCounters | None = None,
    rules: HealthRules = RULES,
) -> Seen:
    return await HealthWatch(settings, sessions, bus, live or LiveCounters(), rules).look()


async def test_anybody_is_told_kinds_of_trouble_and_nothing_of_the_agency(
    client: httpx.AsyncClient, world: World
) -> None:
    answer = await client.get("/health")
    body = answer.json()
    reasons = {one["reason"]: one for one in body["reasons"]}
    assert reasons["map_absent"]["sentence"] == SENTENCES[Ailment.MAP_ABSENT]
    assert reasons["map_absent"]["for_s"] >= 0
    assert body["degraded"] == [one["sentence"] for one in body["reasons"]]
    assert all(one.keys() == {"reason", "since", "for_s", "sentence"} for one in body["reasons"])
    secrets = [
        *(vehicle.plate for vehicle in world.vehicles.values()),
        *(terminal.phone for terminal in world.terminals.values()),
        *(organisation.name for organisation in world.organisations.values()),
        *("postgresql://", "/tmp", "127.0.0.1"),
    ]
    assert [one for one in secrets if one in answer.text] == []


async def test_trips_that_are_behind_say_since_when(
    settings: Settings, sessions: Sessions, world: World, database_url: str
) -> None:
    await store(database_url, every_second(3))
    async with looking_at(database_url) as looker:
        committed_at = await looker.value("SELECT committed_at FROM position_batch")
    patient = await _seen(settings, sessions)
    assert Ailment.WORKER_BEHIND not in patient.since
    assert patient.last_commit_at == committed_at
    hasty = await _seen(settings, sessions, rules=replace(RULES, worker_behind=NO_TIME))
    assert hasty.since[Ailment.WORKER_BEHIND] == committed_at


async def test_a_journal_whose_heads_fall_behind_says_since_when(
    settings: Settings, sessions: Sessions, world: World, client: httpx.AsyncClient
) -> None:
    await log_in(client, "manager")
    rules = replace(RULES, unsealed=NO_TIME, heads_behind=NO_TIME)
    waiting = await _seen(settings, sessions, rules=rules)
    assert Ailment.JOURNAL_UNSEALED in waiting.since
    async with transaction(sessions) as session:
        sealed = await seal_pending(session, Algorithm.SHA256, utc_now(), most=1)
    assert sealed is not None
    heads = HeadsFile(settings.journal_heads_path)
    heads.append(sealed.root)
    async with transaction(sessions) as session:
        while (more := await seal_pending(session, Algorithm.SHA256, utc_now())) is not None:
            newest: Root = more.root
    behind = await _seen(settings, sessions, rules=rules)
    assert Ailment.JOURNAL_UNSEALED not in behind.since
    assert behind.since[Ailment.HEADS_MISSING] == newest.sealed_at
    heads.append(newest)
    assert Ailment.HEADS_MISSING not in (await _seen(settings, sessions, rules=rules)).since
    heads.path.write_text("no head\n", encoding="ascii")
    assert Ailment.HEADS_MISSING in (await _seen(settings, sessions, rules=rules)).since


async def test_doors_are_known_by_their_signs_of_life(
    settings: Settings, sessions: Sessions, bus: Bus
) -> None:
    assert Ailment.GATEWAY_UNSEEN in (await _seen(settings, sessions, bus)).since
    await beat(bus, "one", is_stalled=True)
    await beat(bus, "another", is_stalled=False)
    stalled = await _seen(settings, sessions, bus)
    assert Ailment.GATEWAY_UNSEEN not in stalled.since
    assert Ailment.INGEST_STALLED in stalled.since
    await beat(bus, "one", is_stalled=False)
    assert Ailment.INGEST_STALLED not in (await _seen(settings, sessions, bus)).since


async def test_a_live_map_that_has_stopped_is_behind_and_one_that_nobody_runs_is_not(
    settings: Settings, sessions: Sessions
) -> None:
    long_ago = utc_now() - timedelta(hours=1)
    idle = await _seen(settings, sessions, live=LiveCounters())
    assert Ailment.LIVE_BEHIND not in idle.since
    never = await _seen(settings, sessions, live=LiveCounters(began_at=long_ago))
    assert never.since[Ailment.LIVE_BEHIND] == long_ago
    live = LiveCounters(began_at=long_ago, told_at=utc_now())
    assert Ailment.LIVE_BEHIND not in (await _seen(settings, sessions, live=live)).since


async def test_since_when_is_kept_while_it_lasts(settings: Settings, sessions: Sessions) -> None:
    watch = HealthWatch(settings, sessions, None, LiveCounters(), RULES)
    first = (await watch.look()).since[Ailment.MAP_ABSENT]
    assert (await watch.look()).since[Ailment.MAP_ABSENT] == first


async def test_whoever_asks_again_at_once_costs_nothing(
    settings: Settings, sessions: Sessions
) -> None:
    watch = HealthWatch(settings, sessions, None, LiveCounters(), replace(RULES, kept_s=3600.0))
    seen = await asyncio.gather(*(watch.look() for _ in range(20)))
    assert len({id(one) for one in seen}) == 1


async def test_a_database_and_a_bus_that_fall_silent_hold_nobody_up(
    settings: Settings, database_url: str, redis_url: str
) -> None:
    async with _silencer(database_url) as (silenced_url, silence):
        engine = open_engine(silenced_url)
        rules = replace(RULES, answer_within_s=0.5, database_slow_s=0.4)
        deaf = Bus(f"redis://127.0.0.1:{make_url(silenced_url).port}/0")
        watch = HealthWatch(settings, open_sessions(engine), None, LiveCounters(), rules)
        # By patient rules: a busy machine may take long to open the connection.
        assert (await _seen(settings, open_sessions(engine))).database == "ok"
        silence.set()
        both = HealthWatch(settings, open_sessions(engine), deaf, LiveCounters(), rules)
        for one in (watch, watch, both):
            # Nothing would ever end the wait for a server that keeps its connection and is silent.
            async with asyncio.timeout(30):
                seen = await one.look()
            assert seen.database == "away"
            assert Ailment.DATABASE_AWAY in seen.since
        assert seen.bus == "away"
        await deaf.close()
    await engine.dispose()


@asynccontextmanager
async def _silencer(database_url: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Yield a way to the database that passes nothing on any more once the event is set."""
    url, silence = make_url(database_url), asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not silence.is_set():
                writer.write(data)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        socket = f"{url.query['host']}/.s.PGSQL.{url.query.get('port', url.port or 5432)}"
        back, on = await asyncio.open_unix_connection(socket)
        writers.extend((writer, on))
        await asyncio.gather(pass_on(reader, on), pass_on(back, writer), return_exceptions=True)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    way = url.set(host="127.0.0.1", port=port, query={})
    yield way.render_as_string(hide_password=False), silence
    for writer in writers:
        writer.close()
    server.close()
