"""Where each position may have been on the roads: its candidates, in rows of equal width."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.roads.map_matching.model import Model
from dispatch.roads.network import Bools, Ints, RoadNetwork
from dispatch.roads.plane import Floats

NO_EDGE = -1
_BEND_M = 5.0
"""A road's direction is that of so many metres to both sides."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """(P, K) candidates of P points, nearest first; `edge` is NO_EDGE where there are fewer.

    Both directions of a street are candidates of their own.
    """

    edge: Ints
    share: Floats
    distance_m: Floats

    @property
    def known(self) -> Bools:
        """(P, K) which places hold a candidate."""
        known: Bools = np.not_equal(self.edge, NO_EDGE)
        return known

    def of(self, points: Ints) -> Candidates:
        """Those of some points."""
        return Candidates(self.edge[points], self.share[points], self.distance_m[points])


def find_candidates(network: RoadNetwork, model: Model, lat: Floats, lon: Floats) -> Candidates:
    """The nearest streets of each point, in each of their directions."""
    beside = network.streets_within(lat, lon, model.within_m)
    counts = np.bincount(beside.point, minlength=len(lat))
    rank = np.arange(len(beside.point)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = rank < model.most_streets
    point, rank = beside.point[kept], rank[kept]
    edge, share, distance_m = beside.edge[kept], beside.share[kept], beside.distance_m[kept]
    width = 2 * (int(rank.max(initial=0)) + 1)
    rows = Candidates(
        np.full((len(lat), width), NO_EDGE, dtype=np.int64),
        np.zeros((len(lat), width)),
        np.full((len(lat), width), np.inf),
    )
    twin = network.edge_twin[edge]
    both = twin >= 0
    for place, edges, shares, which in (
        (2 * rank, edge, share, np.ones_like(both)),
        (2 * rank + 1, twin, 1 - share, both),
    ):
        here = point[which], place[which]
        rows.edge[here] = edges[which]
        rows.share[here] = shares[which]
        rows.distance_m[here] = distance_m[which]
    return _closed_up(rows)


def _closed_up(rows: Candidates) -> Candidates:
    """The same without empty places between candidates."""
    order = np.argsort(~rows.known, axis=1, kind="stable")
    width = int(rows.known.sum(axis=1).max(initial=1))
    return Candidates(
        np.take_along_axis(rows.edge, order, axis=1)[:, :width],
        np.take_along_axis(rows.share, order, axis=1)[:, :width],
        np.take_along_axis(rows.distance_m, order, axis=1)[:, :width],
    )


def emission(
    network: RoadNetwork, model: Model, found: Candidates, course_deg: Floats | None
) -> Floats:
    """(P, K) log-likelihood of each candidate (equation 1); -inf where there is none.

    A reported course counts as a second measurement, normal around the road's direction.
    """
    with np.errstate(invalid="ignore"):
        likely = np.where(found.known, -0.5 * (found.distance_m / model.sigma_z_m) ** 2, -np.inf)
    if course_deg is None or np.isnan(course_deg).all():
        return likely
    row, column = np.nonzero(found.known & ~np.isnan(course_deg)[:, None])
    direction = _direction_deg(network, found.edge[row, column], found.share[row, column])
    off = (course_deg[row] - direction + 180) % 360 - 180
    likely[row, column] -= 0.5 * (off / model.sigma_course_deg) ** 2
    return likely


def _direction_deg(network: RoadNetwork, edge: Ints, share: Floats) -> Floats:
    """The direction of driving at a share of edges' lengths, clockwise from north."""
    step = np.minimum(_BEND_M / np.maximum(network.edge_length_m[edge], _BEND_M), 1.0)
    east, north = network.plane.to_metres(
        *network.points_at(
            np.concatenate([edge, edge]),
            np.concatenate([np.maximum(share - step, 0), np.minimum(share + step, 1)]),
        )
    )
    n = len(edge)
    degrees: Floats = np.degrees(np.arctan2(east[n:] - east[:n], north[n:] - north[:n]))
    return degrees
