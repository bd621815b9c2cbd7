"""Who passed, by looking at every position and every line, one by one."""

import math
from collections.abc import Sequence
from itertools import pairwise

from tracking.geo import MEAN_RADIUS_M, distance_m
from tracking.questions.passing import Passing, PassingRules, Place

Sample = tuple[int, float, float]


def line_distance_m(place: Place, one: Sample, other: Sample) -> float:
    """Metres to the line, by trying its ends and the foot of the perpendicular."""

    def flat(sample: Sample) -> tuple[float, float]:
        east = (sample[2] - place.longitude + 180) % 360 - 180
        return (
            MEAN_RADIUS_M * math.cos(math.radians(place.latitude)) * math.radians(east),
            MEAN_RADIUS_M * math.radians(sample[1] - place.latitude),
        )

    (ax, ay), (bx, by) = flat(one), flat(other)
    ends = min(math.hypot(ax, ay), math.hypot(bx, by))
    length = math.hypot(bx - ax, by - ay)
    if length == 0:
        return ends
    along = -(ax * (bx - ax) + ay * (by - ay)) / length
    return abs(ax * by - ay * bx) / length if 0 < along < length else ends


def passes_of(
    place: Place, samples: Sequence[Sample], period_s: tuple[float, float], rules: PassingRules
) -> list[Passing]:
    """The passes of one track in its period."""
    inside = [s for s in samples if period_s[0] <= s[0] <= period_s[1]]
    seen: list[tuple[int, int, float, bool]] = []
    for sample in inside:
        metres = distance_m(sample[1], sample[2], place.latitude, place.longitude)
        if metres <= place.radius_m:
            seen.append((sample[0], sample[0], metres, True))
    for one, other in pairwise(samples):
        if one not in inside or other not in inside or other[0] - one[0] > rules.gap_s:
            continue
        if distance_m(one[1], one[2], other[1], other[2]) > rules.length_m:
            continue
        ends = [distance_m(s[1], s[2], place.latitude, place.longitude) for s in (one, other)]
        metres = line_distance_m(place, one, other)
        if min(ends) > place.radius_m >= metres:
            seen.append((one[0], other[0], metres, False))
    passes: list[list[tuple[int, int, float, bool]]] = []
    for element in sorted(seen):
        if passes and element[0] - max(e[1] for e in passes[-1]) <= rules.apart_s:
            passes[-1].append(element)
        else:
            passes.append([element])
    told = []
    for elements in passes:
        known = [e for e in elements if e[3]] or elements
        told.append(
            Passing(
                min(e[0] for e in known),
                max(e[1] for e in known),
                min(e[2] for e in known),
                sum(e[3] for e in elements),
            )
        )
    return told
