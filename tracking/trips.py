"""Trips and stops from positions: `advance` is the same rule for live batches and for history.

Any split of a track into batches gives the same events and the same final state. A position older
than the state is refused: late data is recomputed from an earlier checkpoint.
"""

from collections import defaultdict
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from tracking.geo import Floats, distances_m
from tracking.jumps import M_S_PER_KMH
from tracking.trip_machine import TripMachine, trip_of
from tracking.trip_state import Seen, TripState
from tracking.trip_values import UNKNOWN, PositionArrays, Stop, Trip, TripEvent, TripRules

SHANGHAI = ZoneInfo("Asia/Shanghai")

# Vectorised and scalar distances differ in the last bits: what is nearer to a threshold than this
# is left to the scalar rule, so that a split of the arrays changes nothing.
MARGIN_M = 1e-3


class LatePosition(ValueError):
    """A position is older than the state: recompute from a checkpoint before it."""


def advance(
    state: TripState, positions: PositionArrays, rules: TripRules
) -> tuple[TripState, list[TripEvent]]:
    """The state after the positions, and what happened on the way, in order.

    Repeats of the newest position are passed over. Raises LatePosition.
    """
    if not len(positions):
        return state, []
    if state.newest is not None and (positions.time_s[0], positions.digest[0]) < state.newest:
        raise LatePosition("a position is older than the state it is to advance")
    track = _Track(positions, rules)
    machine = TripMachine(state, rules)
    i = 0
    while i < len(track):
        if i and machine.at_rest and (run := track.resting_run(machine, i)):
            i += run
            machine.rest_until(track.seen(i - 1))
            machine.newest = track.key(i - 1)
            continue
        key = track.key(i)
        if key != machine.newest:
            machine.step(track.seen(i), calm=track.calm[i])
        machine.newest = key
        i += 1
    return machine.freeze(), machine.events


def open_trip(state: TripState) -> Trip | None:
    """The trip under way as far as it is known, None while parked."""
    return None if state.moving is None else trip_of(state.moving)


def open_stop(state: TripState) -> Stop | None:
    """The present stop, None while moving or before the rest has lasted long enough."""
    parked = state.parked
    if parked is None or not parked.confirmed:
        return None
    return Stop(parked.started_at_s, parked.lat, parked.lon)


def split_by_day(trip: Trip) -> dict[date, int]:
    """Metres by Shanghai day: a pair belongs to the day of its later point. Sums to the trip."""
    days: defaultdict[date, int] = defaultdict(int)
    for offset_s, metres in zip(trip.offsets_s[1:], trip.pair_m, strict=True):
        moment = datetime.fromtimestamp(trip.started_at_s + offset_s, UTC)
        days[moment.astimezone(SHANGHAI).date()] += metres
    return dict(days)


class _Track:
    """The batch as rows for the machine, and as columns for what can be seen in bulk."""

    FIRST_LOOK, LONGEST_LOOK = 32, 8192

    def __init__(self, positions: PositionArrays, rules: TripRules) -> None:
        lat, lon = positions.lat, positions.lon
        told = positions.speed_kmh
        sane = (told >= 0) & (told <= rules.impossible_kmh)
        speed = np.where(sane, told, float(UNKNOWN))
        self.times = positions.time_s.tolist()
        self.digests = positions.digest.tolist()
        self.columns = (lat.tolist(), lon.tolist(), speed.tolist(), positions.odometer_m.tolist())
        self.lat: Floats = lat
        self.lon: Floats = lon
        self.radius_m = rules.drift_radius_m - MARGIN_M
        reach_m = rules.impossible_kmh * M_S_PER_KMH * np.maximum(1, np.diff(positions.time_s))
        steps_m = distances_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
        calm = np.append(False, steps_m < reach_m - MARGIN_M)
        self.calm: list[bool] = calm.tolist()
        self.slow = calm & (speed <= rules.slow_kmh)

    def __len__(self) -> int:
        return len(self.times)

    def key(self, i: int) -> tuple[int, int]:
        return self.times[i], self.digests[i]

    def seen(self, i: int) -> Seen:
        lat, lon, speed, odometer = self.columns
        return Seen(self.times[i], lat[i], lon[i], speed[i], odometer[i])

    def resting_run(self, machine: TripMachine, start: int) -> int:
        """How many positions from `start` on plainly rest: slow, near, no jump, none in doubt."""
        parked = machine.parked
        if parked is None:
            return 0
        run, look = 0, self.FIRST_LOOK
        while start + run < len(self):
            part = slice(start + run, start + run + look)
            off_m = distances_m(self.lat[part], self.lon[part], parked.lat, parked.lon)
            rests = self.slow[part] & (off_m < self.radius_m)
            if not rests.all():
                return run + int(np.argmin(rests))
            run += len(rests)
            look = min(2 * look, self.LONGEST_LOOK)
        return run
