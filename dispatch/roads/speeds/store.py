"""All SQL of learned speeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.roads.speeds.learned import LearnedSpeeds
from dispatch.roads.speeds.tables import RoadLearning, RoadSpeed
from dispatch.roads.speeds.tally import Cells
from dispatch.roads.speeds.week_speeds import HOURS
from fleet.tables import VehicleTerminal

MOST_WEIGHT = 100.0
"""What was learned before counts as at most so many traversals beside what is new."""

# In the order of the key, so that two learnings can't wait for each other.
_ADD = text("""
    INSERT INTO road_speed AS s
        (way_id, hour_of_week, weight, pace_sum_s_km, count, vehicles, version)
    SELECT cell / :hours, cell % :hours, weight, pace_sum_s_km, count, vehicles, :version
    FROM unnest(CAST(:cells AS bigint[]), CAST(:counts AS bigint[]),
                CAST(:weights AS double precision[]), CAST(:sums AS double precision[]),
                CAST(:vehicles AS integer[]))
         AS learned(cell, count, weight, pace_sum_s_km, vehicles)
    ORDER BY cell
    ON CONFLICT (way_id, hour_of_week) DO UPDATE SET
        weight = s.weight * least(1, :most / s.weight) + excluded.weight,
        pace_sum_s_km = s.pace_sum_s_km * least(1, :most / s.weight) + excluded.pace_sum_s_km,
        count = s.count + excluded.count,
        vehicles = greatest(s.vehicles, excluded.vehicles),
        version = excluded.version
""")


async def learned_days(session: AsyncSession) -> list[tuple[date, date]]:
    """Return the periods that were learned from, the last day of each included, in order."""
    query = select(RoadLearning.first_day, RoadLearning.last_day).order_by(RoadLearning.first_day)
    return [(first, last) for first, last in await session.execute(query)]


async def learned_version(session: AsyncSession) -> int:
    """Return the number of the newest learning; 0 before the first."""
    return await session.scalar(select(func.max(RoadLearning.no))) or 0


async def vehicles_with_terminals(session: AsyncSession) -> Sequence[int]:
    """Return the numbers of all vehicles that ever had a primary terminal, ascending."""
    query = select(VehicleTerminal.vehicle_no).where(VehicleTerminal.is_primary).distinct()
    return list(await session.scalars(query.order_by(VehicleTerminal.vehicle_no)))


async def add_cells(session: AsyncSession, learning: RoadLearning, cells: Cells) -> None:
    """Enter a learning, and add what it found to what was known."""
    session.add(learning)
    await session.flush()
    await session.execute(
        _ADD,
        {
            "hours": HOURS,
            "most": MOST_WEIGHT,
            "version": learning.no,
            "cells": cells.cell.tolist(),
            "counts": cells.count.tolist(),
            "weights": cells.weight.tolist(),
            "sums": cells.pace_sum_s_km.tolist(),
            "vehicles": cells.vehicles.tolist(),
        },
    )


async def read_speeds(session: AsyncSession) -> LearnedSpeeds:
    """Return all that is known of speeds."""
    version = await learned_version(session)
    rows = (
        await session.execute(
            select(
                RoadSpeed.way_id * HOURS + RoadSpeed.hour_of_week,
                RoadSpeed.weight,
                RoadSpeed.pace_sum_s_km,
            ).order_by(RoadSpeed.way_id, RoadSpeed.hour_of_week)
        )
    ).all()
    columns = np.array([tuple(row) for row in rows], dtype=np.float64).reshape(-1, 3)
    return LearnedSpeeds(
        version,
        np.array([row[0] for row in rows], dtype=np.int64),
        columns[:, 1],
        columns[:, 2],
    )
