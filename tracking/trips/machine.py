"""The trip machine, one position at a time: parked or moving, behind a guard against jumps.

1. Parked: a position near the rest's centre is rest. Others are pending; they become a trip once
   proven (`Departure`), are forgotten when the vehicle is back, or taken as drift in the end.
2. Moving: every position is a point; metres are counted in chords, and not while it stands.
   Staying near one place for `rest_s` ends the trip where it began to stand. So does a silence
   that leaves time for such a rest even if the way was done at walking pace, and a window of
   `settle_s` in which it settles where signal is weak (`settled.py`).

`runs.py` does the same for whole runs of positions of which nothing comes.
"""

from dataclasses import replace
from statistics import median

import numpy as np

from tracking.geo import distance_m
from tracking.trips.departure import Departure
from tracking.trips.jumps import M_S_PER_KMH, JumpGuard, apart_m
from tracking.trips.odometer import odometer_between, odometer_of_trip
from tracking.trips.points import GrowingPoints, Points
from tracking.trips.positions import UNKNOWN, Seen
from tracking.trips.rules import TripRules
from tracking.trips.settled import middle, settles, since_when
from tracking.trips.state import Moving, Parked, TripState
from tracking.trips.values import (
    Stop,
    StopEnded,
    StopStarted,
    Trip,
    TripEnded,
    TripEvent,
    TripStarted,
)


class TripMachine:
    """The mutable inside of `advance`: thawed from a state, stepped, frozen into a state."""

    def __init__(self, state: TripState, rules: TripRules) -> None:
        self.rules = rules
        self.events: list[TripEvent] = []
        self.newest = state.newest
        self.guard = JumpGuard(state.last, state.suspects, rules)
        # What is pending stands in the departure alone until it is frozen again.
        self.parked = replace(state.parked, pending=()) if state.parked else None
        self.departure = Departure(state.parked, rules)
        moving = state.moving
        self.points = GrowingPoints(moving.points if moving else None)
        self.anchor = moving.anchor if moving else 0
        self.watch = moving.watch if moving else 0
        self.carry_mm = moving.carry_mm if moving else 0
        # Kept beside the points, because each step asks for them.
        self.anchored = self.points.seen(self.anchor) if moving else _NOWHERE
        self.watched = self.points.seen(self.watch) if moving else _NOWHERE
        self.latest = self.points.seen(len(self.points) - 1) if moving else _NOWHERE
        self.pen = moving.pen if moving else _NOWHERE

    def freeze(self) -> TripState:
        parked, moving = self.parked, None
        if parked is not None:
            parked = replace(parked, pending=tuple(self.departure.pending))
        elif len(self.points):
            moving = Moving(self.points.frozen(), self.anchor, self.pen, self.carry_mm, self.watch)
        return TripState(self.newest, self.guard.last, tuple(self.guard.suspects), parked, moving)

    @property
    def at_rest(self) -> bool:
        """Parked, and nothing in doubt."""
        return self.parked is not None and not self.departure.pending and not self.guard.suspects

    @property
    def under_way(self) -> bool:
        """Moving, and nothing in doubt."""
        return self.parked is None and len(self.points) > 0 and not self.guard.suspects

    def step(self, seen: Seen, *, calm: bool = False) -> None:
        """Take the next position of the track; `calm` if no jump from the one before, for sure."""
        guard = self.guard
        if guard.last is None:
            guard.last = seen
            self._park(seen, (seen.lat, seen.lon), seen, confirmed=False)
        elif calm and not guard.suspects:
            guard.last = seen
            self._believe(seen)
        elif guard.believes(seen):
            self._believe(seen)
        elif proven := guard.suspect(seen):
            self._jump(proven[0], proven[1:])

    def rest_until(self, seen: Seen) -> None:
        """Take a run of plainly resting positions that ends with `seen`."""
        self.guard.last = seen
        self._rest(seen)

    def _rest(self, seen: Seen) -> None:
        parked = self.parked
        if parked is None:
            raise AssertionError("only a parked vehicle rests")
        confirmed = parked.confirmed
        if not confirmed and seen.time_s - parked.started_at_s >= self.rules.rest_s:
            confirmed = True
            self.events.append(StopStarted(_stop(parked)))
        self.parked = replace(parked, rest=seen, confirmed=confirmed)

    def _jump(self, first: Seen, others: list[Seen]) -> None:
        """The vehicle is there, and nobody knows how it got there: no trip, no metres."""
        if self.parked is not None:
            self._leave_stop(self.parked.rest.time_s)
            self._park(first, (first.lat, first.lon), first, confirmed=False)
        else:
            self.points.append(first, 0, gap=True)
            self._anchor_at(first)
            self._watch_from(len(self.points) - 1, first)
            self.latest = self.pen = first
        for seen in others:
            self._believe(seen)

    def _believe(self, seen: Seen) -> None:
        if self.parked is not None:
            self._stay(self.parked, seen)
        else:
            self._move(seen)

    # 1. Parked.

    def _park(
        self, began: Seen, place: tuple[float, float], rest: Seen, *, confirmed: bool
    ) -> None:
        self.parked = Parked(began.time_s, *place, place, rest, (), confirmed)
        self.departure = Departure(self.parked, self.rules)
        if confirmed:
            self.events.append(StopStarted(_stop(self.parked)))

    def _stay(self, parked: Parked, seen: Seen) -> None:
        departure = self.departure
        if departure.rests(seen):
            departure.pending.clear()
            self._rest(seen)
            return
        departure.add(seen)
        if departure.is_proven(parked.rest):
            self._depart(parked)
        elif departure.is_drift():
            # Same stop, shown at another place.
            self.parked = replace(parked, centre=middle(departure.pending))
            self.departure = Departure(self.parked, self.rules)
            self._rest(seen)

    def _depart(self, parked: Parked) -> None:
        """Begin the trip at the time of the last resting position, in the middle of the rest (one
        position may have drifted), and drive through what was pending."""
        lat, lon = parked.centre
        rest, pending = parked.rest._replace(lat=lat, lon=lon), list(self.departure.pending)
        first = pending[0]
        silent = first.time_s - rest.time_s >= self.rules.gap_s
        if silent:
            # Nobody saw it leave: as late as the way allows, or a night's silence would be a trip.
            way_s = apart_m(rest, first) / (self.rules.departure_kmh * M_S_PER_KMH)
            rest = rest._replace(time_s=max(rest.time_s, first.time_s - round(way_s)))
        self._leave_stop(rest.time_s)
        self.parked = None
        self.departure = Departure(None, self.rules)
        self.points = GrowingPoints()
        self.points.append(rest, 0, gap=False)
        self.pen, self.carry_mm = rest, 0
        self.events.append(TripStarted(rest.time_s, rest.lat, rest.lon))
        self._add_point(first, apart_m(rest, first), silent=silent)
        # Rest is looked for from the first position after the departure.
        self._anchor_at(first)
        self._watch_from(1, first)
        for seen in pending[1:]:
            self._believe(seen)

    def _leave_stop(self, ended_at_s: int) -> None:
        if self.parked is not None and self.parked.confirmed:
            self.events.append(StopEnded(_stop(self.parked, ended_at_s)))

    # 2. Moving.

    def _move(self, seen: Seen) -> None:
        rules, last, anchored = self.rules, self.latest, self.anchored
        from_anchor_m = apart_m(anchored, seen)
        stands = 0 <= seen.speed_kmh <= rules.slow_kmh
        resting = from_anchor_m <= (rules.wander_m if stands else rules.drift_radius_m)
        silence_s = seen.time_s - last.time_s
        if resting and seen.time_s - anchored.time_s >= rules.rest_s:
            self._end_trip(middle([*self.points.since(self.anchor), seen]), self.anchor, seen)
        elif (
            silence_s >= rules.rest_s and not resting and self._spare_s(last, seen) >= rules.rest_s
        ):
            self._end_trip(middle(self.points.since(self.anchor)), self.anchor, last)
            self._believe(seen)
        else:
            # Under way both are mostly the last point: the way is measured once.
            metres = from_anchor_m if anchored == self.pen else apart_m(self.pen, seen)
            self._add_point(seen, metres, silent=silence_s >= rules.gap_s)
            if not resting:
                self._anchor_at(seen)
            if self._watch_ends(seen):
                self._look_back(seen)
            if self.parked is None and len(self.points) >= rules.most_points:
                self._cut()

    def _watch_ends(self, seen: Seen) -> bool:
        lasts_s, rules = seen.time_s - self.watched.time_s, self.rules
        return lasts_s >= rules.settle_s and len(self.points) - self.watch >= rules.settle_positions

    def _look_back(self, seen: Seen) -> None:
        """End the trip if it has settled in the window that ends with `seen`, or watch on."""
        rules, newest = self.rules, len(self.points) - 1
        if apart_m(self.watched, seen) > rules.stray_m:
            self._watch_from(newest, seen)
            return
        window = self.points.since(self.watch)
        if settles(window, self.points.seen(0), rules):
            place = middle(window)
            # As near as half of the rest's positions are.
            near_m = median(distance_m(*place, s.lat, s.lon) for s in window)
            begin = since_when(self.points, self.watch, place, rules)
            self._end_trip(place, begin, seen, max(near_m, rules.jitter_m))
            return
        # A rest may have begun within the window: the next one begins in its midst.
        half = next(
            n for n, s in enumerate(window) if 2 * (s.time_s - window[0].time_s) >= rules.settle_s
        )
        self._watch_from(self.watch + half, window[half])

    def _watch_from(self, point: int, seen: Seen) -> None:
        """Begin the window in which the trip may settle with a point, which is `seen`."""
        self.watch, self.watched = point, seen

    def _spare_s(self, before: Seen, seen: Seen) -> float:
        """Seconds of a silence that are left over even if the way was done at walking pace.

        The way is straight, or what the odometer counted: in the mountains that is far more.
        """
        way_m = max(apart_m(before, seen), odometer_between(before, seen, self.rules) or 0)
        return seen.time_s - before.time_s - way_m / (self.rules.slow_kmh * M_S_PER_KMH)

    def _anchor_at(self, seen: Seen) -> None:
        """Look for rest from the newest point on, which is `seen`."""
        self.anchor, self.anchored = len(self.points) - 1, seen

    def _add_point(self, seen: Seen, metres: float, *, silent: bool) -> None:
        rules = self.rules
        noise_m = rules.chord_m if seen.speed_kmh > rules.slow_kmh else rules.jitter_m
        self.latest = seen
        if not silent and metres <= noise_m:
            self.points.append(seen, 0, gap=False)
            return
        self.pen = seen
        # The remainder is carried, or every pair of 11.1 m at a constant speed would lose 0.1.
        whole_m, carry_mm = divmod(self.carry_mm + round(metres * 1000) + 500, 1000)
        self.points.append(seen, whole_m, gap=silent)
        self.carry_mm = carry_mm - 500

    def _end_trip(
        self, place: tuple[float, float], begin: int, rest: Seen, near_m: float | None = None
    ) -> None:
        """End where it first came near the middle of its rest, from the point `begin` on:
        positions on the way in belong to the trip, those of the rest don't."""
        near_m = self.rules.jitter_m if near_m is None else near_m
        known = self.points.since(begin)
        off_m = [distance_m(*place, seen.lat, seen.lon) for seen in known]
        end = next((i for i, off in enumerate(off_m) if off <= near_m), None)
        if end is None:
            end = off_m.index(min(off_m))
        while end + 1 < len(known) and off_m[end + 1] < off_m[end]:
            end += 1
        self._tell_trip(begin + end + 1, to_the_end=True)
        self.points = GrowingPoints()
        self._park(known[end], place, rest, confirmed=True)

    def _cut(self) -> None:
        """End a trip that grows too long before its last pair, which begins the next trip."""
        self._tell_trip(len(self.points) - 1)
        newest = self.latest
        self.points.keep_last(2)
        self._anchor_at(newest)
        self._watch_from(len(self.points) - 1, newest)
        self.pen = newest
        start = self.points.seen(0)
        self.events.append(TripStarted(start.time_s, start.lat, start.lon))

    def _tell_trip(self, count: int, *, to_the_end: bool = False) -> None:
        """The trip of the first `count` points is over; the last chord may be a short one."""
        if to_the_end:
            self.points.count_up_to(count)
        self.events.append(TripEnded(trip_of(self.points.frozen(count), self.rules)))


_NOWHERE = Seen(0, 0.0, 0.0, UNKNOWN, UNKNOWN)


def trip_of(points: Points, rules: TripRules) -> Trip:
    """The trip that the points make."""
    records = points.records
    time_s, speed_kmh, pair_m = records["time_s"], records["speed_kmh"], records["pair_m"][1:]
    fastest_kmh = float(np.max(speed_kmh))
    return Trip(
        started_at_s=int(time_s[0]),
        offsets_s=tuple((time_s - time_s[0]).tolist()),
        lats=tuple(records["lat"].tolist()),
        lons=tuple(records["lon"].tolist()),
        pair_m=tuple(pair_m.tolist()),
        gaps=tuple(np.flatnonzero(records["gap"][1:]).tolist()),
        max_speed_kmh=None if fastest_kmh == UNKNOWN else fastest_kmh,
        odometer_m=odometer_of_trip(time_s, records["odometer_m"], int(pair_m.sum()), rules),
    )


def _stop(parked: Parked, ended_at_s: int | None = None) -> Stop:
    return Stop(parked.started_at_s, parked.lat, parked.lon, ended_at_s)
