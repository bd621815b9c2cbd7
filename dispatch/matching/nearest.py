"""The nearest of some places, many at a time."""

import numpy as np
from scipy.spatial import cKDTree

from dispatch.matching.problem import Floats, Ints

NOBODY = -1

_APART_M = 1e8  # between layers: farther than anything on a plane
_FEW = 16  # so many origins are looked through faster than a tree is built


class Places:
    """Some places in layers: of which an origin may have those of one."""

    def __init__(self, points: Floats, layer_of: Ints, of: Ints) -> None:
        """points: (P, 2) metres; layer_of: (P,) from zero; of: (P,) the numbers of the places."""
        self._of = np.append(of, NOBODY)
        self._points, self._layer_of = points, layer_of
        self._tree: cKDTree | None = None

    def __len__(self) -> int:
        return len(self._of) - 1

    def nearest(self, origins: Floats, layers: Ints, count: int) -> Ints:
        """Return the numbers of the places nearest to each origin in its layer, nearest first.

        Shape (O, at most count), NOBODY beyond the last. origins: (O, 2) metres; layers: (O,)
        """
        count = min(count, len(self))
        if count == 0:
            return np.full((len(origins), 1), NOBODY, dtype=np.int64)
        if self._tree is None and len(origins) <= _FEW:
            return self._of[self._looked_through(origins, layers, count)]
        if self._tree is None:
            # A third coordinate keeps layers apart, so that one tree holds them all.
            places = _lifted(self._points, self._layer_of)
            self._tree = cKDTree(places, balanced_tree=False, compact_nodes=False)
        found = self._tree.query(
            _lifted(origins, layers), np.arange(1, count + 1), distance_upper_bound=_APART_M / 2
        )[1]
        numbers: Ints = self._of[found]
        return numbers

    def _looked_through(self, origins: Floats, layers: Ints, count: int) -> Ints:
        """The same without a tree, which few origins aren't worth; places, the last for none."""
        found = np.full((len(origins), count), len(self), dtype=np.int64)
        for row, (origin, layer) in enumerate(zip(origins, layers.tolist(), strict=True)):
            there = np.flatnonzero(self._layer_of == layer)
            apart = self._points[there] - origin
            far = apart[:, 0] ** 2 + apart[:, 1] ** 2
            nearest = there[np.argsort(far, kind="stable")[:count]]
            found[row, : len(nearest)] = nearest
        return found


def _lifted(points: Floats, layers: Ints) -> Floats:
    return np.column_stack((points, layers * _APART_M))
