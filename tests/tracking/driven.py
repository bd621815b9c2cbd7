"""What vehicles drove, as rows for an ingest, and what the worker made of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from kit.database import Sessions
from tests.tracking.received import Looker, position, received
from tests.tracking.tracks import Pen
from tracking.path.positions import JudgedPosition
from tracking.worker import TrackingWorker

TRIPS = """
    SELECT period, offsets_s, pair_m, distance_m, round(end_latitude::numeric, 6)
    FROM trip WHERE vehicle_no = %s AND superseded_at IS NULL ORDER BY period
"""
STOPS = """
    SELECT period, round(latitude::numeric, 6), round(longitude::numeric, 6)
    FROM stop WHERE vehicle_no = %s AND superseded_at IS NULL ORDER BY period
"""


def sent_by(
    terminal_no: int, rows: Iterable[tuple[int, float, float, float, int]], at: datetime
) -> list[JudgedPosition]:
    """The pen's rows as this terminal sent them, all received at `at`."""
    return [
        received(
            position(
                datetime.fromtimestamp(time_s, UTC),
                terminal_no,
                lat=lat,
                lon=lon,
                speed_kmh=max(speed, 0.0),
                twin=n,
            ),
            at,
        )
        for n, (time_s, lat, lon, speed, _) in enumerate(rows)
    ]


def commute(start: datetime) -> Pen:
    """Rest, drive 4 km, rest, drive 2 km, rest."""
    pen = Pen(time_s=int(start.timestamp()))
    return pen.rest(600).drive(4000).rest(900).drive(2000, course_deg=90).rest(900)


def new_worker(
    sessions: Sessions, owner: str = "one", partitions: int = 1, lease_s: float = 60
) -> TrackingWorker:
    """A worker as after a restart."""
    return TrackingWorker(sessions, owner, partitions=partitions, lease=timedelta(seconds=lease_s))


async def work_off(worker: TrackingWorker) -> None:
    """Let the worker take in all that waits."""
    while await worker.step():
        pass


async def standing(looker: Looker, vehicle_no: int) -> tuple[list[Any], list[Any]]:
    """The current trips and stops of a vehicle."""
    return await looker.rows(TRIPS, vehicle_no), await looker.rows(STOPS, vehicle_no)
