"""SQL of questions. Instants are constants of each statement, so that only their days are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Reach
from tracking.questions.passing import PassingRules
from tracking.store import ACCEPTED

# OFFSET 0 keeps the lateral part a subquery of its own, so that terminal and times reach the scan.
_NEXT_IN_TIME = """
    SELECT p.time, p.latitude, p.longitude, p.speed_kmh, p.course_deg
    FROM vehicle_terminal b
    CROSS JOIN LATERAL (
        SELECT * FROM positions_once o
        WHERE o.terminal_no = b.terminal_no AND o.time >= CAST(:since AS timestamptz)
          AND o.time < CAST(:until AS timestamptz)
        OFFSET 0
    ) p
    WHERE b.vehicle_no = :vehicle_no AND b.is_primary AND b.period @> p.time
      AND p.reasons & :accepted = 0
    ORDER BY p.time {order}, p.digest {order} LIMIT 1
"""
_NEWEST = text(_NEXT_IN_TIME.format(order="DESC"))
_OLDEST = text(_NEXT_IN_TIME.format(order="ASC"))

# The unit of the vehicle at that time: whoever had it last by then, or else first, as for trips.
_UNIT_THEN = """
    CROSS JOIN LATERAL (
        SELECT coalesce(
            (SELECT u.organisation_no FROM vehicle_unit u
             WHERE u.vehicle_no = {row}.vehicle_no
               AND (lower(u.period) IS NULL OR lower(u.period) <= {row}.since)
             ORDER BY lower(u.period) DESC NULLS LAST LIMIT 1),
            (SELECT u.organisation_no FROM vehicle_unit u
             WHERE u.vehicle_no = {row}.vehicle_no ORDER BY lower(u.period) LIMIT 1)
        ) AS organisation_no
    ) unit
"""
_WITHIN = """
    (unit.organisation_no = ANY(CAST(:units AS bigint[]))
     OR {row}.vehicle_no = ANY(CAST(:vehicles AS bigint[]))
        AND unit.organisation_no = ANY(CAST(:their_units AS bigint[])))
"""

# Who may have passed and when, by stretches; `tracking.questions.passing` decides.
_STRETCHES = text(f"""
    WITH seen AS (
        SELECT b.vehicle_no, s.time
        FROM positions_seen s
        JOIN vehicle_terminal b ON b.terminal_no = s.terminal_no AND b.is_primary
                               AND b.period @> s.time
        WHERE s.cell = ANY(CAST(:cells AS bigint[])) AND s.reasons & :accepted = 0
          AND s.time >= CAST(:since AS timestamptz) AND s.time <= CAST(:until AS timestamptz)
    ), marked AS (
        SELECT vehicle_no, time,
               coalesce(time - lag(time) OVER one > :apart, true) AS begins
        FROM seen WINDOW one AS (PARTITION BY vehicle_no ORDER BY time)
    ), numbered AS (
        SELECT vehicle_no, time,
               count(*) FILTER (WHERE begins) OVER (PARTITION BY vehicle_no ORDER BY time) AS n
        FROM marked
    ), stretch AS (
        SELECT vehicle_no, min(time) AS since, max(time) AS until
        FROM numbered GROUP BY vehicle_no, n
    )
    SELECT stretch.vehicle_no, stretch.since, stretch.until, unit.organisation_no
    FROM stretch {_UNIT_THEN.format(row="stretch")}
    WHERE {_WITHIN.format(row="stretch")}
    ORDER BY stretch.since, stretch.vehicle_no
""")  # noqa: S608 - our own words

_LAST_OF_EACH = text(f"""
    WITH last AS (
        SELECT DISTINCT ON (b.vehicle_no) b.vehicle_no, CAST(:at AS timestamptz) AS since, p.time,
               p.latitude, p.longitude, p.speed_kmh, p.course_deg
        FROM positions_once p
        JOIN vehicle_terminal b ON b.terminal_no = p.terminal_no AND b.is_primary
                               AND b.period @> p.time
        WHERE p.time >= CAST(:after AS timestamptz) AND p.time <= CAST(:at AS timestamptz)
          AND p.reasons & :accepted = 0
        ORDER BY b.vehicle_no, p.time DESC, p.digest DESC
    )
    SELECT last.vehicle_no, last.time, last.latitude, last.longitude, last.speed_kmh,
           last.course_deg, unit.organisation_no
    FROM last {_UNIT_THEN.format(row="last")}
    WHERE {_WITHIN.format(row="last")}
    ORDER BY last.vehicle_no
""")  # noqa: S608 - our own words

_NAMES = text("""
    SELECT v.no AS vehicle_no, v.id AS vehicle_id, v.plate, o.no AS unit_no, o.id AS unit_id, o.name
    FROM unnest(CAST(:vehicle_nos AS bigint[]), CAST(:unit_nos AS bigint[]))
         AS asked(vehicle_no, unit_no)
    JOIN vehicle v ON v.no = asked.vehicle_no JOIN organisation o ON o.no = asked.unit_no
""")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A vehicle that may have passed between two instants, and the unit that had it then."""

    vehicle_no: int
    since: datetime
    until: datetime
    unit_no: int


async def newest_in(
    session: AsyncSession, vehicle_no: int, since: datetime, until: datetime
) -> Row[Any] | None:
    """Return the newest position of a vehicle in [since, until)."""
    return await _one(session, _NEWEST, vehicle_no, since, until)


async def oldest_in(
    session: AsyncSession, vehicle_no: int, since: datetime, until: datetime
) -> Row[Any] | None:
    """Return the oldest position of a vehicle in [since, until)."""
    return await _one(session, _OLDEST, vehicle_no, since, until)


async def _one(
    session: AsyncSession, query: TextClause, vehicle_no: int, since: datetime, until: datetime
) -> Row[Any] | None:
    asked = {"vehicle_no": vehicle_no, "since": since, "until": until, "accepted": ACCEPTED}
    return (await session.execute(query, asked)).one_or_none()


async def stretches(
    session: AsyncSession,
    reach: Reach,
    cells: Sequence[int],
    since: datetime,
    until: datetime,
    rules: PassingRules,
) -> list[Stretch]:
    """Return who was in one of the cells in [since, until], and when, by stretches."""
    rows = await session.execute(
        _STRETCHES,
        {
            "cells": list(cells),
            "since": since,
            "until": until,
            # A line may reach so far beyond the position that is in a cell, at either end.
            "apart": timedelta(seconds=rules.apart_s + 2 * rules.gap_s),
            "accepted": ACCEPTED,
            **_reach(reach),
        },
    )
    return [Stretch(*row) for row in rows]


async def last_of_each(
    session: AsyncSession, reach: Reach, at: datetime, within: timedelta
) -> Sequence[Row[Any]]:
    """Return the newest position of each vehicle that is no older than `within` at `at`."""
    asked = {"at": at, "after": at - within, "accepted": ACCEPTED, **_reach(reach)}
    return (await session.execute(_LAST_OF_EACH, asked)).all()


async def names(
    session: AsyncSession, pairs: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], Row[Any]]:
    """Return the words for each (vehicle, unit)."""
    rows = await session.execute(
        _NAMES, {"vehicle_nos": [v for v, _ in pairs], "unit_nos": [u for _, u in pairs]}
    )
    return {(row.vehicle_no, row.unit_no): row for row in rows}


def _reach(reach: Reach) -> dict[str, object]:
    return {
        "units": list(reach.units),
        "vehicles": list(reach.vehicles),
        "their_units": list(reach.their_units),
    }
