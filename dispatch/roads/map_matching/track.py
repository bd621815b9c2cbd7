"""A track (轨迹) to be matched, and what a match says of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.roads.network import Ints, LatLon, RoadNetwork
from dispatch.roads.plane import Floats


@dataclass(frozen=True, eq=False)
class Track:
    """n positions of one vehicle in the order of time: epoch seconds, degrees (WGS-84).

    course_deg: the reported direction of driving, clockwise from north; NaN where it is unknown.
    Raises ValueError where columns differ in length or time runs backwards.
    """

    time_s: Floats
    lat: Floats
    lon: Floats
    course_deg: Floats | None = None

    def __post_init__(self) -> None:
        columns = (self.lat, self.lon, self.lat if self.course_deg is None else self.course_deg)
        if any(len(column) != len(self.time_s) for column in columns):
            raise ValueError("columns of a track differ in length")
        if (np.diff(self.time_s) < 0).any():
            raise ValueError("positions of a track are not in the order of time")
        if not (np.isfinite(self.lat).all() and np.isfinite(self.lon).all()):
            raise ValueError("a position of a track is nowhere")

    def __len__(self) -> int:
        return len(self.time_s)


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch driven without a break: m positions on a sequence of k edges.

    `edges` (k,) follow one another by permitted turns; the first is driven from `start`, the last
    up to `end`, as shares of their lengths. `position` (m,) are places in the track, ascending;
    `along_m` (m,) how far from the piece's beginning each lies, never less than the one before;
    `share` (m,) where on edge `edges[at]`; `distance_m` (m,) from the road; `confidence` (m,) the
    probability of that candidate, given the whole track.
    """

    edges: Ints
    start: float
    end: float
    length_m: float
    position: Ints
    at: Ints
    share: Floats
    along_m: Floats
    distance_m: Floats
    confidence: Floats

    def line(self, network: RoadNetwork) -> list[LatLon]:
        """The road from the first position to the last; one point at least."""
        points: list[LatLon] = []
        last = len(self.edges) - 1
        for at, edge in enumerate(self.edges.tolist()):
            start = self.start if at == 0 else 0.0
            end = self.end if at == last else 1.0
            part = network.points_between(edge, start, end)
            points.extend(part if not points else part[1:])
        return points


@dataclass(frozen=True, eq=False)
class MatchedTrack:
    """What of a track lies on roads: pieces in the order of time, none overlapping.

    Positions that are in no piece were too near to the one before, beside every road, or stood
    against all others.
    """

    pieces: tuple[Piece, ...]

    @property
    def length_m(self) -> float:
        """Metres driven on roads; what lies between pieces is not counted."""
        return sum(piece.length_m for piece in self.pieces)

    @property
    def confidence(self) -> float | None:
        """The mean probability of the candidates chosen; None where nothing was matched."""
        found: list[npt.NDArray[np.float64]] = [piece.confidence for piece in self.pieces]
        return float(np.concatenate(found).mean()) if found else None
