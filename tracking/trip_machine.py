"""The trip machine, one position at a time: parked or moving, behind a guard against jumps.

1. Parked: a position near the rest's centre is rest. Others are pending; they become a trip once
   proven (`_departs`), are forgotten when the vehicle is back, or taken as drift in the end.
2. Moving: every position is a point; metres are counted in chords, and not while it stands.
   Staying within the drift radius for `rest_s` ends the trip where it began to stand. So does a
   silence that leaves time for such a rest even if the way was done at walking pace.
"""

from bisect import bisect_left
from dataclasses import replace
from statistics import median

from tracking.geo import distance_m
from tracking.jumps import M_S_PER_KMH, JumpGuard, apart_m
from tracking.trip_state import Moving, Parked, Seen, TripState
from tracking.trip_values import (
    UNKNOWN,
    Stop,
    StopEnded,
    StopStarted,
    Trip,
    TripEnded,
    TripEvent,
    TripRules,
    TripStarted,
)


class TripMachine:
    """The mutable inside of `advance`: thawed from a state, stepped, frozen into a state."""

    def __init__(self, state: TripState, rules: TripRules) -> None:
        self.rules = rules
        self.events: list[TripEvent] = []
        self.newest = state.newest
        self.guard = JumpGuard(state.last, state.suspects, rules)
        self.parked = state.parked
        self.pending = list(state.parked.pending) if state.parked else []
        moving = state.moving
        self.points = list(moving.points) if moving else []
        self.pair_m = list(moving.pair_m) if moving else []
        self.gaps = list(moving.gaps) if moving else []
        self.anchor = moving.anchor if moving else 0
        self.pen = moving.pen if moving else 0
        self.carry_mm = moving.carry_mm if moving else 0

    def freeze(self) -> TripState:
        parked, moving = self.parked, None
        if parked is not None:
            parked = replace(parked, pending=tuple(self.pending))
        elif self.points:
            moving = self._moving(len(self.points))
        return TripState(self.newest, self.guard.last, tuple(self.guard.suspects), parked, moving)

    @property
    def at_rest(self) -> bool:
        """Parked, and nothing in doubt."""
        return self.parked is not None and not self.pending and not self.guard.suspects

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
            self.gaps.append(len(self.pair_m))
            self.pair_m.append(0)
            self.points.append(first)
            self.anchor = self.pen = len(self.points) - 1
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
        self.pending.clear()
        if confirmed:
            self.events.append(StopStarted(_stop(self.parked)))

    def _stay(self, parked: Parked, seen: Seen) -> None:
        rules = self.rules
        if self._near(parked, seen) and seen.speed_kmh <= rules.slow_kmh:
            self.pending.clear()
            self._rest(seen)
            return
        self.pending.append(seen)
        if len(self.pending) < rules.proof_positions:
            return
        if self._departs(parked):
            self._depart(parked)
        elif (
            seen.time_s - self.pending[0].time_s >= rules.rest_s
            or len(self.pending) >= rules.most_points
        ):
            self._drift(parked)

    def _near(self, parked: Parked, seen: Seen) -> bool:
        radius_m = self.rules.drift_radius_m
        return (
            distance_m(parked.lat, parked.lon, seen.lat, seen.lon) <= radius_m
            or distance_m(*parked.centre, seen.lat, seen.lon) <= radius_m
        )

    def _departs(self, parked: Parked) -> bool:
        """Movement is proven by enough positions that leave the place, at a reported speed or so
        far off that none is needed."""
        rules, newest = self.rules, self.pending[-1]
        if self._near(parked, newest):
            return False
        if sum(seen.speed_kmh > rules.slow_kmh for seen in self.pending) >= rules.proof_positions:
            return True
        outside = self.pending[-rules.proof_positions :]
        far = distance_m(parked.lat, parked.lon, newest.lat, newest.lon) > rules.far_m
        return far and not any(self._near(parked, seen) for seen in outside)

    def _depart(self, parked: Parked) -> None:
        """Begin the trip at the time of the last resting position, in the middle of the rest (one
        position may have drifted), and drive through what was pending."""
        lat, lon = parked.centre
        rest, pending = parked.rest._replace(lat=lat, lon=lon), list(self.pending)
        first = pending[0]
        if first.time_s - rest.time_s >= self.rules.gap_s:
            # Nobody saw it leave: as late as the way allows, or a night's silence would be a trip.
            way_s = apart_m(rest, first) / (self.rules.departure_kmh * M_S_PER_KMH)
            rest = rest._replace(time_s=max(rest.time_s, first.time_s - round(way_s)))
            silent = True
        else:
            silent = False
        self._leave_stop(rest.time_s)
        self.parked = None
        self.pending.clear()
        self.points, self.pair_m, self.gaps = [rest], [], []
        self.pen, self.carry_mm = 0, 0
        # Rest is looked for from the first position after the departure.
        self.anchor = 1
        self.events.append(TripStarted(rest.time_s, rest.lat, rest.lon))
        self._add_point(first, self._from_pen_m(first), silent=silent)
        for seen in pending[1:]:
            self._believe(seen)

    def _drift(self, parked: Parked) -> None:
        """What never became a departure was drift: same stop, shown at another place."""
        rest = self.pending[-1]
        self.parked = replace(parked, centre=_middle(self.pending))
        self.pending.clear()
        self._rest(rest)

    def _leave_stop(self, ended_at_s: int) -> None:
        if self.parked is not None and self.parked.confirmed:
            self.events.append(StopEnded(_stop(self.parked, ended_at_s)))

    # 2. Moving.

    def _move(self, seen: Seen) -> None:
        rules, last = self.rules, self.points[-1]
        anchor = self.points[self.anchor]
        from_anchor_m = apart_m(anchor, seen)
        resting = from_anchor_m <= rules.drift_radius_m
        silence_s = seen.time_s - last.time_s
        if resting and seen.time_s - anchor.time_s >= rules.rest_s:
            self._end_trip([*self.points[self.anchor :], seen], seen)
        elif (
            silence_s >= rules.rest_s and not resting and self._spare_s(last, seen) >= rules.rest_s
        ):
            self._end_trip(self.points[self.anchor :], last)
            self._believe(seen)
        else:
            # Under way both are mostly the last point: the way is measured once.
            metres = from_anchor_m if self.anchor == self.pen else self._from_pen_m(seen)
            self._add_point(seen, metres, silent=silence_s >= rules.gap_s)
            if not resting:
                self.anchor = len(self.points) - 1
            if len(self.points) >= rules.most_points:
                self._cut()

    def _spare_s(self, before: Seen, seen: Seen) -> float:
        """Seconds of a silence that are left over even if the way was done at walking pace."""
        way_s = apart_m(before, seen) / (self.rules.slow_kmh * M_S_PER_KMH)
        return seen.time_s - before.time_s - way_s

    def _from_pen_m(self, seen: Seen) -> float:
        return apart_m(self.points[self.pen], seen)

    def _add_point(self, seen: Seen, metres: float, *, silent: bool) -> None:
        rules = self.rules
        noise_m = rules.chord_m if seen.speed_kmh > rules.slow_kmh else rules.jitter_m
        self.points.append(seen)
        if silent:
            self.gaps.append(len(self.pair_m))
        if not silent and metres <= noise_m:
            self.pair_m.append(0)
            return
        self.pen = len(self.points) - 1
        # The remainder is carried, or every pair of 11.1 m at a constant speed would lose 0.1.
        whole_m, carry_mm = divmod(self.carry_mm + round(metres * 1000) + 500, 1000)
        self.pair_m.append(whole_m)
        self.carry_mm = carry_mm - 500

    def _end_trip(self, resting: list[Seen], rest: Seen) -> None:
        """End where it first came near the middle of its rest: positions on the way in belong
        to the trip, those of the rest don't."""
        lat, lon = _middle(resting)
        off_m = [distance_m(lat, lon, seen.lat, seen.lon) for seen in resting]
        known = len(self.points) - self.anchor
        near = (i for i in range(known) if off_m[i] <= self.rules.jitter_m)
        end = next(near, min(range(known), key=off_m.__getitem__))
        while end + 1 < known and off_m[end + 1] < off_m[end]:
            end += 1
        began = self.points[self.anchor + end]
        self.events.append(TripEnded(trip_of(self._moving(self.anchor + end + 1))))
        self.points, self.pair_m, self.gaps = [], [], []
        self._park(began, (lat, lon), rest, confirmed=True)

    def _cut(self) -> None:
        """End a trip that grows too long before its last pair, which begins the next trip."""
        self.events.append(TripEnded(trip_of(self._moving(len(self.points) - 1))))
        gap = bool(self.gaps) and self.gaps[-1] == len(self.pair_m) - 1
        self.points, self.pair_m = self.points[-2:], self.pair_m[-1:]
        self.gaps = [0] if gap else []
        self.anchor = self.pen = 1
        start = self.points[0]
        self.events.append(TripStarted(start.time_s, start.lat, start.lon))

    def _moving(self, count: int) -> Moving:
        """The open trip, of its first `count` points."""
        return Moving(
            tuple(self.points[:count]),
            tuple(self.pair_m[: count - 1]),
            tuple(self.gaps[: bisect_left(self.gaps, count - 1)]),
            self.anchor,
            self.pen,
            self.carry_mm,
        )


def trip_of(moving: Moving) -> Trip:
    """The trip that the points make."""
    points = moving.points
    speeds = [seen.speed_kmh for seen in points if seen.speed_kmh != UNKNOWN]
    odometers = [seen.odometer_m for seen in points if seen.odometer_m != UNKNOWN]
    return Trip(
        started_at_s=points[0].time_s,
        offsets_s=tuple(seen.time_s - points[0].time_s for seen in points),
        lats=tuple(seen.lat for seen in points),
        lons=tuple(seen.lon for seen in points),
        pair_m=moving.pair_m,
        gaps=moving.gaps,
        max_speed_kmh=max(speeds, default=None),
        odometer_start_m=odometers[0] if odometers else None,
        odometer_end_m=odometers[-1] if odometers else None,
    )


def _middle(seen: list[Seen]) -> tuple[float, float]:
    """The median place: a few outliers don't pull it."""
    return median(s.lat for s in seen), median(s.lon for s in seen)


def _stop(parked: Parked, ended_at_s: int | None = None) -> Stop:
    return Stop(parked.started_at_s, parked.lat, parked.lon, ended_at_s)
