"""How soon a dispatcher is shown the right vehicles, among 5,000 that report, over HTTP.

An invented city's 5,000 vehicles with a terminal each, as many drivers with shifts and orders of
the day behind them. A request is asked and approved over HTTP before; what is measured is
`POST /requests/{id}/suggestions`, to the last byte of its answer: by one client at a time, from an
API process that follows the fleet. The server's processor time of the same answers is told beside
it. What is compared asks PostgreSQL for the 25 nearest vehicles, and knows neither drivers, rules
nor reasons.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
from sqlalchemy import text

import fleet.tables  # noqa: F401  (every table that others refer to)
from demo.province import Shape, draw
from demo.province.writing import write_province
from fleet.acts import Act
from fleet.identity.passwords import hash_password
from kit.clock import shanghai_day, utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction
from loadtests.measuring import Figure, Place, connect
from loadtests.processes import await_rest, tree_cpu_s
from loadtests.serving import logged_in, serving

PASSWORD = "bench-only-password"  # noqa: S105  (exists only in the bench's own database)
SHAPE = Shape(
    cities=1,
    counties=10,
    units=300,
    vehicles=5_000,
    drivers_per_100=100,
    terminals_per_100=100,
)
TIMES = 100
P95_MS = 200.0
SEED = 20261122
_MIDDLE = (45.75, 126.64)
_SPREAD_DEG = 0.25

_POSITIONS = text("""
    INSERT INTO position (terminal_no, time, time_raw, digest, received_at, writer_no, batch_n,
                          row_n, latitude, longitude, fixed, alarm, status, reasons, backfilled,
                          raw)
    SELECT t.no, seen.time, (extract(epoch FROM seen.time) * 1e6)::bigint, t.no, seen.time, 1, 1,
           0, :latitude + (hashint8(t.no) % 10000) * :spread / 10000,
           :longitude + (hashint8(t.no + 7919) % 10000) * :spread / 10000,
           true, 0, 3, 0, false, ''
    FROM terminal t
    CROSS JOIN generate_series(1, 10) minute
    CROSS JOIN LATERAL (
        SELECT CAST(:now AS timestamptz) - make_interval(mins => minute, secs => t.no % 60) AS time
    ) seen
""")

# Thirty days of orders behind the fleet, and one promised later today to every fifth vehicle.
_ORDERS = text("""
    INSERT INTO orders (id, kind, organisation_no, issuer_no, vehicle_no, driver_no, dispatcher_no,
                        cross_unit, period, state, revision)
    SELECT gen_random_uuid(), 'ride', u.organisation_no, u.organisation_no, v.no, d.no,
           (SELECT min(no) FROM person), false,
           tstzrange(CAST(:now AS timestamptz) + make_interval(days => day, hours => 1),
                     CAST(:now AS timestamptz) + make_interval(days => day, hours => 3)),
           CASE WHEN day = 0 THEN 'assigned' ELSE 'archived' END, 1
    FROM (SELECT no, row_number() OVER (ORDER BY no) AS n FROM vehicle) v
    JOIN (SELECT no, row_number() OVER (ORDER BY no) AS n FROM driver) d ON d.n = v.n
    JOIN vehicle_unit u ON u.vehicle_no = v.no AND u.period @> CAST(:now AS timestamptz)
    CROSS JOIN generate_series(-30, 0) day
    WHERE (v.n + day) % 5 = 0
""")

_SHIFTS = text("""
    INSERT INTO duty_shift (id, driver_no, kind, period)
    SELECT gen_random_uuid(), no, 'day',
           tstzrange(CAST(:now AS timestamptz) - interval '4 hours',
                     CAST(:now AS timestamptz) + interval '8 hours')
    FROM driver WHERE no % 10 <> 0
""")

_NEAREST = """
    SELECT v.id, v.plate,
           sqrt(power(p.latitude - %(latitude)s, 2)
                + power((p.longitude - %(longitude)s) * cos(radians(%(latitude)s)), 2)) AS away
    FROM vehicle v
    JOIN vehicle_terminal t ON t.vehicle_no = v.no AND t.is_primary AND t.period @> now()
    CROSS JOIN LATERAL (
        SELECT latitude, longitude FROM positions_once o
        WHERE o.terminal_no = t.terminal_no AND o.time > now() - interval '15 minutes'
          AND o.time <= now() AND o.reasons & 7 = 0
        ORDER BY o.time DESC LIMIT 1
    ) p
    ORDER BY away LIMIT 25
"""


def run(place: Place) -> list[Figure]:
    """Fill a city, ask a hundred times, and ask PostgreSQL for the nearest beside it."""
    url = place.fresh_database()
    asyncio.run(_fill(url))
    with serving(url, {"GONGCHE_DATA_DIR": str(place.folder / "data")}) as (base_url, pid):
        await_rest(pid)
        with logged_in(base_url, "province-dispatcher", PASSWORD) as dispatcher:
            approved = list(_approved(base_url))
            times_ms, cpu_ms, kilobytes = _suggest(dispatcher, approved, pid)
    nearest_ms = _nearest(url)
    return [
        Figure("request → suggestion, p50", statistics.median(times_ms), "ms"),
        Figure("request → suggestion, p95", _p95(times_ms), "ms", at_most=P95_MS),
        Figure("the API's processor time a suggestion", cpu_ms, "ms"),
        Figure("size of an answer", kilobytes, "kB"),
        Figure("nearest 25 by PostgreSQL alone, p50", statistics.median(nearest_ms), "ms"),
        Figure("nearest 25 by PostgreSQL alone, p95", _p95(nearest_ms), "ms"),
    ]


def _p95(times_ms: list[float]) -> float:
    return statistics.quantiles(times_ms, n=20)[-1]


def _approved(base_url: str) -> Iterator[str]:
    """Yield the ids of requests that await dispatch, all over the city."""
    chance = random.Random(SEED)
    with (
        logged_in(base_url, "unit-applicant", PASSWORD) as applicant,
        logged_in(base_url, "unit-unit_approver", PASSWORD) as approver,
    ):
        for _ in range(TIMES):
            asked = applicant.post("/requests", json=_wish(chance)).raise_for_status().json()
            body = {"revision": asked["revision"]}
            approver.post(f"/requests/{asked['id']}/approve", json=body).raise_for_status()
            yield asked["id"]


def _wish(chance: random.Random) -> dict[str, object]:
    start = utc_now() + timedelta(minutes=20)
    places = [
        {
            "name": name,
            "latitude": _MIDDLE[0] + chance.uniform(-_SPREAD_DEG, _SPREAD_DEG),
            "longitude": _MIDDLE[1] + chance.uniform(-_SPREAD_DEG, _SPREAD_DEG),
        }
        for name in ("出发地", "目的地")
    ]
    return {
        "passengers": chance.randint(1, 4),
        "purpose": "meeting",
        "purpose_text": "参加工作会议",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=2)).isoformat(),
        "origin": places[0],
        "destination": places[1],
    }


def _suggest(
    dispatcher: httpx.Client, approved: list[str], pid: int
) -> tuple[list[float], float, float]:
    """Return milliseconds of each answer, processor milliseconds of one, kilobytes of one."""
    for request_id in approved[:3]:  # the first ones open connections and fill caches
        dispatcher.post(f"/requests/{request_id}/suggestions").raise_for_status()
    times_ms, size = [], 0
    cpu_s = tree_cpu_s(pid)
    for request_id in approved:
        begin = time.perf_counter()
        answer = dispatcher.post(f"/requests/{request_id}/suggestions").raise_for_status()
        times_ms.append(1000 * (time.perf_counter() - begin))
        size += len(answer.content)
        assert answer.json()["candidates"], "nobody was suggested"
    cpu_ms = 1000 * (tree_cpu_s(pid) - cpu_s) / len(approved)
    return times_ms, cpu_ms, size / len(approved) / 1000


def _nearest(url: str) -> list[float]:
    chance = random.Random(SEED)
    times_ms = []
    with connect(url) as connection:
        for _ in range(TIMES):
            told = {
                "latitude": _MIDDLE[0] + chance.uniform(-_SPREAD_DEG, _SPREAD_DEG),
                "longitude": _MIDDLE[1] + chance.uniform(-_SPREAD_DEG, _SPREAD_DEG),
            }
            begin = time.perf_counter()
            found = connection.execute(_NEAREST, told).fetchall()
            times_ms.append(1000 * (time.perf_counter() - begin))
            assert len(found) == 25, "fewer are near than asked for"
    return times_ms


async def _fill(url: str) -> None:
    engine = open_engine(url)
    now = utc_now()
    try:
        province = draw(SEED, SHAPE)
        password = hash_password(PASSWORD)
        hashes = {one.username: password for one in province.people if one.logs_in}
        async with transaction(open_sessions(engine)) as session:
            await write_province(session, Act(None, now), province, hashes, beside=False)
        await _live_a_month(open_sessions(engine), now)
        async with engine.begin() as connection:
            await connection.execute(text("ANALYZE"))
    finally:
        await engine.dispose()


async def _live_a_month(sessions: Sessions, now: datetime) -> None:
    """Put positions of the last minutes, orders of a month and today's shifts behind the fleet."""
    async with transaction(sessions) as session:
        for at in (now, now - timedelta(minutes=12)):
            await session.execute(
                text("SELECT ensure_position_day(:day)"), {"day": shanghai_day(at)}
            )
        await session.execute(
            text("INSERT INTO position_writer (name, began_at, last_n) VALUES ('bench', now(), 1)")
        )
        await session.execute(
            _POSITIONS,
            {
                "now": now,
                "latitude": _MIDDLE[0],
                "longitude": _MIDDLE[1],
                "spread": _SPREAD_DEG,
            },
        )
        await session.execute(_ORDERS, {"now": now})
        await session.execute(_SHIFTS, {"now": now})
