"""The positions of several tracks in arrays, one track after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.roads.map_matching.model import Model
from dispatch.roads.map_matching.track import Track
from dispatch.roads.network import Bools, Ints
from dispatch.roads.plane import METRES_PER_DEGREE, Floats


@dataclass(frozen=True, eq=False)
class Positions:
    """P positions: of which track, at which place in it, when (epoch seconds) and where."""

    track: Ints
    place: Ints
    time_s: Floats
    lat: Floats
    lon: Floats
    course_deg: Floats

    def __len__(self) -> int:
        return len(self.track)

    def take(self, which: Ints) -> Positions:
        """Some of them, in the same order."""
        return Positions(
            self.track[which],
            self.place[which],
            self.time_s[which],
            self.lat[which],
            self.lon[which],
            self.course_deg[which],
        )

    @property
    def follows(self) -> Bools:
        """(P,) whether the position before is of the same track."""
        return np.concatenate([[False], np.diff(self.track) == 0])[: len(self)]

    @property
    def waited_s(self) -> Floats:
        """(P,) seconds since the position before, of whichever track."""
        return np.diff(self.time_s, prepend=self.time_s[:1])

    @property
    def bounds(self) -> tuple[Ints, Ints]:
        """The first position of each track, and how many it has."""
        first = np.flatnonzero(~self.follows)
        return first, np.diff(np.append(first, len(self)))


def gather(tracks: Sequence[Track], model: Model) -> Positions:
    """The positions of tracks that say something new: step 1 of the paper's preparation."""
    places = [_far_enough(track, model.thinned_m) for track in tracks]
    counts = [len(place) for place in places]
    none = np.zeros(0)

    def column(name: str) -> Floats:
        parts = [_column(track, name)[place] for track, place in zip(tracks, places, strict=True)]
        return np.concatenate([none, *parts])

    return Positions(
        np.repeat(np.arange(len(tracks)), counts),
        np.concatenate([np.zeros(0, np.int64), *places]),
        *(column(name) for name in ("time_s", "lat", "lon", "course_deg")),
    )


def _column(track: Track, name: str) -> Floats:
    values: Floats | None = getattr(track, name)
    return np.full(len(track), np.nan) if values is None else np.asarray(values, np.float64)


def _far_enough(track: Track, thinned_m: float) -> Ints:
    """The places of positions that lie so far from the last one kept; the first is kept."""
    if len(track) == 0:
        return np.zeros(0, np.int64)
    north = (track.lat * METRES_PER_DEGREE).tolist()
    scale = METRES_PER_DEGREE * np.cos(np.radians(track.lat))
    east = ((track.lon - track.lon[0]) * scale).tolist()
    kept, x, y, least = [0], east[0], north[0], thinned_m * thinned_m
    for place in range(1, len(east)):
        aside, up = east[place] - x, north[place] - y
        if aside * aside + up * up >= least:
            kept.append(place)
            x, y = east[place], north[place]
    return np.array(kept, dtype=np.int64)
