"""A city of 5,000 vehicles that report, with a month of orders behind it, for benches of dispatch.

Invented: a terminal a vehicle, as many drivers, with shifts of today.
"""

import asyncio
import random
from datetime import datetime, timedelta

from sqlalchemy import text

import fleet.tables  # noqa: F401  (every table that others refer to)
from demo.province import Shape, draw
from demo.province.writing import write_province
from fleet.acts import Act
from fleet.identity.passwords import hash_password
from kit.clock import shanghai_day, utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction

PASSWORD = "bench-only-password"  # noqa: S105  (exists only in the bench's own database)
DISPATCHER, APPLICANT, APPROVER = "province-dispatcher", "unit-applicant", "unit-unit_approver"
SHAPE = Shape(
    cities=1,
    counties=10,
    units=300,
    vehicles=5_000,
    drivers_per_100=100,
    terminals_per_100=100,
)
SEED = 20261122
MIDDLE = (45.75, 126.64)
SPREAD_DEG = 0.25

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

# Whoever asks and approves in one unit does so in every unit: one log-in each speaks for them all.
_IN_EVERY_UNIT = text("""
    INSERT INTO person_role (person_no, organisation_no, role, period)
    SELECT r.person_no, o.no, r.role, r.period
    FROM person_role r
    JOIN person p ON p.no = r.person_no
    JOIN organisation o ON o.kind = 'unit' AND o.no <> r.organisation_no
    WHERE p.username = ANY(:usernames)
""")


def fill(url: str) -> None:
    """Put the city into an empty database."""
    asyncio.run(_fill(url))


def let_ask_everywhere(url: str) -> None:
    """Let the applicant and the approver act for every unit of the city."""
    asyncio.run(_let_ask_everywhere(url))


async def _let_ask_everywhere(url: str) -> None:
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(_IN_EVERY_UNIT, {"usernames": [APPLICANT, APPROVER]})
    finally:
        await engine.dispose()


def wish(chance: random.Random) -> dict[str, object]:
    """Return a request for a ride through the city in twenty minutes, as the API takes it."""
    start = utc_now() + timedelta(minutes=20)
    places = [
        {
            "name": name,
            "latitude": MIDDLE[0] + chance.uniform(-SPREAD_DEG, SPREAD_DEG),
            "longitude": MIDDLE[1] + chance.uniform(-SPREAD_DEG, SPREAD_DEG),
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
                "latitude": MIDDLE[0],
                "longitude": MIDDLE[1],
                "spread": SPREAD_DEG,
            },
        )
        await session.execute(_ORDERS, {"now": now})
        await session.execute(_SHIFTS, {"now": now})
