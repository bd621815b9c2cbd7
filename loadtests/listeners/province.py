"""A province of 20,000 vehicles in forty units, and fifty people who see 500 to 20,000 of them.

Three levels of organisations; each person sees the subtree of another one. Vehicle `n` has the
plate 示A and five digits, the terminal `n` of the swarm's numbers, and stands in its unit's county.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import psycopg

from fleet.access import token_digest
from kit.clock import shanghai_day
from kit.database import plain_url
from loadtests.swarm.frames import PHONES_FROM
from tracking.cells import cell_of
from tracking.path import store
from tracking.path.columns import PositionColumns, records_of, us_of

PREFECTURES, DISTRICTS, UNITS, UNIT_SIZE = 2, 8, 40, 500
VEHICLES = UNITS * UNIT_SIZE
PLATE = "示A"
_SOUTH, _WEST = 29.0, 109.0
_COUNTY_DEG, _LOT_DEG = 0.4, 0.012


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody with a session of the live map, and how many vehicles they see."""

    token: str
    view: int


def place_of(vehicle: int) -> tuple[float, float]:
    """Return latitude and longitude of where a vehicle stands at first, in degrees."""
    unit, within = divmod(vehicle, UNIT_SIZE)
    row, column = divmod(within, 25)
    return (
        _SOUTH + _COUNTY_DEG * (unit // 8) + _LOT_DEG * row,
        _WEST + _COUNTY_DEG * (unit % 8) + _LOT_DEG * column,
    )


def found(url: str, viewers: int) -> list[Viewer]:
    """Write the province into the database; return so many sessions of its fifty people."""
    with psycopg.connect(plain_url(url)) as connection:
        tree = _organisations(connection)
        _vehicles(connection, [no for no, size in tree if size == UNIT_SIZE])
        people = _people(connection, [no for no, _ in tree[:50]])
        tokens = [f"viewer-of-the-bench-{n:03d}" for n in range(viewers)]
        for n, token in enumerate(tokens):
            connection.execute(
                "INSERT INTO log_in (token_digest, person_no, began_at, expires_at)"
                " VALUES (%s, %s, now(), now() + interval '2 hours')",
                (token_digest(token), people[n % len(people)]),
            )
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    return [Viewer(token, tree[n % len(people)][1]) for n, token in enumerate(tokens)]


async def park(url: str, now: datetime) -> None:
    """Let every vehicle have reported once, by the position path's own writer."""
    connection = await store.connect(plain_url(url))
    try:
        cursor = await connection.execute("SELECT no FROM terminal ORDER BY phone::bigint")
        numbers = [row[0] for row in await cursor.fetchall()]
        writer_no = await store.enrol_writer(connection, "bench")
        await store.ensure_day(connection, shanghai_day(now))
        await store.commit_batch(connection, writer_no, 1, _parked(numbers, now), ())
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _organisations(connection: psycopg.Connection) -> list[tuple[int, int]]:
    """Return the number of each organisation and its size, the large ones first."""
    counts = (1, PREFECTURES, DISTRICTS, UNITS)
    levels: list[list[int]] = []
    for level, count in enumerate(counts):
        levels.append([])
        for n in range(count):
            row = connection.execute(
                "INSERT INTO organisation (id, name, sort_key, kind) VALUES"
                " (gen_random_uuid(), %s, %s, 'unit') RETURNING no",
                (f"示例单位{level}-{n:02d}",) * 2,
            ).fetchone()
            assert row is not None
            levels[-1].append(int(row[0]))
            if level:
                above = levels[-2][n * len(levels[-2]) // count]
                connection.execute(
                    "INSERT INTO organisation_parent (organisation_no, parent_no, period)"
                    " VALUES (%s, %s, tstzrange(now() - interval '1 day', NULL))",
                    (row[0], above),
                )
    return [(no, VEHICLES // len(level)) for level in levels for no in level]


def _vehicles(connection: psycopg.Connection, units: list[int]) -> None:
    connection.execute(
        """
        CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
        SELECT n, (CAST(%s AS bigint[]))[n / %s + 1] AS unit_no FROM generate_series(0, %s) n
        """,
        (units, UNIT_SIZE, VEHICLES - 1),
    )
    connection.execute(
        """
        INSERT INTO vehicle (id, plate, plate_colour, model, category, seats, energy, holding)
        SELECT gen_random_uuid(), %s || lpad(n::text, 5, '0'), 'blue', '轿车',
               'other_prescribed', 5, 'petrol', 'retained' FROM drawn ORDER BY n
        """,
        (PLATE,),
    )
    connection.execute(
        """
        INSERT INTO terminal (id, protocol, phone, organisation_no, authentication)
        SELECT gen_random_uuid(), 'jt808', (%s::bigint + n)::text, unit_no, 'number'
        FROM drawn ORDER BY n
        """,
        (PHONES_FROM,),
    )
    connection.execute(
        """
        INSERT INTO vehicle_unit (vehicle_no, organisation_no, period)
        SELECT v.no, d.unit_no, tstzrange(now() - interval '1 day', NULL)
        FROM drawn d JOIN vehicle v ON v.plate = %s || lpad(d.n::text, 5, '0')
        """,
        (PLATE,),
    )
    connection.execute(
        """
        INSERT INTO vehicle_terminal (vehicle_no, terminal_no, period)
        SELECT v.no, t.no, tstzrange(now() - interval '1 day', NULL)
        FROM drawn d JOIN vehicle v ON v.plate = %s || lpad(d.n::text, 5, '0')
        JOIN terminal t ON t.phone = (%s::bigint + d.n)::text
        """,
        (PLATE, PHONES_FROM),
    )


def _people(connection: psycopg.Connection, organisations: list[int]) -> list[int]:
    people = []
    for n, organisation_no in enumerate(organisations):
        row = connection.execute(
            "INSERT INTO person (id, username, name, sort_key) VALUES"
            " (gen_random_uuid(), %s, %s, %s) RETURNING no",
            (f"viewer{n}", f"示例{n}", f"示例{n}"),
        ).fetchone()
        assert row is not None
        people.append(int(row[0]))
        connection.execute(
            "INSERT INTO person_role (person_no, organisation_no, role, period) VALUES"
            " (%s, %s, 'fleet_manager', tstzrange(now() - interval '1 day', NULL))",
            (row[0], organisation_no),
        )
    return people


def _parked(numbers: list[int], now: datetime) -> PositionColumns:
    places = [place_of(n) for n in range(len(numbers))]
    time_us = us_of(now.replace(microsecond=0))
    records = records_of(
        len(numbers),
        terminal_no=np.array(numbers, np.int64),
        time=time_us,
        own_time=time_us,
        time_raw=time_us // 1_000_000,
        digest=np.arange(len(numbers)),
        received_at=us_of(now),
        latitude=[latitude for latitude, _ in places],
        longitude=[longitude for _, longitude in places],
        altitude_m=140,
        speed_kmh=0.0,
        course_deg=0,
        odometer_m=100_000,
        acc=False,
        fixed=True,
        alarm=0,
        status=2,
        reasons=0,
        backfilled=False,
        cell=[cell_of(*place) for place in places],
        decode_version=1,
    )
    return PositionColumns(records, [bytes(28)] * len(numbers))
