"""Runs of positions of which nothing comes but more rest, or more way: taken in bulk.

What they leave in the machine is what its steps would have left, to the last bit.
"""

from bisect import bisect_left

import numpy as np

from tracking.geo import Floats, distance_m, distances_m
from tracking.trips.hops import Hops
from tracking.trips.jumps import apart_m
from tracking.trips.machine import TripMachine
from tracking.trips.positions import Seen
from tracking.trips.track import Indices, Track

_FIRST_LOOK, _LONGEST_LOOK = 128, 8192
# Shorter runs cost more than their steps.
_SHORTEST = 6
# A way this near to half a millimetre is rounded by the scalar rule.
_MARGIN_MM = 1e-3


class Runs:
    """Finds runs in one track and lets the machine take them."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._rests = Hops(track, track.wander)
        self._metres = Hops(track, track.noise)

    def take(self, machine: TripMachine, start: int) -> int:
        """Let the machine take the run from `start` on; return its length, 0 without a run."""
        if machine.at_rest:
            return self._rest(machine, start)
        if machine.under_way:
            return self._way(machine, start)
        return 0

    def _rest(self, machine: TripMachine, start: int) -> int:
        """Take positions that are slow, near and no jump."""
        parked, track = machine.parked, self._track
        assert parked is not None
        places = {(parked.lat, parked.lon), parked.centre}
        end, look = start, _FIRST_LOOK
        while end < len(track):
            part = slice(end, min(len(track), end + look))
            rests = track.slow[part] & track.calm[part]
            shorter = track.wander.shorter[part]
            near = [track.from_place(lat, lon, part) < shorter for lat, lon in places]
            rests &= near[0] | near[-1]
            if not rests.all():
                end += int(rests.argmin())
                break
            end, look = part.stop, min(2 * look, _LONGEST_LOOK)
        if end > start:
            machine.rest_until(track.seen(end - 1))
        return end - start

    def _way(self, machine: TripMachine, start: int) -> int:
        """Take positions under way up to the first that is silent, a jump, or the trip's end."""
        breaks = self._track.breaks
        room = machine.rules.most_points - len(machine.points) - 1
        stop = min(breaks[bisect_left(breaks, start)], start + room)
        if stop - start < _SHORTEST:
            return 0
        watches, stop = self._watches(machine, start, stop)
        anchors, stop = self._anchors(machine, start, stop)
        pens, stop = self._pens(machine, start, stop)
        if stop <= start:
            return 0
        watches, anchors = _before(watches, stop), _before(anchors, stop)
        if watches:
            point = len(machine.points) + watches[-1] - start
            machine.watch, machine.watched = point, self._track.seen(watches[-1])
        self._drive(machine, slice(start, stop), anchors, pens)
        return stop - start

    def _watches(self, machine: TripMachine, start: int, stop: int) -> tuple[list[int], int]:
        """Return where windows begin that the trip has left, and where one needs a look back."""
        track, rules = self._track, machine.rules
        watches: list[int] = []
        place = machine.watched
        least = start + rules.settle_positions - 1 - (len(machine.points) - machine.watch)
        while True:
            due = bisect_left(track.times, place.time_s + rules.settle_s, start, stop)
            due = max(due, least)
            if due >= stop:
                return watches, stop
            seen = track.seen(due)
            if apart_m(place, seen) <= rules.stray_m:
                return watches, due
            watches.append(due)
            place, start, least = seen, due, due + rules.settle_positions - 1

    def _anchors(self, machine: TripMachine, start: int, stop: int) -> tuple[list[int], int]:
        """Return the positions from which rest is looked for, and where that is in question."""
        times, ahead, rest_s = self._track.times, self._rests.ahead, machine.rules.rest_s
        anchors: list[int] = []
        rests_at = bisect_left(times, machine.anchored.time_s + rest_s, start)
        at, sure = self._hop(self._rests, machine.anchored, start, min(stop, rests_at))
        while sure and at < stop and at != rests_at:
            if ahead[at] == at + 1:
                end = self._rests.each_until(at, stop)
                anchors.extend(range(at, end))
                at, rests_at = end, -1
                continue
            anchors.append(at)
            if (following := ahead[at]) and times[following - 1] - times[at] < rest_s:
                at, rests_at = following, -1
            else:
                rests_at = bisect_left(times, times[at] + rest_s, at)
                at, sure = self._rests.alone(at, min(stop, rests_at))
        return anchors, min(at, stop)

    def _pens(self, machine: TripMachine, start: int, stop: int) -> tuple[list[int], int]:
        """Return the positions up to which metres are counted, and where that is in question."""
        pens: list[int] = []
        ahead = self._metres.ahead
        at, sure = self._hop(self._metres, machine.pen, start, stop)
        while sure and at < stop:
            if ahead[at] == at + 1:
                end = self._metres.each_until(at, stop)
                pens.extend(range(at, end))
                at = end
                continue
            pens.append(at)
            if following := ahead[at]:
                at = following
            else:
                at, sure = self._metres.alone(at, stop)
        return pens, min(at, stop)

    def _hop(self, hops: Hops, place: Seen, start: int, stop: int) -> tuple[int, bool]:
        track = self._track
        if (place.lat, place.lon) == (track.lat[start - 1].item(), track.lon[start - 1].item()):
            following = hops.ahead[start - 1]
            return (min(following, stop), True) if following else hops.alone(start - 1, stop)
        return hops.from_place(place.lat, place.lon, start, stop)

    def _drive(
        self, machine: TripMachine, part: slice, anchors: list[int], pens: list[int]
    ) -> None:
        track = self._track
        pair_m = np.zeros(part.stop - part.start, np.int64)
        if pens:
            at = np.array(pens, np.int64)
            way_mm = machine.carry_mm + np.cumsum(self._ways_mm(machine, at))
            counted_m = (way_mm + 500) // 1000
            pair_m[at - part.start] = np.diff(counted_m, prepend=0)
            machine.carry_mm = int(way_mm[-1] - 1000 * counted_m[-1])
            machine.pen = track.seen(pens[-1])
        before = len(machine.points)
        machine.points.extend(track.columns(part), pair_m)
        machine.latest = machine.guard.last = track.seen(part.stop - 1)
        if anchors:
            machine.anchor = before + anchors[-1] - part.start
            machine.anchored = track.seen(anchors[-1])

    def _ways_mm(self, machine: TripMachine, at: Indices) -> Indices:
        """Return the millimetres from the pen to the first of these, and from each to the next."""
        lat: Floats = np.append(machine.pen.lat, self._track.lat[at])
        lon: Floats = np.append(machine.pen.lon, self._track.lon[at])
        exact_mm = 1000 * distances_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
        ways_mm = np.rint(exact_mm).astype(np.int64)
        halves = np.abs(exact_mm - np.floor(exact_mm) - 0.5) < _MARGIN_MM
        for i in np.flatnonzero(halves).tolist():
            way_m = distance_m(float(lat[i]), float(lon[i]), float(lat[i + 1]), float(lon[i + 1]))
            ways_mm[i] = round(way_m * 1000)
        return ways_mm


def _before(hops: list[int], stop: int) -> list[int]:
    while hops and hops[-1] >= stop:
        hops.pop()
    return hops
