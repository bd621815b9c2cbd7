"""A batch of judged positions as columns: what the path hands from stage to stage.

One record a position, in the order of the columns of the table; times are microseconds since 1970
(UTC), and UNKNOWN stands where the table has NULL.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracking.path.positions import JudgedPosition

UNKNOWN = np.iinfo(np.int64).min
RECORD = np.dtype(
    [
        ("terminal_no", np.int64),
        ("time", np.int64),
        ("own_time", np.int64),
        ("time_raw", np.int64),
        ("digest", np.int64),
        ("received_at", np.int64),
        ("latitude", np.float64),
        ("longitude", np.float64),
        ("altitude_m", np.int32),
        ("speed_kmh", np.float32),
        ("course_deg", np.int32),
        ("odometer_m", np.int64),
        ("acc", np.bool_),
        ("fixed", np.bool_),
        ("alarm", np.int64),
        ("status", np.int64),
        ("reasons", np.int32),
        ("backfilled", np.bool_),
        ("cell", np.int64),
        ("decode_version", np.int16),
    ]
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PositionColumns:
    """Positions: `records` of RECORD, and the raw body of each."""

    records: NDArray[np.void]
    raw: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, part: slice) -> "PositionColumns":
        return PositionColumns(self.records[part], self.raw[part])

    def picked(self, which: NDArray[np.int64]) -> "PositionColumns":
        """Return the positions at these indices."""
        return PositionColumns(self.records[which], [self.raw[index] for index in which.tolist()])


NO_POSITIONS = PositionColumns(np.empty(0, RECORD), ())


def records_of(count: int, **columns: ArrayLike) -> NDArray[np.void]:
    """Return `count` records made of a value or an array for each column of RECORD."""
    records = np.empty(count, RECORD)
    for name in RECORD.names or ():
        records[name] = columns[name]
    return records


def joined(parts: Sequence[PositionColumns]) -> PositionColumns:
    """Return all parts as one."""
    if len(parts) == 1:
        return parts[0]
    raw = [body for part in parts for body in part.raw]
    return PositionColumns(np.concatenate([NO_POSITIONS.records, *(p.records for p in parts)]), raw)


def columns_of(
    rows: Iterable[JudgedPosition],
) -> tuple[PositionColumns, list[JudgedPosition]]:
    """Return positions that were judged one by one as columns, and those that fit no column."""
    fitting: list[JudgedPosition] = []
    unfit: list[JudgedPosition] = []
    records: list[NDArray[np.void]] = []
    for row in rows:
        try:
            records.append(np.array(_record(row), RECORD))
        except OverflowError:
            unfit.append(row)
        else:
            fitting.append(row)
    if not records:
        return NO_POSITIONS, unfit
    return PositionColumns(np.array(records), [row.position.raw for row in fitting]), unfit


def us_of(time: datetime) -> int:
    """Return an aware time in microseconds since 1970."""
    return (time - _EPOCH) // _MICROSECOND


def time_of(us: int) -> datetime:
    """Return the time so many microseconds after 1970."""
    return _EPOCH + us * _MICROSECOND


def _record(row: JudgedPosition) -> tuple[object, ...]:
    p = row.position
    return (
        p.terminal_no,
        UNKNOWN if row.time is None else us_of(row.time),
        UNKNOWN if p.own_time is None else us_of(p.own_time),
        p.time_raw,
        p.digest,
        us_of(row.received_at),
        p.latitude,
        p.longitude,
        p.altitude_m,
        p.speed_kmh,
        p.course_deg,
        UNKNOWN if p.odometer_m is None else p.odometer_m,
        p.acc,
        p.fixed,
        p.alarm,
        p.status,
        int(row.reasons),
        p.backfilled,
        UNKNOWN if row.cell is None else row.cell,
        p.decode_version,
    )
