"""A vehicle's track in pages, each simplified for the zoom at which it is shown.

What is left out is said: how many positions were read, how many are given, and the tolerance.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.errors import EmptyPeriod
from fleet.refs import VehicleRef
from fleet.tables import Vehicle
from kit.paging import decode_cursor, encode_cursor, instant_in, number_in
from tracking import schemas
from tracking.history import store as history
from tracking.history.looking import Look, find_vehicle
from tracking.history.positions import Asked, read_positions
from tracking.history.simplifying import kept, tolerance_m

MOST_POSITIONS = 10_000


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A vehicle's track in [start, end), for a zoom of the map; None leaves it whole."""

    vehicle_id: UUID
    start: datetime
    end: datetime
    zoom: float | None


async def track_page(
    session: AsyncSession, look: Look, asked: AskedLine, limit: int, cursor: str | None
) -> schemas.TrackPage:
    """Return a page of the track. Raises EmptyPeriod, BadCursor; NotFound outside the scope.

    Lines of consecutive pages join: each begins with the position that ended the one before.
    """
    if asked.start >= asked.end:
        raise EmptyPeriod
    vehicle = await find_vehicle(session, look, asked.vehicle_id)
    key = decode_cursor(cursor, 3)
    after = None if key is None else (instant_in(key[0]), number_in(key[1]), number_in(key[2]))
    look.journal(
        session,
        "track.read",
        vehicle.id,
        {"start": asked.start.isoformat(), "end": asked.end.isoformat(), "zoom": asked.zoom},
    )
    found = await read_positions(
        session,
        Asked(asked.start, asked.end, vehicle.no, after=after, is_track=True),
        limit + 1,
    )
    page = found[:limit]
    tolerance = None
    if asked.zoom is not None and page:
        tolerance = tolerance_m(asked.zoom, page[0].latitude)
    staying = await _staying(session, vehicle, page, tolerance)
    is_more = len(found) > len(page)
    # The next page begins before its first new position, with the last one of this page.
    end = page[-2] if is_more else None
    return schemas.TrackPage(
        vehicle=VehicleRef(id=vehicle.id, plate=vehicle.plate),
        coordinates=[(row.longitude, row.latitude) for row in staying],
        times=[row.time for row in staying],
        positions=len(page),
        tolerance_m=None if tolerance is None else round(tolerance, 3),
        next_cursor=None
        if end is None
        else encode_cursor([end.time.isoformat(), end.digest, end.terminal_no]),
    )


async def _staying(
    session: AsyncSession, vehicle: Vehicle, page: Sequence[Row[Any]], tolerance: float | None
) -> list[Row[Any]]:
    """Return the positions that stay: the ends, those of every stop, and what the line needs."""
    if tolerance is None or len(page) < 3:
        return list(page)
    corners = await _stop_ends(session, vehicle, page)
    indices = kept(
        np.array([row.latitude for row in page]),
        np.array([row.longitude for row in page]),
        tolerance,
        corners,
    )
    return [page[i] for i in indices]


async def _stop_ends(
    session: AsyncSession, vehicle: Vehicle, page: Sequence[Row[Any]]
) -> list[int]:
    """Return the indices of the first and the last position of each stop within the page."""
    times = [row.time for row in page]
    ends: list[int] = []
    # A stop has two positions at least, so there are fewer of them than positions.
    for stop in await history.read_stops(
        session, vehicle, since=page[0].time, until=page[-1].time, after=None, limit=len(page)
    ):
        since, until = stop.period.lower, stop.period.upper
        first = 0 if since is None else bisect_left(times, since)
        last = len(page) - 1 if until is None else bisect_right(times, until) - 1
        ends += [i for i in (first, last) if 0 <= i < len(page)]
    return ends
