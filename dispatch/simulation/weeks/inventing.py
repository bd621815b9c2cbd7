"""Demand invented from a seed: working days with two peaks, bookings in advance, meetings."""

from dataclasses import dataclass

import numpy as np

from dispatch.matching.problem import Floats, Ints
from dispatch.simulation.weeks.model import DAY_S, Demand

_HOURS = np.array([0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 24]) * 3600.0
_BUSY = np.array([0.02, 0.5, 2.6, 2.2, 1.3, 0.7, 0.5, 1.6, 2.4, 1.6, 1.1, 0.8, 0.25, 0.03])
"""How busy each stretch between those hours is, an hour."""
_AT_WEEKENDS = 0.15


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is invented: so many requests on a working day, on so many days from a Monday on.

    booked: share asked between two hours and two days before
    back: share whose vehicle waits and brings them back; met: share that goes to a few meetings
    agrees: share that would share
    stay_min: how long a vehicle waits, least and most; over: how much longer that may turn out
    """

    requests_a_day: float
    days: int = 7
    booked: float = 0.6
    back: float = 0.45
    met: float = 0.35
    agrees: float = 0.7
    stay_min: tuple[float, float] = (15.0, 75.0)
    over: float = 0.3

    def __post_init__(self) -> None:
        if not 0 < self.requests_a_day <= 20_000 or not 1 <= self.days <= 31:
            raise ValueError("a pattern has up to 20000 requests a day, on 1 to 31 days")
        shares = (self.booked, self.back, self.met, self.agrees, self.over)
        if not all(0 <= one <= 1 for one in shares):
            raise ValueError("shares lie between 0 and 1")
        if not 0 <= self.stay_min[0] <= self.stay_min[1] <= 1_440:
            raise ValueError("stay_min is a span within a day")


def invent(pattern: Pattern, origins: Ints, destinations: Ints, seed: int) -> Demand:
    """Return the demand that belongs to a seed, between these places."""
    chance = np.random.default_rng(seed)
    days = np.arange(pattern.days)
    mean = np.where(days % 7 < 5, 1.0, _AT_WEEKENDS) * pattern.requests_a_day
    day = np.repeat(days, chance.poisson(mean))
    count = len(day)
    start_s = day * DAY_S + _time_of_day_s(chance, count)
    start_s, destination = _meetings(chance, pattern, start_s, destinations)
    origin = chance.choice(origins, count)
    again = origin == destination
    origin[again] = origins[(np.searchsorted(origins, origin[again]) + 1) % len(origins)]
    before_s = np.where(
        chance.random(count) < pattern.booked,
        chance.uniform(2 * 3600, 48 * 3600, count),
        chance.uniform(0, 600, count),
    )
    asked_s = np.maximum(start_s - before_s, 0.0)
    back = chance.random(count) < pattern.back
    least, most = pattern.stay_min
    stay_s = np.where(back, chance.uniform(least * 60, most * 60, count), 0.0)
    people = np.minimum(chance.geometric(0.55, count), 4)
    order = np.argsort(asked_s, kind="stable")
    return Demand(
        asked_s=asked_s[order],
        start_s=start_s[order],
        origin=origin[order],
        destination=destination[order],
        back=back[order],
        stay_s=stay_s[order],
        over_s=(stay_s * chance.uniform(0, pattern.over, count))[order],
        passengers=people[order].astype(np.int64),
        may_share=(chance.random(count) < pattern.agrees)[order],
    )


def _time_of_day_s(chance: np.random.Generator, count: int) -> Floats:
    weights = _BUSY * np.diff(_HOURS)
    stretch = chance.choice(len(weights), count, p=weights / weights.sum())
    return _HOURS[stretch] + chance.random(count) * np.diff(_HOURS)[stretch]


def _meetings(
    chance: np.random.Generator, pattern: Pattern, start_s: Floats, destinations: Ints
) -> tuple[Floats, Ints]:
    """Let some go to the meeting of their half day, within twenty minutes of each other."""
    count = len(start_s)
    destination = chance.choice(destinations, count)
    half = (start_s // (DAY_S / 2)).astype(np.int64)
    halls = chance.choice(destinations, int(half.max(initial=0)) + 1)
    is_met = chance.random(count) < pattern.met
    destination[is_met] = halls[half[is_met]]
    begins_s = half * (DAY_S / 2) + np.where(half % 2 == 0, 8.5, 2.0) * 3600
    met_s = begins_s + chance.uniform(-600, 600, count)
    return np.where(is_met, met_s, start_s), destination
