"""Trips and stops from positions: `advance` is the same rule for live batches and for history.

Any split of a track into batches gives the same events and the same final state. A position older
than the state is refused: late data is recomputed from an earlier checkpoint.
"""

import numpy as np

from tracking.trips.machine import TripMachine, trip_of
from tracking.trips.positions import PositionArrays, Seen
from tracking.trips.rules import TripRules
from tracking.trips.runs import Runs
from tracking.trips.state import TripState
from tracking.trips.track import Track, sane_speeds
from tracking.trips.values import Stop, Trip, TripEvent

# Columns pay from so many positions on; memory beside the arrays is bounded by the other.
_BULK_FROM, _BULK_AT_ONCE = 24, 65_536


class LatePosition(ValueError):
    """A position is older than the state: recompute from a checkpoint before it."""


def advance(
    state: TripState, positions: PositionArrays, rules: TripRules
) -> tuple[TripState, list[TripEvent]]:
    """The state after the positions, and what happened on the way, in order.

    Repeats of a position are passed over. Raises LatePosition.
    """
    if not len(positions):
        return state, []
    first = (int(positions.time_s[0]), int(positions.digest[0]))
    if state.newest is not None and first < state.newest:
        raise LatePosition("a position is older than the state it is to advance")
    machine = TripMachine(state, rules)
    for start in range(0, len(positions), _BULK_AT_ONCE):
        part = _fresh(positions.part(start, start + _BULK_AT_ONCE), machine.newest)
        if len(part) < _BULK_FROM:
            step_through(machine, part)
        else:
            _run_through(machine, Track(part, rules))
    return machine.freeze(), machine.events


def step_through(machine: TripMachine, positions: PositionArrays) -> None:
    """Let the machine take positions one by one, none of them a repeat."""
    columns = (
        positions.time_s.tolist(),
        positions.lat.tolist(),
        positions.lon.tolist(),
        sane_speeds(positions.speed_kmh, machine.rules).tolist(),
        positions.odometer_m.tolist(),
    )
    for seen in map(Seen, *columns):
        machine.step(seen)
    if len(positions):
        machine.newest = (int(positions.time_s[-1]), int(positions.digest[-1]))


def open_trip(state: TripState, rules: TripRules) -> Trip | None:
    """The trip under way as far as it is known, None while parked."""
    return None if state.moving is None else trip_of(state.moving.points, rules)


def open_stop(state: TripState) -> Stop | None:
    """The present stop, None while moving or before the rest has lasted long enough."""
    parked = state.parked
    if parked is None or not parked.confirmed:
        return None
    return Stop(parked.started_at_s, parked.lat, parked.lon)


def _run_through(machine: TripMachine, track: Track) -> None:
    runs = Runs(track)
    machine.step(track.seen(0))
    i = 1
    while i < len(track):
        # What ends a run is a step's business: don't look there for another run.
        i += runs.take(machine, i)
        if i < len(track):
            machine.step(track.seen(i), calm=track.calm[i].item())
        i += 1
    machine.newest = track.key(len(track) - 1)


def _fresh(positions: PositionArrays, newest: tuple[int, int] | None) -> PositionArrays:
    """Return the positions without repeats of one another and of the newest one."""
    time_s, digest = positions.time_s, positions.digest
    fresh = np.ones(len(positions), np.bool_)
    fresh[1:] = (time_s[1:] != time_s[:-1]) | (digest[1:] != digest[:-1])
    if newest is not None:
        fresh &= (time_s != newest[0]) | (digest != newest[1])
    return positions if fresh.all() else positions.take(fresh)
