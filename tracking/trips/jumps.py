"""The guard before the trip machine: positions that no road vehicle can have reached.

A position that an impossible speed separates from the last believed one is a suspect. If the track
comes back, the suspects are left out; if they agree among themselves for long enough, they are
believed, and how the vehicle got there stays unknown.
"""

from tracking.geo import distance_m
from tracking.trips.positions import Seen
from tracking.trips.rules import TripRules

M_S_PER_KMH = 1 / 3.6


def apart_m(one: Seen, other: Seen) -> float:
    """Metres between two positions."""
    return distance_m(one.lat, one.lon, other.lat, other.lon)


def can_follow(before: Seen, seen: Seen, rules: TripRules) -> bool:
    """Whether a road vehicle can have come from `before` to `seen`."""
    # Times are whole seconds: two positions of one second may lie a second apart.
    seconds = max(1, seen.time_s - before.time_s)
    return apart_m(before, seen) <= rules.impossible_kmh * M_S_PER_KMH * seconds


class JumpGuard:
    """Remembers the last believed position and the suspects since."""

    def __init__(self, last: Seen | None, suspects: tuple[Seen, ...], rules: TripRules) -> None:
        self.rules = rules
        self.last = last
        self.suspects = list(suspects)

    def believes(self, seen: Seen) -> bool:
        """Whether the position carries on the believed track; if so, the suspects are out."""
        if self.last is not None:
            if not can_follow(self.last, seen, self.rules) or self._sides_with_suspects(seen):
                return False
            self.suspects.clear()
        self.last = seen
        return True

    def suspect(self, seen: Seen) -> list[Seen]:
        """Hold a position that isn't believed; all suspects once they have proven themselves."""
        rules = self.rules
        if self.suspects and not can_follow(self.suspects[-1], seen, rules):
            self.suspects.clear()
        self.suspects.append(seen)
        lasting = seen.time_s - self.suspects[0].time_s >= rules.proof_s
        many = len(self.suspects) >= rules.most_points
        if not (lasting or many) or len(self.suspects) < rules.proof_positions:
            return []
        proven, self.suspects = self.suspects, []
        self.last = seen
        return proven

    def _sides_with_suspects(self, seen: Seen) -> bool:
        """Whether it stands with the suspects: waiting doesn't make a jump possible."""
        if not self.suspects or self.last is None:
            return False
        nearest = self.suspects[-1]
        return apart_m(nearest, seen) < apart_m(self.last, seen) and can_follow(
            nearest, seen, self.rules
        )
