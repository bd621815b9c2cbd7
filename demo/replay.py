"""Drives a recorded track through one terminal, in its own time or faster."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

from demo.simulator.terminal_client import Identity, TerminalClient
from demo.tracks import TrackPoint, read_track
from gateway.protocols.jt808.position import PositionReport, position_report
from kit.clock import utc_now
from tracking.geo import bearing_deg, distance_m

Progress = Callable[[str], None]


async def replay(
    file: Path,
    host: str,
    port: int,
    phone: str,
    progress: Progress,
    *,
    plate: str = "",
    speed: float = 1.0,
    keep_times: bool = False,
) -> int:
    """Send the track of `file` (GPX or CSV) as terminal `phone`; return how many positions.

    speed: how many times faster than recorded it is sent, and its times run
    keep_times: send the recorded times, at once, in batch messages; otherwise they begin now
    Raises BadTrack, and ValueError for a speed that is not positive.
    """
    if not speed > 0:
        raise ValueError("the speed of a replay must be positive")
    reports = list(reports_of(read_track(file)))
    terminal = TerminalClient(Identity(phone, plate), host, port, Random(phone))
    link = asyncio.create_task(terminal.run())
    try:
        if keep_times:
            for report in reports:
                terminal.offer(report[1])
        else:
            await _live(reports, terminal, speed)
        progress(f"{len(reports)} positions recorded, waiting for their acknowledgement")
        while terminal.waiting:
            await asyncio.wait({link}, timeout=0.1)
    finally:
        link.cancel()
        await asyncio.gather(link, return_exceptions=True)
    return len(reports)


def reports_of(points: Sequence[TrackPoint]) -> Iterator[tuple[datetime, PositionReport]]:
    """Yield (time, report); unknown speeds and courses follow from the next point."""
    odometer_m = 0.0
    for point, later in pairwise([*points, points[-1]]):
        here, there = (point.latitude, point.longitude), (later.latitude, later.longitude)
        way_m = distance_m(*here, *there)
        lasts_s = (later.time - point.time).total_seconds()
        derived = way_m / lasts_s * 3.6 if lasts_s > 0 else 0.0
        speed_kmh = derived if point.speed_kmh is None else point.speed_kmh
        yield (
            point.time,
            position_report(
                point.time,
                *here,
                speed_kmh=min(speed_kmh, 6_000.0),
                course_deg=round(bearing_deg(*here, *there)) if way_m else 0,
                odometer_m=round(odometer_m),
            ),
        )
        odometer_m += way_m


async def _live(
    reports: Sequence[tuple[datetime, PositionReport]], terminal: TerminalClient, speed: float
) -> None:
    """Offer each report when its time has come, with its time moved to now."""
    began, first = utc_now(), reports[0][0]
    for time, report in reports:
        due = began + (time - first) / speed
        await asyncio.sleep(max(0.0, (due - utc_now()) / timedelta(seconds=1)))
        terminal.offer(_at(report, due))


def _at(report: PositionReport, time: datetime) -> PositionReport:
    return position_report(
        time,
        report.latitude,
        report.longitude,
        speed_kmh=report.speed_kmh,
        course_deg=report.course_deg,
        odometer_m=report.odometer_m,
    )
