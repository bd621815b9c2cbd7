"""The points of an open trip: one array of records, grown in bulk, frozen into a state."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from tracking.trips.jumps import apart_m
from tracking.trips.positions import Seen

RECORD = np.dtype(
    [
        ("time_s", np.int64),
        ("lat", np.float64),
        ("lon", np.float64),
        ("speed_kmh", np.float64),
        ("odometer_m", np.int64),
        ("pair_m", np.int64),
        ("gap", np.bool_),
    ]
)
"""A position, the metres counted from the point before it, and whether that pair is a gap."""

Records = npt.NDArray[np.void]


class Points:
    """Points that nobody changes any more, equal when their records are; shape (n,)."""

    __slots__ = ("records",)

    def __init__(self, records: Records) -> None:
        records.flags.writeable = False
        self.records = records

    def __len__(self) -> int:
        return len(self.records)

    @property
    def began_at_s(self) -> int:
        """The time of the first point."""
        return int(self.records["time_s"][0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points) and np.array_equal(self.records, other.records)

    def __hash__(self) -> int:
        return hash(self.records.tobytes())

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        row = core_schema.tuple_schema(
            [
                core_schema.int_schema(),
                *[core_schema.float_schema()] * 3,
                *[core_schema.int_schema()] * 2,
                core_schema.bool_schema(),
            ]
        )
        return core_schema.no_info_after_validator_function(
            lambda rows: cls(np.array(rows, RECORD)),
            core_schema.list_schema(row),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda points: points.records.tolist()
            ),
        )


class GrowingPoints:
    """The points of a trip under way; grows in amortised constant time."""

    def __init__(self, points: Points | None = None) -> None:
        self._count = len(points) if points else 0
        self._records: Records = np.empty(max(64, 2 * self._count), RECORD)
        if points:
            self._records[: self._count] = points.records

    def __len__(self) -> int:
        return self._count

    def append(self, seen: Seen, pair_m: int, *, gap: bool) -> None:
        """Add one point."""
        self._reserve(1)
        self._records[self._count] = (*seen, pair_m, gap)
        self._count += 1

    def extend(self, columns: dict[str, npt.NDArray[Any]], pair_m: npt.NDArray[np.int64]) -> None:
        """Add points from columns of equal length, none of them a gap."""
        many = len(pair_m)
        self._reserve(many)
        added = self._records[self._count : self._count + many]
        for name, column in columns.items():
            added[name] = column
        added["pair_m"], added["gap"] = pair_m, False
        self._count += many

    def seen(self, i: int) -> Seen:
        """Return the position of a point."""
        time_s, lat, lon, speed_kmh, odometer_m, _, _ = self._records[i].item()
        return Seen(time_s, lat, lon, speed_kmh, odometer_m)

    def since(self, start: int) -> list[Seen]:
        """Return the positions of the points from `start` on."""
        return [Seen(*row[:5]) for row in self._records[start : self._count].tolist()]

    def count_up_to(self, count: int) -> None:
        """Add the metres from the last point that was counted to the last of `count` points."""
        counted = self._records[:count]
        hops = np.flatnonzero((counted["pair_m"] != 0) | counted["gap"])
        pen = self.seen(int(hops[-1]) if len(hops) else 0)
        counted["pair_m"][-1] += round(apart_m(pen, self.seen(count - 1)))

    def frozen(self, count: int | None = None) -> Points:
        """Return the first `count` points, or all of them, for good."""
        return Points(self._records[: self._count if count is None else count].copy())

    def keep_last(self, count: int) -> None:
        """Forget all points but the last ones; the first of those has no pair before it."""
        kept = self._records[self._count - count : self._count].copy()
        kept["pair_m"][0], kept["gap"][0] = 0, False
        self._records[:count] = kept
        self._count = count

    def _reserve(self, more: int) -> None:
        if self._count + more > len(self._records):
            grown: Records = np.empty(2 * (self._count + more), RECORD)
            grown[: self._count] = self._records[: self._count]
            self._records = grown
