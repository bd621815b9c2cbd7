"""The kinds of data and how long they are kept unless an agency says otherwise.

No binding number for tracks of official vehicles was found. PIPL art. 19 asks for the shortest time
that the purpose needs, inspections look years back; logs are kept at least six months
(Cybersecurity Law art. 21). What terminals sent, byte by byte, is such a log, and the proof of what
was made of it: by default it is kept as long as the tracks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kit.clock import day_start, shanghai_day


class DataKind(StrEnum):
    """A kind of data that is kept for a time of its own (数据类别)."""

    TRACKS = "tracks"
    RAW_FRAMES = "raw_frames"
    DATA_QUALITY = "data_quality"
    ORDERS = "orders"
    FINDINGS = "findings"
    JOURNAL = "journal"
    LOG_INS = "log_ins"
    LOG_IN_FAILURES = "log_in_failures"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many days a kind is kept by default, and at least."""

    default_days: int
    minimum_days: int


MOST_DAYS = 36_500

_HALF_A_YEAR, _YEARS_3, _YEARS_10 = 184, 1_096, 3_653

LIMITS = {
    DataKind.TRACKS: Limits(_YEARS_3, _HALF_A_YEAR),
    DataKind.RAW_FRAMES: Limits(_YEARS_3, _HALF_A_YEAR),
    DataKind.DATA_QUALITY: Limits(_YEARS_3, _HALF_A_YEAR),
    DataKind.ORDERS: Limits(_YEARS_10, _YEARS_3),
    DataKind.FINDINGS: Limits(_YEARS_10, _YEARS_3),
    DataKind.JOURNAL: Limits(_YEARS_3, _HALF_A_YEAR),
    DataKind.LOG_INS: Limits(30, 1),
    DataKind.LOG_IN_FAILURES: Limits(_HALF_A_YEAR, 1),
    DataKind.QUARANTINE: Limits(_HALF_A_YEAR, 7),
}


def horizon(keep_days: int, now: datetime) -> datetime:
    """Return the instant before which data of a kind have had their time: a Shanghai midnight."""
    return day_start(shanghai_day(now) - timedelta(days=keep_days))


def latest_before(kind: DataKind, now: datetime) -> datetime:
    """Return the instant from which on data of a kind may not be erased yet."""
    return horizon(LIMITS[kind].minimum_days, now)
