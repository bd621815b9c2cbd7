"""When a track came near a place: at its positions, and between two that follow closely.

The line between two positions counts if they are at most `gap_s` and `length_m` apart; beyond that
the way between them is not known well enough to say that somebody was within metres of a place.
What is straight on the ground is straight in the plane that touches the sphere at the place.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracking.geo import MEAN_RADIUS_M, Floats, distances_m

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PassingRules:
    """How near two positions must follow one another, and what makes two passes one.

    gap_s, length_m: so far apart are two positions at most whose connecting line counts
    apart_s: who is not seen near for longer than this has passed, and passes anew
    """

    gap_s: int = 60
    length_m: float = 1_000.0
    apart_s: int = 600

    def __post_init__(self) -> None:
        if not 0 < 2 * self.gap_s < self.apart_s:
            raise ValueError("need 0 < 2 gap_s < apart_s")
        if self.length_m <= 0:
            raise ValueError("length_m must be positive")


DEFAULT_RULES = PassingRules()


@dataclass(frozen=True, slots=True)
class Passing:
    """A pass: from the first to the last instant at which the vehicle is known to have been near.

    positions: how many lie within the radius; with none, the vehicle passed between the two
        positions at `first_s` and `last_s`, and `nearest_m` is to the line between them
    nearest_m: metres from the place to the nearest of the positions within
    """

    first_s: int
    last_s: int
    nearest_m: float
    positions: int


@dataclass(frozen=True, slots=True)
class Place:
    """A circle: its middle in degrees, its radius in metres."""

    latitude: float
    longitude: float
    radius_m: float


def line_distances_m(place: Place, lat: Floats, lon: Floats) -> Floats:
    """Return the metres from the place to the line between each position and the next: (n - 1,)."""
    east = np.radians((lon - place.longitude + 180.0) % 360.0 - 180.0)
    x = MEAN_RADIUS_M * np.cos(np.radians(place.latitude)) * east
    y = MEAN_RADIUS_M * np.radians(lat - place.latitude)
    dx, dy = np.diff(x), np.diff(y)
    square = dx * dx + dy * dy
    along = -(x[:-1] * dx + y[:-1] * dy)
    # A line without length is its first end.
    part = np.clip(np.divide(along, square, out=np.zeros_like(along), where=square > 0), 0.0, 1.0)
    metres: Floats = np.hypot(x[:-1] + part * dx, y[:-1] + part * dy)
    return metres


def passings(
    place: Place,
    time_s: Ints,
    lat: Floats,
    lon: Floats,
    period_s: tuple[float, float],
    counted_s: tuple[float, float],
    rules: PassingRules = DEFAULT_RULES,
) -> list[Passing]:
    """Return the passes of one vehicle's track, in order.

    time_s, lat, lon: its positions in order of time, of shape (n,)
    period_s: the asked period [start, end]; both ends of a line lie in it
    counted_s: the part [start, end) of it whose positions, and lines by their first, are counted
    """
    from_place_m = distances_m(lat, lon, place.latitude, place.longitude)
    is_asked = (time_s >= period_s[0]) & (time_s <= period_s[1])
    is_counted = is_asked & (time_s >= counted_s[0]) & (time_s < counted_s[1])
    is_near = from_place_m <= place.radius_m
    at = np.flatnonzero(is_near & is_counted)
    # A line with an end within says no more than that end does.
    is_line = is_counted[:-1] & is_asked[1:] & ~is_near[:-1] & ~is_near[1:]
    is_line &= np.diff(time_s) <= rules.gap_s
    is_line &= distances_m(lat[:-1], lon[:-1], lat[1:], lon[1:]) <= rules.length_m
    to_line_m = line_distances_m(place, lat, lon)
    between = np.flatnonzero(is_line & (to_line_m <= place.radius_m))
    return _grouped(
        np.concatenate([time_s[at], time_s[between]]),
        np.concatenate([time_s[at], time_s[between + 1]]),
        np.concatenate([from_place_m[at], to_line_m[between]]),
        np.concatenate([np.ones(len(at), bool), np.zeros(len(between), bool)]),
        rules.apart_s,
    )


def _grouped(
    first_s: Ints, last_s: Ints, metres: Floats, is_position: npt.NDArray[np.bool_], apart_s: int
) -> list[Passing]:
    """Return what lies no further apart than `apart_s` as one pass."""
    order = np.lexsort((last_s, first_s))
    first_s, last_s, metres = first_s[order], last_s[order], metres[order]
    is_position = is_position[order]
    if not len(first_s):
        return []
    reached_s = np.maximum.accumulate(last_s)
    starts = np.flatnonzero(np.concatenate([[True], first_s[1:] - reached_s[:-1] > apart_s]))
    passes = []
    for start, stop in zip(starts, [*starts[1:], len(first_s)], strict=True):
        part = slice(start, stop)
        count = int(is_position[part].sum())
        # Where positions lie within, they alone say when and how near.
        told = is_position[part] if count else np.ones(stop - start, bool)
        passes.append(
            Passing(
                int(first_s[part][told].min()),
                int(last_s[part][told].max()),
                float(metres[part][told].min()),
                count,
            )
        )
    return passes
