"""What speaks for a parked vehicle's departure: positions away from its place, not yet believed."""

from itertools import pairwise, takewhile

from tracking.geo import distance_m
from tracking.trips.jumps import M_S_PER_KMH, apart_m
from tracking.trips.odometer import odometer_between
from tracking.trips.positions import Seen
from tracking.trips.rules import TripRules
from tracking.trips.state import Parked


class Departure:
    """The positions since the last resting one, and whether they prove that the vehicle left.

    The receiver of a parked vehicle wanders: one position away proves nothing, whatever its
    speed. What counts is the tail, the last positions that make a number and a duration.
    """

    def __init__(self, parked: Parked | None, rules: TripRules) -> None:
        self.rules = rules
        self.places = _places(parked)
        self.pending = list(parked.pending) if parked else []

    def add(self, seen: Seen) -> None:
        """Hold a position that doesn't rest."""
        self.pending.append(seen)

    def rests(self, seen: Seen) -> bool:
        """Whether the position is plainly one of the rest: near, and not at speed."""
        return seen.speed_kmh <= self.rules.slow_kmh and self._near(seen)

    def is_proven(self, rest: Seen) -> bool:
        """Whether the tail has left the place since `rest`: all of it at speed, or far enough off.

        If so, what its first fixes got wrong is forgotten.
        """
        if not self._has_left(rest):
            return False
        del self.pending[: self._wild()]
        return True

    def _has_left(self, rest: Seen) -> bool:
        rules, newest = self.rules, self.pending[-1]
        tail = self._tail()
        if not tail or any(self._near(seen) for seen in tail[-rules.proof_positions :]):
            return False
        lat, lon = self.places[0]
        off_m = distance_m(lat, lon, newest.lat, newest.lon)
        least_m = rules.told_share * off_m
        slowest_kmh = min(seen.speed_kmh for seen in tail)
        fastest_kmh = max(seen.speed_kmh for seen in tail)
        at_speed = slowest_kmh > rules.slow_kmh and fastest_kmh > rules.sure_kmh
        if at_speed and self._told_m(rest) >= least_m:
            return True
        if off_m <= rules.far_m or any(self._near(seen) for seen in tail):
            return False
        if off_m > rules.stray_m:
            return True
        counted_m = odometer_between(rest, newest, rules)
        if counted_m is None:
            return self._told_m(rest) >= least_m
        return counted_m > 0 and (counted_m >= least_m or self._told_m(rest) >= least_m)

    def _told_m(self, rest: Seen) -> float:
        """The way since the rest that the reported speeds make up.

        A receiver that takes its wandering for movement tells of far less than it shows. One speed
        alone counts if it is a sure one, and tells nothing of a silence.
        """
        rules, told_m = self.rules, 0.0
        for before, seen in pairwise([rest, *self.pending]):
            lasts_s = seen.time_s - before.time_s
            if lasts_s >= rules.gap_s:
                continue
            both = before.speed_kmh, seen.speed_kmh
            least_kmh = 0.0 if min(both) >= rules.slow_kmh else rules.sure_kmh
            told_m += sum(v for v in both if v > least_kmh) / 2 * M_S_PER_KMH * lasts_s
        return told_m

    def _wild(self) -> int:
        """How many of the first positions were thrown aside, as on the way out of a garage.

        The step back from the last of them is longer than both reported speeds allow, and leads
        towards the rest.
        """
        wild = 0
        for n, (seen, following) in enumerate(pairwise(self.pending), start=1):
            leads_back = self._off_m(seen) > self._off_m(following)
            if leads_back and not self._drives(seen, following):
                wild = n
        return wild

    def _off_m(self, seen: Seen) -> float:
        return distance_m(*self.places[-1], seen.lat, seen.lon)

    def _drives(self, before: Seen, seen: Seen) -> bool:
        """Whether a vehicle of these two speeds can have made the step.

        Unknown ones allow it, and that of a standing one: some terminals always report 0.
        """
        rules = self.rules
        if before.speed_kmh < 0 or seen.speed_kmh <= rules.slow_kmh:
            return True
        seconds = max(1, seen.time_s - before.time_s)
        mean_m_s = (before.speed_kmh + seen.speed_kmh) / 2 * M_S_PER_KMH
        # Speeding up half the time and braking the other half.
        most_m = mean_m_s * seconds + rules.acceleration_m_s2 * seconds**2 / 4
        return apart_m(before, seen) <= most_m + rules.drift_radius_m

    def is_drift(self) -> bool:
        """Whether so long without proof means that there was no departure."""
        rules = self.rules
        lasts_s = self.pending[-1].time_s - self.pending[0].time_s
        return len(self.pending) >= rules.proof_positions and (
            lasts_s >= rules.rest_s or len(self.pending) >= rules.most_points
        )

    def _tail(self) -> list[Seen]:
        """The fewest last positions that are enough in number and in duration, or none."""
        least, pending = self.rules.proof_positions, self.pending
        before_s = pending[-1].time_s - self.rules.moving_s
        inside = sum(1 for _ in takewhile(lambda seen: seen.time_s > before_s, reversed(pending)))
        count = max(least, inside + 1)
        return pending[-count:] if len(pending) >= count else []

    def _near(self, seen: Seen) -> bool:
        rules = self.rules
        stands = 0 <= seen.speed_kmh <= rules.slow_kmh
        radius_m = rules.wander_m if stands else rules.drift_radius_m
        return any(distance_m(*place, seen.lat, seen.lon) <= radius_m for place in self.places)


def _places(parked: Parked | None) -> list[tuple[float, float]]:
    """Where the rest began, and where the receiver shows it now."""
    if parked is None:
        return []
    began = (parked.lat, parked.lon)
    return [began] if began == parked.centre else [began, parked.centre]
