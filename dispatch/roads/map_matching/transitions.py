"""How likely a vehicle went from one candidate to another: by the route between them."""

from __future__ import annotations

import numpy as np

from dispatch.roads.map_matching.candidates import Candidates
from dispatch.roads.map_matching.model import Model
from dispatch.roads.map_matching.positions import Positions
from dispatch.roads.map_matching.route_table import NO_ROUTE, RouteTable
from dispatch.roads.network import Bools, Ints, RoadNetwork
from dispatch.roads.plane import Floats, distance_m


def find_transitions(
    network: RoadNetwork,
    table: RouteTable,
    model: Model,
    found: Candidates,
    positions: Positions,
    joined: Bools,
) -> Floats:
    """(P, K, K) log-likelihoods (equation 2) from the candidates of the position before.

    -inf where no route within the bound leads, and to all positions that aren't `joined`.
    """
    points, width = found.edge.shape
    shape = (points, width, width)
    log = np.full(shape, -np.inf)
    here = np.flatnonzero(joined)
    straight_m, bound_m = _bounds(model, here, positions)
    known = found.known
    at, out, into = np.nonzero(known[here - 1][:, :, None] & known[here][:, None, :])
    before, after = (here[at] - 1, out), (here[at], into)
    source, target = found.edge[before], found.edge[after]
    start_m = found.share[before] * network.edge_length_m[source]
    end_m = found.share[after] * network.edge_length_m[target]
    table.prepare(source, bound_m[at] + start_m)
    between_dm = table.length_dm(source, target)
    route_m = np.where(between_dm == NO_ROUTE, np.inf, between_dm / 10) - start_m + end_m
    # On one edge the way is what lies between; a little backwards is noise of one that stands.
    same = source == target
    ahead_m = end_m - start_m
    still = same & (ahead_m >= -2 * model.thinned_m)
    route_m = np.where(same, np.where(still, np.maximum(ahead_m, 0.0), np.inf), route_m)
    beta_m = model.beta_m + model.beta_share * straight_m[at]
    kept = route_m <= bound_m[at]
    cells = here[at[kept]], out[kept], into[kept]
    log[cells] = -np.abs(straight_m[at[kept]] - route_m[kept]) / beta_m[kept]
    return log


def _bounds(model: Model, here: Ints, positions: Positions) -> tuple[Floats, Floats]:
    """Great circles between consecutive positions, and how long a route may be."""
    lat, lon = positions.lat, positions.lon
    straight_m = distance_m(lat[here - 1], lon[here - 1], lat[here], lon[here])
    by_speed_m = positions.waited_s[here] * model.fastest_m_s + model.within_m
    bound_m = np.minimum(model.detour * straight_m + model.detour_m, by_speed_m)
    return straight_m, bound_m
