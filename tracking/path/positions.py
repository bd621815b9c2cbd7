"""A position: what a door hands in, and what is stored after it has been judged.

Identity (decision 3): terminal, its raw time bytes, a 64-bit digest of the raw body.
"""

from dataclasses import dataclass
from datetime import datetime

from tracking.cells import cell_of
from tracking.path.judgement import JudgementRules, Reason, judge, repair_time

_TIME_REASONS = Reason.TIME_UNREADABLE | Reason.FUTURE | Reason.STALE
PLACE_REASONS = Reason.IMPOSSIBLE_COORDINATES | Reason.ENCRYPTED


@dataclass(frozen=True, slots=True)
class Position:
    """A position as its terminal sent it (WGS-84 degrees; `own_time` UTC, None if unreadable).

    `decode_version` says which version of its protocol's codec has read `raw`.
    """

    terminal_no: int
    own_time: datetime | None
    time_raw: int
    digest: int
    latitude: float
    longitude: float
    altitude_m: int
    speed_kmh: float
    course_deg: int
    odometer_m: int | None
    acc: bool
    fixed: bool
    encrypted: bool
    alarm: int
    status: int
    backfilled: bool
    raw: bytes
    decode_version: int = 1


@dataclass(frozen=True, slots=True)
class JudgedPosition:
    """A position with its first receipt, its repaired time (None if implausible) and reasons."""

    position: Position
    received_at: datetime
    time: datetime | None
    reasons: Reason
    cell: int | None


def judged(position: Position, received_at: datetime, rules: JudgementRules) -> JudgedPosition:
    """Return the position with the judgement that it keeps for ever."""
    reasons = judge(
        position.own_time,
        position.latitude,
        position.longitude,
        position.fixed,
        position.encrypted,
        received_at,
        rules,
    )
    time = None
    if position.own_time is not None and not reasons & _TIME_REASONS:
        time, _ = repair_time(position.own_time, received_at, rules)
    cell = None if reasons & PLACE_REASONS else cell_of(position.latitude, position.longitude)
    return JudgedPosition(position, received_at, time, reasons, cell)
