"""Trips and stops from history: the arrays against the scalar machine, on one core.

Three recordings of invented vehicles: a position a second, every ten seconds, every half minute;
drives with lights and turns, rests in which the receiver wanders, nights. Both sides are the same
rule and must say the same. Memory is what `advance` holds beside the arrays that it is given, at
the end of a short history and of one eight times as long.
"""

import random
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from loadtests.measuring import Figure, Place
from tracking.geo import Floats
from tracking.trips.advance import advance, step_through
from tracking.trips.machine import TripMachine
from tracking.trips.positions import PositionArrays
from tracking.trips.rules import TripRules
from tracking.trips.state import TripState
from tracking.trips.values import TripEnded

POSITIONS = 500_000
PACES = {1: 6.0, 10: 3.0, 30: 1.5}
"""Seconds between positions → how much faster the arrays must be. Where positions are sparse, what
a trip costs by itself weighs more."""
_SCALAR_SHARE = 10  # the scalar side drives a tenth: a mean needs no more
_MOST_GROWTH = 1.2
_TURNS = 3


def run(_place: Place) -> list[Figure]:
    """Measure each pace, then the memory."""
    figures = []
    for every_s in PACES:
        figures += _compare(every_s, recording(every_s, POSITIONS))
    short, long = recording(10, 100_000), recording(10, 800_000)
    growth = _peak_mb(long) / _peak_mb(short)
    figures.append(
        Figure("peak memory, history eight times as long", growth, "×", at_most=_MOST_GROWTH)
    )
    return figures


def recording(every_s: int, count: int, seed: int = 7) -> PositionArrays:
    """Return so many positions of one vehicle's days: rests, drives with lights, nights."""
    chance = np.random.default_rng(seed)
    speeds = _speeds(every_s, count, random.Random(seed))
    course = np.cumsum(chance.normal(0, 0.02 * every_s**0.5, count))
    noise_m = chance.normal(0, 4, (2, count))
    north_m = np.cumsum(speeds / 3.6 * every_s * np.cos(course)) % 200_000 + noise_m[0]
    east_m = np.cumsum(speeds / 3.6 * every_s * np.sin(course)) % 200_000 + noise_m[1]
    return PositionArrays.of(
        (1_750_000_000 + every_s * np.arange(count)).tolist(),
        np.round(45 + north_m / 111_195, 6).tolist(),
        np.round(126 + east_m / (111_195 * 0.7071), 6).tolist(),
        speed_kmh=speeds.tolist(),
        odometer_m=np.cumsum(speeds / 3.6 * every_s).astype(np.int64).tolist(),
    )


def _speeds(every_s: int, count: int, chance: random.Random) -> Floats:
    speeds = np.zeros(count)
    at = 0
    while at < count:
        at += round(chance.uniform(900, 9_000)) // every_s
        drive_until = at + round(chance.uniform(600, 5_400)) // every_s
        while at < drive_until:
            stretch = max(1, round(chance.uniform(20, 300)) // every_s)
            speeds[at : at + stretch] = chance.uniform(15, 110)
            at += stretch + round(chance.choice((0, 0, 20, 70))) // every_s
    return speeds


def _compare(every_s: int, history: PositionArrays) -> list[Figure]:
    rules = TripRules()
    sample = history.part(0, len(history) // _SCALAR_SHARE)
    stepped = TripMachine(TripState(), rules)
    step_through(stepped, sample)
    assert (stepped.freeze(), stepped.events) == advance(TripState(), sample, rules)
    scalar = _per_s(len(sample), lambda: step_through(TripMachine(TripState(), rules), sample))
    arrays = _per_s(len(history), lambda: advance(TripState(), history, rules))
    _, events = advance(TripState(), history, rules)
    trips = sum(isinstance(event, TripEnded) for event in events)
    name = f"a position every {every_s} s"
    return [
        Figure(f"{name}: arrays", arrays, "positions/s a core"),
        Figure(f"{name}: arrays, a trip", 1e6 * len(history) / arrays / trips, "µs"),
        Figure(f"{name}: scalar machine", scalar, "positions/s a core"),
        Figure(f"{name}: arrays against scalar", arrays / scalar, "×", at_least=PACES[every_s]),
    ]


def _per_s(count: int, work: Callable[[], object]) -> float:
    """Return positions a CPU second, the best of a few turns: others work beside us."""
    spent_s = []
    for _ in range(_TURNS):
        before_s = time.process_time()
        work()
        spent_s.append(time.process_time() - before_s)
    return count / min(spent_s)


def _peak_mb(history: PositionArrays) -> float:
    tracemalloc.start()
    try:
        state = TripState()
        for start in range(0, len(history), 20_000):
            state, _ = advance(state, history.part(start, start + 20_000), TripRules())
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
