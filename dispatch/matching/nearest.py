"""The nearest of some places, many at a time."""

import numpy as np
from scipy.spatial import cKDTree

from dispatch.matching.problem import Floats, Ints

NOBODY = -1

_APART_M = 1e8  # between layers: farther than anything on a plane


def nearest(
    origins: Floats, layers: Ints, places: Floats, layer_of: Ints, count: int, of: Ints
) -> Ints:
    """Return the numbers of the places nearest to each origin in its layer, nearest first.

    Shape (O, at most count), NOBODY beyond the last.

    origins, places: (O, 2) and (P, 2) metres; of: (P,) the numbers of the places
    layers, layer_of: (O,) and (P,) which of the places an origin may have: a third coordinate keeps
        them apart, so that one tree holds them all
    """
    count = min(count, len(places))
    if count == 0:
        return np.full((len(origins), 1), NOBODY, dtype=np.int64)
    tree = cKDTree(_lifted(places, layer_of), balanced_tree=False, compact_nodes=False)
    found = tree.query(
        _lifted(origins, layers), np.arange(1, count + 1), distance_upper_bound=_APART_M / 2
    )[1]
    numbers: Ints = np.append(of, NOBODY)[found]
    return numbers


def _lifted(points: Floats, layers: Ints) -> Floats:
    return np.column_stack((points, layers * _APART_M))
