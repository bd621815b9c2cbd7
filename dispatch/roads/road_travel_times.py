"""Travel times on the road network: from a point on one street to a point on another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.roads.network import LatLon, RoadNetwork, Snap
from dispatch.roads.plane import Floats
from dispatch.roads.routes import Leg, Route, TravelLabel
from dispatch.roads.shortest import ShortestPaths
from dispatch.roads.straight_line import StraightLineTravelTimes

_ORIGINS_AT_ONCE = 32
"""Each origin grows at most two trees: bounds memory to 64 × nodes of the network."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of an edge, from share to share of its length, in the direction of driving."""

    edge: int
    start: float
    end: float


class RoadTravelTimes:
    """Fastest paths for cars; a point beyond 1 km from any road is answered by straight line.

    Answers lead from the street nearest to the origin to the street nearest to the destination;
    the steps between a point and its street are not counted.
    """

    def __init__(self, network: RoadNetwork, beyond: StraightLineTravelTimes | None = None) -> None:
        self.network = network
        self._paths = ShortestPaths(network)
        self._beyond = beyond or StraightLineTravelTimes()

    @property
    def label(self) -> TravelLabel:
        return TravelLabel.ROADS

    def covers(self, point: LatLon) -> bool:
        """Whether a road lies within 1 km of the point."""
        return self.network.nearest_edge(point) is not None

    def matrix(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair, shape (origins, destinations)."""
        durations, distances = self._beyond.matrix(origins, destinations)
        starts = _covered([self.network.nearest_edge(point) for point in origins])
        ends = _covered([self.network.nearest_edge(point) for point in destinations])
        columns = [column for column, _ in ends]
        for first in range(0, len(starts) if ends else 0, _ORIGINS_AT_ONCE):
            batch = starts[first : first + _ORIGINS_AT_ONCE]
            cells = np.ix_([row for row, _ in batch], columns)
            durations[cells], distances[cells] = self._between(
                [snap for _, snap in batch], [snap for _, snap in ends]
            )
        return durations, distances

    def route(self, origin: LatLon, destination: LatLon) -> Route:
        """The fastest route; a straight line, and labelled so, where a point isn't covered."""
        start, end = self.network.nearest_edge(origin), self.network.nearest_edge(destination)
        if start is None or end is None:
            return self._beyond.route(origin, destination)
        stretches = self._stretches(start, end)
        legs = [self._leg(stretch) for stretch in stretches if stretch.end > stretch.start]
        return Route(self.network.position(start), tuple(legs), TravelLabel.ROADS)

    def _between(self, starts: list[Snap], ends: list[Snap]) -> tuple[Floats, Floats]:
        leaving = [way for snap in starts for way in self._leaving(snap)]
        coming = [way for snap in ends for way in self._coming(snap)]
        entries = self.network.edge_from[[way.edge for way in coming]]
        exits = self.network.edge_to[[way.edge for way in leaving]]
        sources, tree = np.unique(exits, return_inverse=True)
        forest = self._paths.forest(sources)
        out_s, out_m = self._costs(leaving)
        in_s, in_m = self._costs(coming)
        seconds = out_s[:, None] + forest.duration_s[:, entries][tree] + in_s
        metres = out_m[:, None] + self._paths.lengths_m(forest, entries)[tree] + in_m
        # Two ways to leave by two ways to come: the fastest of the four counts.
        seconds, metres = (
            figure.reshape(len(starts), 2, len(ends), 2).swapaxes(1, 2).reshape(-1, 4)
            for figure in (seconds, metres)
        )
        best = np.arange(len(seconds)), seconds.argmin(axis=1)
        shape = (len(starts), len(ends))
        answer = seconds[best].reshape(shape), metres[best].reshape(shape)
        self._shorten_along_streets(starts, ends, *answer)
        return answer

    def _shorten_along_streets(
        self, starts: list[Snap], ends: list[Snap], seconds: Floats, metres: Floats
    ) -> None:
        """Put in the direct figures of pairs on one street: they need no junction."""
        columns: defaultdict[int, list[int]] = defaultdict(list)
        for column, end in enumerate(ends):
            columns[end.edge].append(column)
        for row, start in enumerate(starts):
            for column in columns[start.edge]:
                if (direct := self._along_street(start, ends[column])) is not None:
                    direct_s, direct_m = self._costs([direct])
                    if direct_s[0] <= seconds[row, column]:
                        seconds[row, column], metres[row, column] = direct_s[0], direct_m[0]

    def _stretches(self, start: Snap, end: Snap) -> list[_Stretch]:
        direct = self._along_street(start, end)
        best = [direct] if direct is not None else []
        best_s = self._costs(best)[0].sum() if best else np.inf
        leaving, coming = self._leaving(start), self._coming(end)
        forest = self._paths.forest(self.network.edge_to[[way.edge for way in leaving]])
        for row, out in enumerate(leaving):
            for into in coming:
                entry = int(self.network.edge_from[into.edge])
                total_s = self._costs([out, into])[0].sum() + forest.duration_s[row, entry]
                if total_s < best_s:
                    between = self._paths.path(forest, row, entry)
                    best_s = total_s
                    best = [out, *(_Stretch(edge, 0.0, 1.0) for edge in between), into]
        return best

    def _leaving(self, snap: Snap) -> tuple[_Stretch, _Stretch]:
        """The two ways to leave a street; the same way twice where it is one-way."""
        ahead = _Stretch(snap.edge, snap.share, 1.0)
        twin = int(self.network.edge_twin[snap.edge])
        return ahead, _Stretch(twin, 1.0 - snap.share, 1.0) if twin >= 0 else ahead

    def _coming(self, snap: Snap) -> tuple[_Stretch, _Stretch]:
        """The two ways to come to a point of a street; the same way twice where it is one-way."""
        ahead = _Stretch(snap.edge, 0.0, snap.share)
        twin = int(self.network.edge_twin[snap.edge])
        return ahead, _Stretch(twin, 0.0, 1.0 - snap.share) if twin >= 0 else ahead

    def _along_street(self, start: Snap, end: Snap) -> _Stretch | None:
        """The stretch between two points of one street, where its direction allows it."""
        if start.edge != end.edge:
            return None
        if start.share <= end.share:
            return _Stretch(start.edge, start.share, end.share)
        twin = int(self.network.edge_twin[start.edge])
        return _Stretch(twin, 1.0 - start.share, 1.0 - end.share) if twin >= 0 else None

    def _costs(self, stretches: Sequence[_Stretch]) -> tuple[Floats, Floats]:
        """Seconds and metres of each stretch."""
        edges = [stretch.edge for stretch in stretches]
        shares = np.array([stretch.end - stretch.start for stretch in stretches])
        network = self.network
        return shares * network.edge_duration_s[edges], shares * network.edge_length_m[edges]

    def _leg(self, stretch: _Stretch) -> Leg:
        edge, network = stretch.edge, self.network
        length_m = float(network.edge_length_m[edge]) * (stretch.end - stretch.start)
        points = network.points_between(edge, stretch.start, stretch.end)
        return Leg(length_m, float(network.edge_speed_kmh[edge]), points)


def _covered(snaps: Sequence[Snap | None]) -> list[tuple[int, Snap]]:
    return [(index, snap) for index, snap in enumerate(snaps) if snap is not None]
