"""Questions to a month of history: by scan, on days as they were received, and on settled days.

Thirty vehicles drive about an invented city for thirty days, a position every half minute, a
tenth of them twice. The same questions are asked three times: with every index forbidden (of the
same days, and once each), on open days, and on settled ones; the answers must be the same. Times
are of the use case without HTTP.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

import fleet.tables  # noqa: F401  (every table that others refer to)
from fleet.access import Reach
from fleet.acts import Act
from fleet.organisations.tree import add_organisation
from fleet.terminals.bindings import add_terminal, bind_terminal
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding, OrganisationKind
from kit.clock import day_start, shanghai_day
from kit.database import Sessions, open_engine, open_sessions, plain_url, transaction
from loadtests.measuring import Figure, Place
from tracking.cells import cell_of
from tracking.history.positions import Asked, read_positions
from tracking.path import store as position_store
from tracking.path.columns import PositionColumns, records_of
from tracking.questions import store as questions
from tracking.questions.near import AskedNear, passed_by
from tracking.questions.passing import Place as Circle
from tracking.questions.where import either_side
from tracking.settling.settler import settle_day

VEHICLES, DAYS, EVERY_S, HOURS = 30, 30, 30, 8
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
FIRST_DAY = shanghai_day(NOW) - timedelta(days=DAYS)
_MIDDLE = (40.05, 110.05)
_RADIUS_M = 200.0
_TIMES = 5
_BATCH = 20_000
_MONTH = "who was within 200 m in a month"
_FASTER_THAN_READING_ALL = 2.0
_WITHOUT_INDEXES = ("enable_indexscan", "enable_bitmapscan", "enable_indexonlyscan")

Answer = list[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class World:
    """The vehicles and their terminals, by number, and their one unit."""

    vehicle_nos: list[int]
    terminal_nos: list[int]
    reach: Reach


def run(place: Place) -> list[Figure]:
    """Fill a month, ask, settle it, ask again."""
    return asyncio.run(_run(place.fresh_database()))


async def _run(url: str) -> list[Figure]:
    engine = open_engine(url)
    sessions = open_sessions(engine)
    try:
        world = await _register(sessions)
        begin = time.perf_counter()
        rows = await _fill(url, world)
        filled_s = time.perf_counter() - begin
        asked = _questions(world)
        whole_ms = await _read_everything(sessions)
        scanned = await _ask_all(sessions, asked, by_scan=True)
        as_received = await _ask_all(sessions, asked)
        begin = time.perf_counter()
        for n in range(DAYS):
            assert await settle_day(sessions, FIRST_DAY + timedelta(days=n), NOW)
        settled_s = time.perf_counter() - begin
        settled = await _ask_all(sessions, asked)
    finally:
        await engine.dispose()
    figures = [
        Figure("positions, repeats among them", rows, "rows"),
        Figure("received", rows / filled_s, "rows/s"),
        Figure("settled", rows / settled_s, "rows/s"),
        Figure("every position of the month read once", whole_ms, "ms"),
    ]
    for name in asked:
        # The same answer each time: fast and wrong is no answer.
        assert scanned[name].answers == as_received[name].answers[:1], name
        assert as_received[name].answers == settled[name].answers, name
        factor = scanned[name].ms / settled[name].ms
        figures += [
            Figure(f"{name}, by scan", scanned[name].ms, "ms"),
            Figure(f"{name}, as received", as_received[name].ms, "ms"),
            Figure(f"{name}, settled", settled[name].ms, "ms"),
            Figure(f"{name}, scan : settled", factor, "×"),
        ]
    factor = whole_ms / settled[_MONTH].ms
    limit = _FASTER_THAN_READING_ALL
    figures.append(Figure(f"{_MONTH}, reading all : settled", factor, "×", at_least=limit))
    return figures


@dataclass(frozen=True, slots=True)
class Measured:
    """The median time of a question, and all its answers."""

    ms: float
    answers: list[Answer]


Ask = Callable[[AsyncSession, int], Awaitable[Answer]]


def _questions(world: World) -> dict[str, Ask]:
    """Return the questions; each is asked several times, about other instants and vehicles."""
    begin = day_start(FIRST_DAY)

    def instant(n: int) -> datetime:
        return begin + timedelta(days=3 + 5 * n, hours=9, minutes=7 * n)

    async def where(session: AsyncSession, n: int) -> Answer:
        sides = await either_side(session, world.vehicle_nos[7 * n], instant(n))
        return [tuple(side) for side in sides if side is not None]

    def near(length: timedelta) -> Ask:
        async def ask(session: AsyncSession, n: int) -> Answer:
            place = Circle(_MIDDLE[0] + 0.01 * n, _MIDDLE[1] - 0.01 * n, _RADIUS_M)
            start = begin if length > timedelta(days=2) else instant(n)
            asked = AskedNear(place, start, start + length)
            found: Answer = []
            day = day_start(shanghai_day(start))
            while day < start + length:
                passes = await passed_by(session, world.reach, asked, day, day + timedelta(days=1))
                found += [(p.vehicle_no, p.passing) for p in passes]
                day += timedelta(days=1)
            return found

        return ask

    async def nearest(session: AsyncSession, n: int) -> Answer:
        within = timedelta(minutes=10)
        rows = await questions.last_of_each(session, world.reach, instant(n), within)
        return [tuple(row) for row in rows]

    async def track(session: AsyncSession, n: int) -> Answer:
        since = instant(n)
        asked = Asked(since, since + timedelta(days=2), world.vehicle_nos[3 * n], is_track=True)
        return [tuple(row) for row in await read_positions(session, asked, 500)]

    return {
        "where was a vehicle": where,
        "who was within 200 m in an hour": near(timedelta(hours=1)),
        _MONTH: near(timedelta(days=DAYS)),
        "last positions of all at an instant": nearest,
        "a page of 500 of a track": track,
    }


async def _read_everything(sessions: Sessions) -> float:
    """Return the milliseconds of finding who was near a place by looking at every position."""
    everything = text(
        "SELECT count(*) FROM positions_once WHERE abs(latitude - :latitude) < 0.002"
        " AND abs(longitude - :longitude) < 0.003"
    )
    begin = time.perf_counter()
    async with transaction(sessions) as session:
        place = dict(zip(("latitude", "longitude"), _MIDDLE, strict=True))
        assert await session.scalar(everything, place)
    return 1000 * (time.perf_counter() - begin)


async def _ask_all(
    sessions: Sessions, asked: dict[str, Ask], *, by_scan: bool = False
) -> dict[str, Measured]:
    measured = {}
    for name, ask in asked.items():
        times_ms, answers = [], []
        for n in range(1 if by_scan else _TIMES):
            async with transaction(sessions) as session:
                for setting in _WITHOUT_INDEXES if by_scan else ():
                    await session.execute(text(f"SET LOCAL {setting} = off"))
                begin = time.perf_counter()
                answers.append(await ask(session, n))
                times_ms.append(1000 * (time.perf_counter() - begin))
        measured[name] = Measured(statistics.median(times_ms), answers)
    return measured


async def _register(sessions: Sessions) -> World:
    """Write the vehicles with their terminals, bound for the whole month."""
    act = Act(None, day_start(FIRST_DAY) - timedelta(days=1))
    vehicle_nos, terminal_nos = [], []
    async with transaction(sessions) as session:
        unit = await add_organisation(session, act, name="甲局", kind=OrganisationKind.UNIT)
        for n in range(VEHICLES):
            vehicle = await add_vehicle(
                session,
                act,
                plate=f"示A{10000 + n}",
                plate_colour=PlateColour.BLUE,
                model="轿车",
                category=Category.OTHER_PRESCRIBED,
                seats=5,
                energy=Energy.PETROL,
                holding=Holding.RETAINED,
                organisation=unit,
                demo=True,
            )
            terminal = await add_terminal(session, act, phone=f"1390000{n:04d}", organisation=unit)
            await bind_terminal(session, act, terminal=terminal, vehicle=vehicle)
            vehicle_nos.append(vehicle.no)
            terminal_nos.append(terminal.no)
    return World(vehicle_nos, terminal_nos, Reach(frozenset({unit.no})))


async def _fill(url: str, world: World) -> int:
    """Store the month as the path stores it, batch by batch; return how many rows."""
    connection = await position_store.connect(plain_url(url))
    rows = 0
    try:
        writer_no = await position_store.enrol_writer(connection, "bench")
        n = 0
        for day in range(DAYS):
            await position_store.ensure_day(connection, FIRST_DAY + timedelta(days=day))
            columns = _day(world.terminal_nos, day)
            rows += len(columns)
            for start in range(0, len(columns), _BATCH):
                n += 1
                part = columns[start : start + _BATCH]
                await position_store.commit_batch(connection, writer_no, n, part, ())
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
    return rows


def _day(terminal_nos: Sequence[int], day: int) -> PositionColumns:
    """Return a day of driving in the order of its receipt, a tenth of it twice."""
    chance = np.random.default_rng(day)
    steps, count = HOURS * 3600 // EVERY_S, len(terminal_nos)
    course = np.cumsum(chance.normal(0, 0.3, (steps, count)), axis=0)
    speed_m_s = np.clip(chance.normal(9, 6, (steps, count)), 0, 25)
    start_m = chance.uniform(-8_000, 8_000, (2, count))
    way_m = speed_m_s * EVERY_S
    north_m = start_m[0] + np.cumsum(way_m * np.cos(course), axis=0)
    east_m = start_m[1] + np.cumsum(way_m * np.sin(course), axis=0)
    lat = np.round(_MIDDLE[0] + ((north_m + 8_000) % 16_000 - 8_000) / 111_195, 6).ravel()
    lon = np.round(_MIDDLE[1] + ((east_m + 8_000) % 16_000 - 8_000) / 85_100, 6).ravel()
    begin_s = int(day_start(FIRST_DAY + timedelta(days=day)).timestamp()) + 8 * 3600
    time_s = np.repeat(begin_s + EVERY_S * np.arange(steps), count)
    total = steps * count
    records = records_of(
        total,
        terminal_no=np.tile(np.array(terminal_nos, np.int64), steps),
        time=time_s * 1_000_000,
        own_time=time_s * 1_000_000,
        time_raw=time_s,
        digest=chance.integers(-(2**62), 2**62, total),
        received_at=(time_s + 1) * 1_000_000,
        latitude=lat,
        longitude=lon,
        altitude_m=1000,
        speed_kmh=(3.6 * speed_m_s).ravel(),
        course_deg=(np.degrees(course).ravel() % 360).astype(np.int32),
        odometer_m=np.cumsum(way_m, axis=0).astype(np.int64).ravel(),
        acc=True,
        fixed=True,
        alarm=0,
        status=3,
        reasons=0,
        backfilled=False,
        cell=[cell_of(a, o) for a, o in zip(lat.tolist(), lon.tolist(), strict=True)],
        decode_version=1,
    )
    again = np.sort(np.concatenate([np.arange(total), chance.choice(total, total // 10, False)]))
    return PositionColumns(records[again], [bytes(60)] * len(again))
