"""Late, repeated and out-of-order data give the same trips and stops as data in order."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.worker import settle_changes
from fleet.acts import Act
from fleet.tables import Organisation, Vehicle
from fleet.terminals.bindings import add_terminal, bind_terminal
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding
from kit.database import Sessions, open_engine, open_sessions, transaction
from tests.support.servers import TemplateDatabases
from tests.support.world import build_world
from tests.tracking.conftest import NOW
from tests.tracking.driven import commute, new_worker, sent_by, standing, work_off
from tests.tracking.received import looking_at, position, received, running_ingest
from tests.tracking.tracks import tracks
from tracking.path.positions import JudgedPosition
from tracking.trips.positions import PositionArrays

_NUMBERS = count(1)
_WRONG_CLOCKS = (
    timedelta(hours=3),
    timedelta(weeks=-1024),
    timedelta(days=-20_000),
    timedelta(days=-400),
)


@pytest.fixture(scope="module")
def world_url(template_databases: TemplateDatabases) -> Iterator[str]:
    """A database with the world, for all examples: each has vehicles of its own."""
    url = template_databases.create()

    async def build() -> None:
        engine = open_engine(url)
        async with transaction(open_sessions(engine)) as session:
            await build_world(session, NOW)
        await engine.dispose()

    asyncio.run(build())
    yield url
    template_databases.drop(url)


@settings(
    max_examples=20,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(tracks(), st.integers(0, 2**32 - 1))
def test_any_order_repetition_and_batching_gives_the_same_trips(
    world_url: str, track: PositionArrays, seed: int
) -> None:
    asyncio.run(_same_either_way(world_url, track, seed))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_long_day_of_two_terminals_in_any_order_gives_the_same_trips(
    world_url: str, seed: int
) -> None:
    pen = commute(NOW - timedelta(hours=20))
    pen.every_s = 20
    pen.noise_m = 8.0
    for turn in (0, 130, 250, 40):
        pen.drive(6000, course_deg=turn).rest(1500, drift_m=30).spike(3000).silence(900)
    track = pen.arrays()
    assert len(track) >= 500
    trips = asyncio.run(_same_either_way(world_url, track, seed))
    assert trips >= 5


async def test_neighbours_that_overtake_each_other_at_the_live_edge_are_late_and_counted(
    world_url: str,
) -> None:
    """Nothing that comes later heals it: no clock is wrong, and no row comes hours late."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    engine = open_engine(world_url)
    sessions = open_sessions(engine)
    begin = NOW - timedelta(hours=5)
    in_order, shuffled = [await _vehicle(sessions, NOW) for _ in range(2)]
    pen = commute(begin)
    worker = new_worker(sessions)
    async with running_ingest(world_url, name="edge") as ingest, looking_at(world_url) as looker:
        await ingest.submit(sent_by(in_order[1], pen.rows, NOW))
        rows = sent_by(shuffled[1], pen.rows, NOW)
        keyed = sorted((n + chance.uniform(0, 4), n) for n in range(len(rows)))
        while keyed:
            part, keyed = keyed[:7], keyed[7:]
            await ingest.submit([rows[n] for _, n in part])
            await work_off(worker)
        expected = await standing(looker, in_order[0])
        assert len(expected[0]) == 2
        assert await standing(looker, shuffled[0]) == expected
    await engine.dispose()


async def _same_either_way(url: str, track: PositionArrays, seed: int) -> int:
    chance = random.Random(seed)
    engine = open_engine(url)
    sessions = open_sessions(engine)
    shift_s = int(NOW.timestamp()) - int(track.time_s[-1])
    middle = datetime.fromtimestamp(int(np.median(track.time_s)) + shift_s, UTC)
    in_order, shuffled = [await _vehicle(sessions, middle) for _ in range(2)]
    sent = _sent(track, shift_s, chance)
    worker = new_worker(sessions)
    async with running_ingest(url, name="in order") as ingest, looking_at(url) as looker:
        await ingest.submit(_rows(sent, in_order[1:]))
        await work_off(worker)
        rows = _rows(sent, shuffled[1:])
        rows += [_again(row, chance) for row in rows for _ in range(chance.choice((0, 0, 0, 1, 2)))]
        _disorder(rows, chance)
        async with running_ingest(url, name="another") as other:
            while rows:
                size = chance.choice((1, 5, 40, 200, 5_000))
                batch, rows = rows[:size], rows[size:]
                await chance.choice((ingest, other)).submit(batch)
                if chance.random() < 0.5:
                    await work_off(worker)
                if chance.random() < 0.3:
                    worker = new_worker(sessions)
                if chance.random() < 0.1:
                    await settle_changes(sessions, NOW)
        await work_off(worker)
        await settle_changes(sessions, NOW)
        expected = await standing(looker, in_order[0])
        assert await standing(looker, shuffled[0]) == expected, f"seed {seed}"
        history = await looker.rows(_HISTORY, [*in_order[1:]], [*in_order[1:]])
        assert len(history) == len(sent)
        told = await looker.rows(_HISTORY, [*shuffled[1:]], [*shuffled[1:]])
        assert told == history, f"seed {seed}"
        mileage = await looker.rows(_MILEAGE, in_order[0])
        assert await looker.rows(_MILEAGE, shuffled[0]) == mileage, f"seed {seed}"
        assert sum(driven_m for _, driven_m in mileage) == sum(trip[3] for trip in expected[0])
    await engine.dispose()
    return len(expected[0])


_HISTORY = """
    SELECT array_position(%s::bigint[], terminal_no), time, own_time, time_raw, digest, received_at,
           latitude, longitude, speed_kmh, reasons
    FROM positions_once WHERE terminal_no = ANY(%s) ORDER BY 1, own_time, digest
"""
_MILEAGE = (
    "SELECT day, driven_m FROM explained_day WHERE vehicle_no = %s AND driven_m > 0 ORDER BY 1"
)

Sent = tuple[int, int, JudgedPosition]


async def _vehicle(sessions: Sessions, switched: datetime) -> tuple[int, int, int]:
    """A vehicle whose second terminal takes over at `switched`: (vehicle, first, second)."""
    n = next(_NUMBERS)
    act = Act(actor=None, now=NOW - timedelta(days=40))
    async with transaction(sessions) as session:
        unit = await session.get_one(Organisation, 2)
        vehicle: Vehicle = await add_vehicle(
            session,
            act,
            plate=f"示C{20_000 + n}",
            plate_colour=PlateColour.BLUE,
            model="轿车",
            category=Category.OTHER_PRESCRIBED,
            seats=5,
            energy=Energy.PETROL,
            holding=Holding.RETAINED,
            organisation=unit,
            demo=True,
        )
        terminals = [
            await add_terminal(session, act, phone=f"1377{n:05d}{k}", organisation=unit)
            for k in range(2)
        ]
        await bind_terminal(session, act, terminal=terminals[0], vehicle=vehicle, end=switched)
        await bind_terminal(session, act, terminal=terminals[1], vehicle=vehicle, start=switched)
        return vehicle.no, terminals[0].no, terminals[1].no


def _sent(track: PositionArrays, shift_s: int, chance: random.Random) -> list[Sent]:
    """Who of the two sent what, some of it with a wrong clock: (terminal 0 or 1, n, position)."""
    sent = []
    for n in range(len(track)):
        time = datetime.fromtimestamp(int(track.time_s[n]) + shift_s, UTC)
        if n and chance.random() < 0.05:
            time = datetime.fromtimestamp(int(track.time_s[n - 1]) + shift_s, UTC)
        if chance.random() < 0.05:
            time += chance.choice(_WRONG_CLOCKS)
        made = position(
            time,
            lat=float(track.lat[n]),
            lon=float(track.lon[n]),
            speed_kmh=max(0.0, float(track.speed_kmh[n])),
            fixed=chance.random() > 0.02,
            twin=n,
        )
        for terminal in chance.choice(((0,), (1,), (0, 1))):
            first = received(made, NOW + timedelta(seconds=n % 7))
            sent.append((terminal, n, first))
    return sent


def _rows(sent: list[Sent], terminal_nos: tuple[int, ...]) -> list[JudgedPosition]:
    return [
        replace(row, position=replace(row.position, terminal_no=terminal_nos[terminal]))
        for terminal, _, row in sent
    ]


def _again(row: JudgedPosition, chance: random.Random) -> JudgedPosition:
    """A repeat, received later: its judgement may be another, the first one counts."""
    return replace(row, received_at=row.received_at + timedelta(seconds=chance.randint(0, 60)))


def _disorder(rows: list[JudgedPosition], chance: random.Random) -> None:
    """Shuffle everything, or blocks of it, or only neighbours."""
    reach = chance.choice((3, 50, len(rows)))
    keyed = [(n + chance.uniform(0, reach), n) for n in range(len(rows))]
    rows[:] = [rows[n] for _, n in sorted(keyed)]
