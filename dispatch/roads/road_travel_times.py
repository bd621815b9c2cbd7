"""Travel times on the road network: from a point on one street to a point on another."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import numpy as np

from dispatch.roads.edge_paths import EdgePaths
from dispatch.roads.engines import best_engine
from dispatch.roads.errors import NoWay, OutsideMap
from dispatch.roads.network import Ints, LatLon, RoadNetwork
from dispatch.roads.plane import Floats
from dispatch.roads.reach import Reach, reach
from dispatch.roads.route import Leg, Route, TravelLabel
from dispatch.roads.shortest import PathEngine
from dispatch.roads.snapping import Snap
from dispatch.roads.speeds.hourly_roads import HourlyRoads
from dispatch.roads.speeds.week_speeds import WeekSpeeds, hour_of_week
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.roads.turns import U_TURN_MS

CUT_OFF_M = 200.0
"""A road that is joined to others, and this much farther than one that isn't, is another place."""


class Standing(Enum):
    """How a point stands to the roads of a map."""

    REACHED = "reached"
    CUT_OFF = "cut_off"
    """On the map's ground, and no road that is joined to others leads near it."""
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class _Stops:
    """Points on streets, each in both directions of its street; the same twice where one-way.

    `edge`, `share`: (P, 2) the edge of each direction and how far along it the point lies
    """

    edge: Ints
    share: Floats


@dataclass(frozen=True, slots=True)
class _Journey:
    """The edges of a journey, and the shares of the first and the last that bound it."""

    edges: list[int]
    start: float
    end: float


class RoadTravelTimes:
    """Fastest paths for cars; a point beyond 1 km from any road is answered by straight line.

    Answers lead from the street nearest to the origin to the street nearest to the destination;
    the steps between a point and its street are not counted. A pair between which no car may
    drive takes infinitely long.
    """

    def __init__(
        self,
        network: RoadNetwork,
        beyond: StraightLineTravelTimes | None = None,
        *,
        engine: PathEngine | None = None,
        edge_duration_ms: Ints | None = None,
        map_version: str | None = None,
    ) -> None:
        """engine: by default contraction hierarchies; edge_duration_ms: by default the map's."""
        self.map_version = map_version
        self.network = network
        self._beyond = beyond or StraightLineTravelTimes()
        self._engine = engine or best_engine(network)
        self._duration_ms = (
            network.edge_duration_ms if edge_duration_ms is None else edge_duration_ms
        )
        self._paths = EdgePaths(network, self._duration_ms, self._engine)
        self._hours: HourlyRoads | None = None
        self.speeds_version: int | None = None

    def with_durations(self, edge_duration_ms: Ints) -> RoadTravelTimes:
        """The same roads at other speeds: the graph stays prepared, only weights are new."""
        return RoadTravelTimes(
            self.network,
            self._beyond,
            engine=self._engine,
            edge_duration_ms=edge_duration_ms,
            map_version=self.map_version,
        )

    def with_speeds(self, speeds: WeekSpeeds, version: int) -> RoadTravelTimes:
        """The same roads, whose `at` knows learned speeds; without an hour, the map's own.

        speeds_version: the version of the learned speeds that answers rest on, None for the map's
        """
        base = copy(self)
        base._hours = None
        return self.among(HourlyRoads(base, speeds, version))

    def among(self, hours: HourlyRoads) -> RoadTravelTimes:
        """These roads as those of one hour, or of none, that know the others (`at`)."""
        roads = copy(self)
        roads._hours = hours
        return roads

    def at(self, instant: datetime) -> RoadTravelTimes:
        """The roads at the speeds of an hour of the week; the same ones where none are learned.

        The first question for an hour takes as long as to weigh all turns anew.
        """
        return self if self._hours is None else self._hours.at(hour_of_week(instant))

    def make_ready(self) -> None:
        """Do now what the first question would wait for."""
        self._paths.make_ready()

    @property
    def label(self) -> TravelLabel:
        return TravelLabel.ROADS

    def covers(self, point: LatLon) -> bool:
        """Whether a road lies within 1 km of the point."""
        return self.network.nearest_edge(point) is not None

    def durations(self, origins: Sequence[LatLon], destinations: Sequence[LatLon]) -> Floats:
        """Seconds of each pair, shape (origins, destinations): a third of the work of `matrix`."""
        seconds, _ = self._beyond.matrix(origins, destinations)
        rows, starts = self._stops(origins)
        columns, ends = self._stops(destinations)
        totals_ms = self._totals_ms(starts, ends, self._between_ms(starts, ends))
        seconds[np.ix_(rows, columns)] = totals_ms.min(axis=(2, 3)) / 1000
        return seconds

    def matrix(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> tuple[Floats, Floats]:
        """Seconds and metres of each pair, shape (origins, destinations)."""
        seconds, metres = self._beyond.matrix(origins, destinations)
        rows, starts = self._stops(origins)
        columns, ends = self._stops(destinations)
        if rows and columns:
            cells = np.ix_(rows, columns)
            seconds[cells], metres[cells] = self._figures(starts, ends)
        return seconds, metres

    def route(self, origin: LatLon, destination: LatLon) -> Route:
        """The fastest route; a straight line, and labelled so, where a point isn't covered.

        Raises NoWay where the map knows both ends and no car may drive from one to the other.
        """
        rows, starts = self._stops([origin])
        columns, ends = self._stops([destination])
        if not rows or not columns:
            return self._beyond.route(origin, destination)
        totals_ms = self._totals_ms(starts, ends, self._between_ms(starts, ends))
        journey = self._journey(starts, 0, ends, 0, totals_ms[0, 0])
        if journey is None:
            raise NoWay
        start = self.network.points_between(journey.edges[0], journey.start, journey.start)[0]
        return Route(start, tuple(self._legs(journey)), TravelLabel.ROADS)

    def require_route(self, origin: LatLon, destination: LatLon) -> Route:
        """The fastest route, by roads or not at all.

        Raises OutsideMap where a point lies off every road, and NoWay where no car may drive
        there: also where the nearest road is cut off from all others, and they are far.
        """
        for point in (origin, destination):
            if self.network.nearest_road(point) is None:
                raise OutsideMap
            if self.standing(point) is not Standing.REACHED:
                raise NoWay
        return self.route(origin, destination)

    def standing(self, point: LatLon) -> Standing:
        """Whether a car comes to the point: also not where the nearest road is cut off from all
        others, and they are far."""
        road, joined = self.network.nearest_road(point), self.network.nearest_edge(point)
        if road is None:
            return Standing.CUT_OFF if self.network.spans(point) else Standing.OUTSIDE
        if joined is None or joined.distance_m > road.distance_m + CUT_OFF_M:
            return Standing.CUT_OFF
        return Standing.REACHED

    def reach(self, origin: LatLon, within_s: float) -> Reach:
        """What of the roads can be reached in so many seconds. Raises OutsideMap."""
        snap = self.network.nearest_edge(origin)
        if snap is None:
            raise OutsideMap
        return reach(self.network, self._duration_ms, self._directions(snap), within_s)

    def _stops(self, points: Sequence[LatLon]) -> tuple[list[int], _Stops]:
        """Which of the points are covered, and where they lie on their streets."""
        snaps = self.network.nearest_edges(points)
        known = np.flatnonzero(snaps.edge >= 0)
        ahead, share = snaps.edge[known], snaps.share[known]
        twin = self.network.edge_twin[ahead]
        two_way = twin >= 0
        edge = np.column_stack([ahead, np.where(two_way, twin, ahead)])
        shares = np.column_stack([share, np.where(two_way, 1.0 - share, share)])
        return known.tolist(), _Stops(edge, shares)

    def _directions(self, snap: Snap) -> tuple[tuple[int, float], tuple[int, float]]:
        ahead = snap.edge, snap.share
        twin = int(self.network.edge_twin[snap.edge])
        return ahead, (twin, 1.0 - snap.share) if twin >= 0 else ahead

    def _between_ms(self, starts: _Stops, ends: _Stops) -> Floats:
        """(sources, targets) milliseconds between the edges of stops, each edge once."""
        return self._paths.durations_ms(np.unique(starts.edge), np.unique(ends.edge))

    def _totals_ms(self, starts: _Stops, ends: _Stops, between_ms: Floats) -> Floats:
        """(S, E, 2, 2) milliseconds for each direction to leave by and each to come by."""
        gone_ms = starts.share * self._duration_ms[starts.edge]
        come_ms = ends.share * self._duration_ms[ends.edge]
        row, column = _numbered(starts.edge), _numbered(ends.edge)
        # Direction by direction, so that each part of the work lies together in memory.
        by_direction = np.empty((2, 2, len(row), len(column)))
        for out, into in np.ndindex(2, 2):
            part = between_ms[np.ix_(row[:, out], column[:, into])]
            np.add(part, come_ms[:, into] - gone_ms[:, out, None], out=by_direction[out, into])
        totals = by_direction.transpose(2, 3, 0, 1)
        behind = _behind(starts, ends)
        left = starts.edge[behind[0], behind[2]]
        around_ms = {edge: self._paths.around_ms(edge) for edge in np.unique(left).tolist()}
        totals[behind] += np.array([around_ms[edge] for edge in left.tolist()])
        return totals

    def _figures(self, starts: _Stops, ends: _Stops) -> tuple[Floats, Floats]:
        """(S, E) seconds and metres of the fastest of the directions to leave and to come by."""
        between_ms = self._between_ms(starts, ends)
        totals_ms = self._totals_ms(starts, ends, between_ms)
        shape = totals_ms.shape[:2]
        at, to = np.indices(shape)
        out, into = np.divmod(totals_ms.reshape(*shape, 4).argmin(axis=2), 2)
        sources, targets = np.unique(starts.edge), np.unique(ends.edge)
        between_dm = self._paths.lengths_dm(sources, targets, between_ms)
        between_dm = between_dm[_numbered(starts.edge)[at, out], _numbered(ends.edge)[to, into]]
        length_dm = self.network.edge_length_dm
        gone_dm, come_dm = (stops.share * length_dm[stops.edge] for stops in (starts, ends))
        metres = (between_dm - gone_dm[at, out] + come_dm[to, into]) / 10
        unknown = np.isnan(between_dm)
        back = _behind(starts, ends)
        chosen = (out[back[:2]] == back[2]) & (into[back[:2]] == back[3])
        unknown[back[0][chosen], back[1][chosen]] = True
        for row, column in np.argwhere(unknown).tolist():
            journey = self._journey(starts, row, ends, column, totals_ms[row, column])
            metres[row, column] = np.inf if journey is None else self._metres(journey)
        return totals_ms[at, to, out, into] / 1000, metres

    def _journey(
        self, starts: _Stops, at: int, ends: _Stops, to: int, totals_ms: Floats
    ) -> _Journey | None:
        out, into = divmod(int(totals_ms.argmin()), 2)
        if not np.isfinite(totals_ms[out, into]):
            return None
        left, met = int(starts.edge[at, out]), int(ends.edge[to, into])
        start, end = float(starts.share[at, out]), float(ends.share[to, into])
        if left == met:
            edges = [left] if start <= end else self._paths.path_around(left)
        else:
            edges = self._paths.path(left, met)
        return _Journey(edges, start, end)

    def _metres(self, journey: _Journey) -> float:
        length_dm = self.network.edge_length_dm[journey.edges]
        ends_dm = journey.end * length_dm[-1] - journey.start * length_dm[0]
        return float(length_dm[:-1].sum() + ends_dm) / 10

    def _legs(self, journey: _Journey) -> list[Leg]:
        last = len(journey.edges) - 1
        legs = []
        for at, edge in enumerate(journey.edges):
            start = journey.start if at == 0 else 0.0
            end = journey.end if at == last else 1.0
            turned = at > 0 and self.network.edge_twin[edge] == journey.edges[at - 1]
            if end > start or turned:
                legs.append(self._leg(edge, start, end, U_TURN_MS / 1000 if turned else 0.0))
        return legs

    def _leg(self, edge: int, start: float, end: float, turning_s: float) -> Leg:
        length_m = int(self.network.edge_length_dm[edge]) / 10
        speed_kmh = length_m / float(self._duration_ms[edge]) * 3600
        points = self.network.points_between(edge, start, end)
        return Leg(length_m * (end - start), speed_kmh, points, turning_s)


def _numbered(edges: Ints) -> Ints:
    """Where each edge stands among those of its kind, in ascending order."""
    return np.unique(edges, return_inverse=True)[1].reshape(edges.shape)


def _behind(starts: _Stops, ends: _Stops) -> tuple[Ints, Ints, Ints, Ints]:
    """Ends that lie behind a start on the same edge: the way to them leads round.

    Returns the number of the start, that of the end, and the direction of either, of each pair.
    """
    left, met = starts.edge.ravel(), ends.edge.ravel()
    order = np.argsort(met, kind="stable")
    first, last = (np.searchsorted(met[order], left, side=side) for side in ("left", "right"))
    counts = last - first
    start = np.repeat(np.arange(len(left)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    end = order[np.repeat(first, counts) + within]
    behind = ends.share.ravel()[end] < starts.share.ravel()[start]
    at, out = np.divmod(start[behind], 2)
    to, into = np.divmod(end[behind], 2)
    return at, to, out, into
