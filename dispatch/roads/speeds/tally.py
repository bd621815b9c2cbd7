"""Traversals of many vehicles added up by way and hour, and what may be kept of them.

Nothing in here says which vehicle it was, and what too few have driven is not kept at all: on a
lane that one vehicle uses, its hours would tell its days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.roads.importing.car_rules import FASTEST_KMH
from dispatch.roads.network import Ints
from dispatch.roads.plane import Floats
from dispatch.roads.speeds.traversals import Traversals

LEAST_VEHICLES = 3
"""A way and hour that fewer different vehicles have driven in a learning is not kept."""
MOST_OF_A_VEHICLE = 4.0
"""A vehicle counts for a cell as at most so many traversals in a learning: once in each week of its
window. One that drives up and down all day would else be all that is known of the hour."""
SLOWEST_SHARE = 4.0
"""A stretch counts as taking at most so many times what the map reckons with: who waited longer
stood there for something else than the road. (Winsorised: one long wait hardly moves the mean.)"""


@dataclass(frozen=True, eq=False)
class Cells:
    """C cells of way and hour, ascending: how often driven, and by how many vehicles.

    weight: as how many traversals they count; pace_sum_s_km: the sum of paces, so weighed
    """

    cell: Ints
    count: Ints
    weight: Floats
    pace_sum_s_km: Floats
    vehicles: Ints

    @classmethod
    def none(cls) -> Cells:
        empty, none = np.zeros(0, np.int64), np.zeros(0)
        return cls(empty, empty, none, none, empty)

    @classmethod
    def of_vehicle(cls, driven: Iterable[Traversals]) -> Cells:
        """All that one vehicle has driven."""
        parts = list(driven)
        if not parts:
            return cls.none()
        cell = np.concatenate([part.cell for part in parts])
        pace = np.concatenate([_bounded(part) for part in parts])
        found, at = np.unique(cell, return_inverse=True)
        count = np.bincount(at, minlength=len(found)).astype(np.int64)
        weight = np.minimum(count, MOST_OF_A_VEHICLE)
        paces = _sums(at, pace, len(found)) * weight / count
        return cls(found, count, weight, paces, np.ones(len(found), np.int64))

    @classmethod
    def together(cls, parts: Iterable[Cells]) -> Cells:
        """The cells of different vehicles, added."""
        known = [part for part in parts if len(part.cell)]
        if not known:
            return cls.none()
        cell, at = np.unique(np.concatenate([part.cell for part in known]), return_inverse=True)
        counts, weights, paces, vehicles = (
            _sums(at, np.concatenate(columns), len(cell))
            for columns in (
                [part.count for part in known],
                [part.weight for part in known],
                [part.pace_sum_s_km for part in known],
                [part.vehicles for part in known],
            )
        )
        return cls(cell, counts.astype(np.int64), weights, paces, vehicles.astype(np.int64))

    def shareable(self, least_vehicles: int = LEAST_VEHICLES) -> Cells:
        """Those that enough different vehicles have driven."""
        enough = self.vehicles >= least_vehicles
        return Cells(
            self.cell[enough],
            self.count[enough],
            self.weight[enough],
            self.pace_sum_s_km[enough],
            self.vehicles[enough],
        )


def _sums(at: Ints, values: npt.ArrayLike, places: int) -> Floats:
    weights = np.asarray(values, dtype=np.float64)
    return np.bincount(at, weights=weights, minlength=places).astype(np.float64)


def _bounded(driven: Traversals) -> Floats:
    bounded: Floats = driven.pace_s_km.clip(
        3_600 / FASTEST_KMH, SLOWEST_SHARE * driven.map_pace_s_km
    )
    return bounded
