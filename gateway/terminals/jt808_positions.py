"""From a JT/T 808 position report to the platform's position."""

from gateway.protocols.jt808.position import PositionReport
from tracking.positions import Position

_ENCRYPTED = 1 << 5


def position_of(report: PositionReport, terminal_no: int, *, backfilled: bool) -> Position:
    """Return the position that a report of this terminal states, with its raw body."""
    return Position(
        terminal_no=terminal_no,
        own_time=report.time,
        time_raw=int.from_bytes(report.time_raw),
        digest=report.digest(),
        latitude=report.latitude,
        longitude=report.longitude,
        altitude_m=report.altitude_m,
        speed_kmh=report.speed_kmh,
        course_deg=report.course_deg,
        odometer_m=report.odometer_m,
        acc=report.acc,
        fixed=report.fixed,
        encrypted=bool(report.status & _ENCRYPTED),
        alarm=report.alarm,
        status=report.status,
        backfilled=backfilled,
        raw=report.body,
    )
