"""From JT/T 808 positions, one or many, to the platform's."""

import numpy as np
from numpy.typing import NDArray

from gateway.protocols.jt808.batch_positions import DECODE_VERSION, PositionArrays
from gateway.protocols.jt808.position import PositionReport
from tracking.path.columns import PositionColumns, records_of
from tracking.path.judgement import JudgementRules
from tracking.path.judging import judge
from tracking.path.placing import cells_of
from tracking.path.positions import Position

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
        decode_version=DECODE_VERSION,
    )


def judged_columns(
    sent: PositionArrays,
    terminal_no: NDArray[np.int64],
    received_us: NDArray[np.int64],
    rules: JudgementRules,
    *,
    backfilled: NDArray[np.bool_] | bool = False,
) -> PositionColumns:
    """Return the positions that these terminals state, judged and placed, with their raw bodies."""
    time_us, reasons = judge(
        sent.time_us,
        sent.latitude,
        sent.longitude,
        sent.fixed,
        sent.encrypted,
        received_us,
        rules,
    )
    records = records_of(
        len(sent.raw),
        terminal_no=terminal_no,
        time=time_us,
        own_time=sent.time_us,
        time_raw=sent.time_raw,
        digest=sent.digest,
        received_at=received_us,
        latitude=sent.latitude,
        longitude=sent.longitude,
        altitude_m=sent.altitude_m,
        speed_kmh=sent.speed_kmh,
        course_deg=sent.course_deg,
        odometer_m=sent.odometer_m,
        acc=sent.acc,
        fixed=sent.fixed,
        alarm=sent.alarm,
        status=sent.status,
        reasons=reasons,
        backfilled=backfilled,
        cell=cells_of(sent.latitude, sent.longitude, reasons),
        decode_version=DECODE_VERSION,
    )
    return PositionColumns(records, sent.raw)
