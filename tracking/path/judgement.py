"""Intrinsic judgement: what a position's own row and its first receipt say against it.

Stored with the position, never changed afterwards. What depends on neighbours (drift, jumps) is
the trip machine's, because neighbours may still arrive.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntFlag

from kit.settings import Settings

# GPS counts weeks in ten bits: a receiver that misses the roll-over is behind by whole periods.
ROLLOVER = timedelta(weeks=1024)


class Reason(IntFlag):
    """Why a position is doubtful; values are stored, so they are only ever added to."""

    NONE = 0
    NO_FIX = 1
    ZERO_ISLAND = 2
    IMPOSSIBLE_COORDINATES = 4
    TIME_UNREADABLE = 8
    FUTURE = 16
    STALE = 32
    # Status bit 5 of JT/T 808 table 24: coordinates encrypted by a plug-in we don't hold.
    ENCRYPTED = 64
    OUTSIDE_REGION = 128
    # A remark, not an objection: the position counts, at its repaired time.
    ROLLOVER_REPAIRED = 256


@dataclass(frozen=True, slots=True)
class Region:
    """The box in which the fleet can be at all, in degrees; edges belong to it."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        if not (-90 <= self.south < self.north <= 90 and -180 <= self.west < self.east <= 180):
            raise ValueError("a region needs south < north and west < east, in degrees")

    @classmethod
    def parse(cls, text: str) -> "Region":
        """Return the region of `south,west,north,east`. Raises ValueError."""
        south, west, north, east = map(float, text.split(","))
        return cls(south, west, north, east)

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass(frozen=True, slots=True)
class JudgementRules:
    """How far a terminal's clock may be off its receipt, and where the fleet can be."""

    future_after: timedelta = timedelta(minutes=5)
    stale_after: timedelta = timedelta(days=30)
    region: Region | None = None

    def __post_init__(self) -> None:
        if self.future_after < timedelta(0):
            raise ValueError("future_after is a tolerance and can't be negative")
        if not timedelta(0) < self.stale_after < ROLLOVER / 2:
            raise ValueError("stale_after must be positive and below half of 1,024 weeks")

    @classmethod
    def of(cls, settings: Settings) -> "JudgementRules":
        """Return the rules that an operator has chosen. Raises ValueError for no region."""
        region = settings.position_region
        return cls(
            settings.position_future,
            settings.position_stale,
            None if region is None else Region.parse(region),
        )


DEFAULT_RULES = JudgementRules()


def repair_time(
    time: datetime, received_at: datetime, rules: JudgementRules = DEFAULT_RULES
) -> tuple[datetime, bool]:
    """The time with missed 1,024-week roll-overs added back, and whether that was needed.

    Repaired only if the result is neither stale nor in the future: a clock that was merely reset
    (1970, 2000) stays as it is and is judged stale.
    """
    periods = round((received_at - time) / ROLLOVER)
    if periods < 1:
        return time, False
    repaired = time + periods * ROLLOVER
    plausible = -rules.stale_after <= repaired - received_at <= rules.future_after
    return (repaired, True) if plausible else (time, False)


def judge(
    time: datetime | None,
    latitude: float,
    longitude: float,
    fixed: bool,
    encrypted: bool,
    received_at: datetime,
    rules: JudgementRules = DEFAULT_RULES,
) -> Reason:
    """All reasons that apply. `time` is the terminal's own, before repair; None is unreadable."""
    reason = _judge_time(time, received_at, rules)
    reason |= _judge_place(latitude, longitude, rules)
    if not fixed:
        reason |= Reason.NO_FIX
    if encrypted:
        reason |= Reason.ENCRYPTED
    return reason


def is_doubtful(reason: Reason) -> bool:
    """Whether the position stays out of live, trips and mileage."""
    return bool(reason & ~Reason.ROLLOVER_REPAIRED)


def _judge_time(time: datetime | None, received_at: datetime, rules: JudgementRules) -> Reason:
    if time is None:
        return Reason.TIME_UNREADABLE
    time, repaired = repair_time(time, received_at, rules)
    if repaired:
        return Reason.ROLLOVER_REPAIRED
    if time - received_at > rules.future_after:
        return Reason.FUTURE
    if received_at - time > rules.stale_after:
        return Reason.STALE
    return Reason.NONE


def _judge_place(latitude: float, longitude: float, rules: JudgementRules) -> Reason:
    # Written so that NaN falls on the impossible side.
    if not (-90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0):
        return Reason.IMPOSSIBLE_COORDINATES
    if latitude == 0.0 and longitude == 0.0:
        return Reason.ZERO_ISLAND
    if rules.region is not None and not rules.region.holds(latitude, longitude):
        return Reason.OUTSIDE_REGION
    return Reason.NONE
