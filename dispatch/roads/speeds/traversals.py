"""What a matched track says of speeds: how long it took along each way, and in which hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.roads.map_matching.track import MatchedTrack, Piece
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats
from dispatch.roads.speeds.week_speeds import HOURS

LEAST_M = 50.0
"""Along fewer metres the noise of positions says more than the speed."""
LEAST_CONFIDENCE = 0.5
"""A piece whose roads are less probable teaches nothing."""

_MONDAY_S = 3 * 86_400  # 1970 began on a Thursday
_CHINA_S = 8 * 3_600  # no summer time since 1991


@dataclass(frozen=True, eq=False)
class Traversals:
    """T stretches driven along one way each.

    cell: the way's number × 168 + the hour of the week; pace_s_km: seconds a kilometre;
    map_pace_s_km: what the map reckons with for the same stretch
    """

    cell: Ints
    pace_s_km: Floats
    map_pace_s_km: Floats


def traversals(network: RoadNetwork, time_s: Floats, matched: MatchedTrack) -> Traversals:
    """The stretches of a track whose positions have these times (epoch seconds)."""
    parts = [
        _of_piece(network, time_s, piece)
        for piece in matched.pieces
        if float(piece.confidence.mean()) >= LEAST_CONFIDENCE
    ]
    none = np.zeros(0)
    return Traversals(
        np.concatenate([np.zeros(0, np.int64), *(part.cell for part in parts)]),
        np.concatenate([none, *(part.pace_s_km for part in parts)]),
        np.concatenate([none, *(part.map_pace_s_km for part in parts)]),
    )


def _of_piece(network: RoadNetwork, time_s: Floats, piece: Piece) -> Traversals:
    lengths = network.edge_length_m[piece.edges]
    marks = np.concatenate([[0.0], np.cumsum(lengths)]) - piece.start * lengths[0]
    marks = marks.clip(0.0, piece.length_m)
    # Between two positions the vehicle is taken to have driven evenly.
    passed_s = np.interp(marks, piece.along_m, time_s[piece.position])
    way = network.edge_way_id[piece.edges]
    first = np.flatnonzero(np.diff(way, prepend=-1))
    last = np.append(first[1:], len(way))
    metres, seconds = marks[last] - marks[first], passed_s[last] - passed_s[first]
    by_map_s = np.add.reduceat(np.diff(marks) * 3.6 / network.edge_speed_kmh[piece.edges], first)
    kept = (metres >= LEAST_M) & (seconds > 0)
    hour = hours_of_week(passed_s[first[kept]])
    kilometres = metres[kept] / 1000
    return Traversals(
        way[first[kept]] * HOURS + hour, seconds[kept] / kilometres, by_map_s[kept] / kilometres
    )


def hours_of_week(time_s: Floats) -> Ints:
    """The hours of the week in China, 0 for the first of Monday, of epoch seconds."""
    hours: Ints = ((time_s + _CHINA_S + _MONDAY_S) // 3_600).astype(np.int64) % HOURS
    return hours
