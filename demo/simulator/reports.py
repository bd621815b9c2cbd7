"""From what a simulated receiver saw to the report that a terminal sends."""

from demo.simulator.driving import Fix
from gateway.protocols.jt808.position import PositionReport, position_report

_SATELLITES = 14


def report_of(fix: Fix) -> PositionReport:
    """Return the report of a fix."""
    return position_report(
        fix.time,
        fix.latitude,
        fix.longitude,
        speed_kmh=fix.speed_kmh,
        course_deg=fix.course_deg,
        altitude_m=1_000,
        acc=fix.acc,
        odometer_m=fix.odometer_m,
        satellites=_SATELLITES,
    )
