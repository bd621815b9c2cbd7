"""The figures of one terminal's day. Pure: positions in, counts out; definitions in docs/trips.md.

Counts add up over days and terminals; every share is a quotient of two of them.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tracking.geo import Floats, distances_m
from tracking.path.judgement import Reason
from tracking.trips.jumps import M_S_PER_KMH

DAY_S = 86_400

Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class QualityRules:
    """Thresholds, in metres, seconds and km/h."""

    # A terminal that is silent for longer was not on line meanwhile.
    offline_s: int = 600
    # A step of more than this many intervals has lost positions.
    late_factor: float = 1.5
    # At or below this reported speed a vehicle stands.
    slow_kmh: float = 5.0
    # Between two positions of a standing vehicle further than this is drift.
    drift_m: float = 50.0
    # No road vehicle is faster.
    impossible_kmh: float = 250.0

    def __post_init__(self) -> None:
        if self.offline_s < 1 or self.late_factor <= 1 or self.drift_m <= 0:
            raise ValueError("offline_s and drift_m must be positive, late_factor above 1")
        if not 0 < self.slow_kmh < self.impossible_kmh:
            raise ValueError("need 0 < slow_kmh < impossible_kmh")


@dataclass(frozen=True, slots=True)
class DayOfPositions:
    """What a terminal sent in a Shanghai day, each position once, by time; all of shape (n,).

    `time_s` epoch seconds, -1 where no plausible one is known; `late_s` receipt minus the
    terminal's own time, NaN where that is unreadable; `speed_kmh` -1 unknown; `reasons` as
    stored. `repeats` is how many further rows said the same.
    """

    time_s: Integers
    late_s: Floats
    lat: Floats
    lon: Floats
    speed_kmh: Floats
    reasons: Integers
    backfilled: Bools
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Counts of one day; `interval_s` and `clock_offset_s` are medians, None without any."""

    positions: int
    repeats: int
    doubtful: int
    backfilled: int
    no_fix: int
    zero_island: int
    impossible_coordinates: int
    time_unreadable: int
    future: int
    stale: int
    encrypted: int
    outside_region: int
    rollover_repaired: int
    online_s: int
    moving: int
    missing: int
    parked: int
    drifting: int
    jumps: int
    interval_s: float | None
    clock_offset_s: float | None


FIGURES = tuple(field.name for field in fields(DayFigures))
COUNTS = FIGURES[:-2]


def figures_of_day(day: DayOfPositions, rules: QualityRules) -> DayFigures:
    """Count one terminal's day."""
    doubtful = (day.reasons & ~int(Reason.ROLLOVER_REPAIRED)) != 0
    good = ~doubtful & (day.time_s >= 0)
    time_s, speed = day.time_s[good], day.speed_kmh[good]
    lat, lon = day.lat[good], day.lon[good]
    steps_s = np.diff(time_s)
    steps_m = distances_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    on_line = steps_s <= rules.offline_s
    stands = (speed >= 0) & (speed <= rules.slow_kmh)
    parked = on_line & stands[:-1] & stands[1:]
    moves = on_line & (steps_s > 0) & ((speed[:-1] > rules.slow_kmh) | (speed[1:] > rules.slow_kmh))
    interval_s = float(np.median(steps_s[moves])) if moves.any() else None
    possible_m = rules.impossible_kmh * M_S_PER_KMH * np.maximum(1, steps_s)
    return DayFigures(
        positions=len(day.time_s),
        repeats=day.repeats,
        doubtful=int(doubtful.sum()),
        backfilled=int(day.backfilled.sum()),
        **_reasons(day.reasons),
        online_s=min(DAY_S, int(steps_s[on_line].sum())),
        moving=int(moves.sum()),
        missing=_missing(steps_s[moves], interval_s, rules),
        parked=int(parked.sum()),
        drifting=int((parked & (steps_m > rules.drift_m)).sum()),
        jumps=int((steps_m > possible_m).sum()),
        interval_s=interval_s,
        clock_offset_s=_clock_offset_s(day),
    )


def _reasons(reasons: Integers) -> dict[str, int]:
    return {
        reason.name.lower(): int(((reasons & int(reason)) != 0).sum())
        for reason in Reason
        if reason.name
    }


def _missing(steps_s: Integers, interval_s: float | None, rules: QualityRules) -> int:
    """Return how many positions the long steps should have had between their ends."""
    if interval_s is None:
        return 0
    long_s = steps_s[steps_s > rules.late_factor * interval_s]
    return int((np.rint(long_s / interval_s) - 1).sum())


def _clock_offset_s(day: DayOfPositions) -> float | None:
    """Return the median of receipt minus own time, of what was sent at once."""
    at_once = day.late_s[~day.backfilled & ~np.isnan(day.late_s)]
    return float(np.median(at_once)) if len(at_once) else None


def share(part: int, whole: int) -> float | None:
    """Return a quotient in [0, 1], None of nothing."""
    return part / whole if whole else None
