"""All SQL that writes positions. One connection, one transaction, one batch."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from psycopg import AsyncConnection

from kit.arrays import take_arrays
from kit.ids import new_id
from tracking.path.batches import Quarantined, touched_by
from tracking.path.columns import NO_POSITIONS, PositionColumns, joined
from tracking.path.copying import TYPES, copy_stream

_COPY = f"COPY position ({', '.join(TYPES)}, raw) FROM STDIN (FORMAT BINARY)"

# One journey for both rows.
_BATCH = """
    WITH writer AS (UPDATE position_writer SET last_n = %s::int8 WHERE no = %s::int4 RETURNING no)
    INSERT INTO position_batch (writer_no, n, positions, terminal_nos, first_times, last_times)
    SELECT no, %s::int8, %s::int4, %s::int8[], %s::float8[], %s::float8[] FROM writer
"""

Connection = AsyncConnection[tuple[Any, ...]]


async def connect(url: str) -> Connection:
    """Return the writer's own connection; a commit on it is on disk when it returns."""
    connection = await AsyncConnection.connect(url, connect_timeout=5, autocommit=True)
    await connection.execute("SET synchronous_commit = on")
    await connection.execute("SET timezone = 'UTC'")
    return connection


async def enrol_writer(connection: Connection, name: str) -> int:
    """Return the number of a new writer; its batches will be numbered from 1 without gaps."""
    cursor = await connection.execute(
        "INSERT INTO position_writer (name, began_at) VALUES (%s, now()) RETURNING no", (name,)
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def ensure_day(connection: Connection, day: date) -> None:
    """Make sure that the partition of a Shanghai day stands."""
    await connection.execute("SELECT ensure_position_day(%s)", (day,))


async def batch_stands(connection: Connection, writer_no: int, n: int) -> bool:
    """Return whether the batch `n` of a writer was committed: its outcome may be unknown to us."""
    cursor = await connection.execute(
        "SELECT 1 FROM position_batch WHERE writer_no = %s AND n = %s", (writer_no, n)
    )
    return await cursor.fetchone() is not None


async def commit_batch(
    connection: Connection,
    writer_no: int,
    n: int,
    rows: PositionColumns,
    quarantined: Sequence[Quarantined],
    *,
    superseding: PositionColumns = NO_POSITIONS,
) -> None:
    """Store positions, quarantined frames and the batch row in one transaction.

    superseding: readings that the rows supersede; the batch touches their times too
    """
    take_arrays(connection)
    async with connection.transaction():
        if len(rows):
            async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                await copy.write(copy_stream(rows, writer_no, n))
        if quarantined:
            await _quarantine(connection, quarantined)
        touched = touched_by(joined([rows, superseding]))
        await connection.execute(
            _BATCH,
            (
                n,
                writer_no,
                n,
                len(rows),
                touched.terminal_nos,
                touched.first_times,
                touched.last_times,
            ),
        )


_QUARANTINE = """
    INSERT INTO quarantined_frame (id, received_at, protocol, phone, address, reason, raw)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_UNKNOWN = """
    INSERT INTO unknown_terminal AS u
        (id, protocol, phone, first_seen_at, last_seen_at, address, frames, claimed_plate)
    VALUES (%s, %s, %s, %s, %s, %s, 1, %s)
    ON CONFLICT (protocol, phone) DO UPDATE SET
        last_seen_at = excluded.last_seen_at, address = excluded.address, frames = u.frames + 1,
        claimed_plate = coalesce(excluded.claimed_plate, u.claimed_plate)
"""


async def _quarantine(connection: Connection, frames: Sequence[Quarantined]) -> None:
    async with connection.cursor() as cursor:
        await cursor.executemany(_QUARANTINE, [_row_of(frame) for frame in frames])
        unknown = [
            (
                *(new_id(), frame.protocol, frame.phone, frame.received_at, frame.received_at),
                *(frame.address, frame.claimed_plate and _storable(frame.claimed_plate)),
            )
            for frame in frames
            if frame.unknown_terminal and frame.phone is not None
        ]
        if unknown:
            await cursor.executemany(_UNKNOWN, unknown)


def _row_of(frame: Quarantined) -> tuple[object, ...]:
    return (
        *(new_id(), frame.received_at, frame.protocol, frame.phone, frame.address),
        *(_storable(frame.reason), frame.raw),
    )


def _storable(text: str) -> str:
    """Return the text without what PostgreSQL keeps in no text: NUL and halves of pairs.

    A stranger's plate is a stranger's bytes.
    """
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
