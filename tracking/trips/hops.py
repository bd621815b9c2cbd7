"""Greedy hops along a track: from a position to the first one that is too far from it.

Both the anchor of a rest and the pen of the metres move like that. Where each position would hop
to is found for all of them at once; what is left is to walk from hop to hop.
"""

from bisect import bisect_left

import numpy as np

from tracking.trips.track import Bools, Indices, Limit, Track, squares

# So far ahead is looked for all positions at once; whoever stands longer is looked after alone.
_AHEAD = 16
_STANDING = 3
_FIRST_LOOK = 64


class Hops:
    """Where hops lead in a track, for one limit.

    `ahead[i]` is where position i hops to; 0 where that isn't near, or too close to the limit to
    be compared in bulk: then ask `alone`.
    """

    def __init__(self, track: Track, limit: Limit) -> None:
        self._track, self._limit = track, limit
        ahead = _ahead(track, limit)
        self.ahead: list[int] = ahead.tolist()
        # Where a hop doesn't lead to the next position: between these all of them do.
        longer = np.flatnonzero(ahead != np.arange(1, len(track) + 1))
        self._longer: list[int] = longer.tolist()

    def each_until(self, at: int, stop: int) -> int:
        """Return the end of the positions from `at` on that each hop to the next, at most `stop`.

        The last of them hops to that end.
        """
        return min(self._longer[bisect_left(self._longer, at)], stop)

    def alone(self, at: int, stop: int) -> tuple[int, bool]:
        """Return where the hop from a position leads, at most `stop`, and whether that is sure."""
        track = self._track
        return self.from_place(track.lat[at].item(), track.lon[at].item(), at + 1, stop)

    def from_place(self, lat: float, lon: float, start: int, stop: int) -> tuple[int, bool]:
        """Return where the hop from any place leads, from `start` on, as `alone` does."""
        look = _FIRST_LOOK
        while start < stop:
            part = slice(start, min(stop, start + look))
            far = self._track.from_place(lat, lon, part)
            reached = far > self._limit.shorter[part]
            first = int(reached.argmax())
            if reached[first]:
                sure = bool(far[first] > self._limit.longer[part][first])
                return start + first, sure
            start, look = part.stop, 2 * look
        return stop, True


def _ahead(track: Track, limit: Limit) -> Indices:
    """Return where each position hops to; 0 where that isn't near, or not sure.

    Where a rest may go on, only the first step is looked at: the others would be in vain.
    """
    found = np.zeros(len(track), np.int64)
    sure = np.flatnonzero(track.steps > limit.longer[1:])
    found[sure] = sure + 1
    near = track.steps <= limit.shorter[1:]
    looking = np.flatnonzero(near & ~_stands(track)[:-1])
    for offset in range(2, _AHEAD + 1):
        looking = looking[: np.searchsorted(looking, len(track) - offset)]
        if not len(looking):
            break
        later = looking + offset
        far = squares(track.places[:, later] - track.places[:, looking])
        is_far = far > limit.longer[later]
        found[looking[is_far]] = later[is_far]
        looking = looking[far <= limit.shorter[later]]
    return found


def _stands(track: Track) -> Bools:
    """Return where this position and the next few are slow."""
    stands = track.slow.copy()
    for offset in range(1, _STANDING + 1):
        stands[:-offset] &= track.slow[offset:]
    return stands
