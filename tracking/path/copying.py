"""A batch as PostgreSQL's binary COPY stream (manual, COPY, "Binary Format"), built in arrays.

A row is its number of fields, then each field as its length and its bytes; NULL is length -1 and
no bytes. Rows with the same NULLs and equally long raw bodies are equally long, so they are cut out
of one matrix together. Rows therefore leave in another order than they stand; `row_n` says theirs.
"""

import numpy as np
from numpy.typing import NDArray

from tracking.path.columns import UNKNOWN, PositionColumns

TYPES = {
    "terminal_no": ">i8",
    "time": ">i8",
    "own_time": ">i8",
    "time_raw": ">i8",
    "digest": ">i8",
    "received_at": ">i8",
    "writer_no": ">i4",
    "batch_n": ">i8",
    "row_n": ">i4",
    "latitude": ">f8",
    "longitude": ">f8",
    "altitude_m": ">i4",
    "speed_kmh": ">f4",
    "course_deg": ">i4",
    "odometer_m": ">i8",
    "acc": "?",
    "fixed": "?",
    "alarm": ">i8",
    "status": ">i8",
    "reasons": ">i4",
    "backfilled": "?",
    "cell": ">i8",
    "decode_version": ">i2",
}
"""The columns in the order of the stream, as they stand in it; `raw` follows them."""

_NULLABLE = ("time", "own_time", "odometer_m", "cell")
_TIMES = ("time", "own_time", "received_at")
_2000_US = 946_684_800_000_000
_LENGTH = ">i4"
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


def _wire() -> np.dtype[np.void]:
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, code in TYPES.items():
        fields += [(f"{name} length", _LENGTH), (name, code)]
    return np.dtype([*fields, ("raw length", _LENGTH)])


def _blank() -> NDArray[np.void]:
    """Return one row that has the lengths of its fields and no values."""
    row = np.zeros(1, _WIRE)
    row["fields"] = len(TYPES) + 1
    for name, code in TYPES.items():
        row[f"{name} length"] = np.dtype(code).itemsize
    return row


_WIRE = _wire()
_BLANK = _blank()


def copy_stream(
    columns: PositionColumns, writer_no: int, batch_n: int, first_row_n: int = 0
) -> bytes:
    """Return the whole stream; `row_n` counts from `first_row_n`."""
    raw_lengths = np.fromiter(map(len, columns.raw), np.int64, len(columns))
    nulls = _nulls(columns)
    rows = _rows(columns, raw_lengths, nulls, writer_no, batch_n, first_row_n)
    octets = rows.view(np.uint8).reshape(len(rows), _WIRE.itemsize)
    pieces = [_SIGNATURE]
    kinds = raw_lengths << len(_NULLABLE) | nulls
    for kind in np.unique(kinds).tolist():
        alike = np.flatnonzero(kinds == kind)
        pieces.append(_cut(octets, columns, alike, kind))
    return b"".join((*pieces, _TRAILER))


def _nulls(columns: PositionColumns) -> NDArray[np.int64]:
    """Return which of `_NULLABLE` are NULL in each row, one bit each."""
    bits = np.zeros(len(columns), np.int64)
    for bit, name in enumerate(_NULLABLE):
        bits |= (columns.records[name] == UNKNOWN).astype(np.int64) << bit
    return bits


def _rows(
    columns: PositionColumns,
    raw_lengths: NDArray[np.int64],
    nulls: NDArray[np.int64],
    writer_no: int,
    batch_n: int,
    first_row_n: int,
) -> NDArray[np.void]:
    """Return all rows at their full width, with the bytes of NULLs still in them."""
    rows = np.repeat(_BLANK, len(columns))
    for name in columns.records.dtype.names or ():
        rows[name] = columns.records[name]
    for name in _TIMES:
        rows[name] -= _2000_US
    for bit, name in enumerate(_NULLABLE):
        rows[f"{name} length"][nulls >> bit & 1 == 1] = -1
    rows["writer_no"] = writer_no
    rows["batch_n"] = batch_n
    rows["row_n"] = np.arange(first_row_n, first_row_n + len(columns))
    rows["raw length"] = raw_lengths
    return rows


def _cut(
    octets: NDArray[np.uint8], columns: PositionColumns, alike: NDArray[np.int64], kind: int
) -> bytes:
    """Return the rows `alike` as they leave: without the bytes of NULLs, with their raw bodies."""
    kept = np.ones(_WIRE.itemsize, np.bool_)
    for bit, name in enumerate(_NULLABLE):
        if kind >> bit & 1:
            _, offset = _WIRE.fields[name][:2]  # type: ignore[index]
            kept[offset : offset + 8] = False
    fixed = octets[alike] if kept.all() else octets[alike][:, kept]
    raw = b"".join([columns.raw[index] for index in alike.tolist()])
    bodies = np.frombuffer(raw, np.uint8).reshape(len(alike), kind >> len(_NULLABLE))
    return np.hstack((fixed, bodies)).tobytes()
