"""All SQL of reading stored positions anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from psycopg import AsyncCursor
from psycopg.rows import TupleRow

from kit.clock import day_period
from tracking.path.columns import RECORD, UNKNOWN, PositionColumns, us_of
from tracking.path.store import Connection

_OF_DAY = "p.time >= %(since)s AND p.time < %(until)s"
# A doubtful position lies in no day; it belongs to that of its receipt.
_DOUBTFUL = "p.time IS NULL AND p.received_at >= %(since)s AND p.received_at < %(until)s"
_NAMES = [name for name in RECORD.names or () if name != "raw"]


@dataclass(frozen=True, slots=True)
class TerminalDay:
    """A terminal and a Shanghai day; `doubtful` for its positions without a plausible time."""

    terminal_no: int
    day: date
    doubtful: bool


async def terminal_days(
    connection: Connection, day: date, protocol: str, phone: str | None, before_version: int
) -> list[TerminalDay]:
    """Return whose positions of a day were read by a codec before `before_version`."""
    since, until = day_period(day)
    values = {
        "since": since,
        "until": until,
        "version": before_version,
        "protocol": protocol,
        "phone": phone,
    }
    found = []
    for doubtful, condition in ((False, _OF_DAY), (True, _DOUBTFUL)):
        cursor = await connection.execute(
            "SELECT DISTINCT p.terminal_no FROM positions_once p"  # noqa: S608  (constants only)
            " JOIN terminal t ON t.no = p.terminal_no"
            f" WHERE {condition} AND p.decode_version < %(version)s AND t.protocol = %(protocol)s"
            " AND (%(phone)s::text IS NULL OR t.phone = %(phone)s::text)"
            " ORDER BY p.terminal_no".encode(),
            values,
        )
        found += [TerminalDay(int(no), day, doubtful) for (no,) in await cursor.fetchall()]
    return found


async def read_stored(
    connection: Connection, one: TerminalDay, before_version: int
) -> PositionColumns:
    """Return the positions that a codec before `before_version` has read, with their raw bodies."""
    since, until = day_period(one.day)
    condition = _DOUBTFUL if one.doubtful else _OF_DAY
    cursor: AsyncCursor[TupleRow] = await connection.execute(
        f"SELECT {', '.join('p.' + name for name in _NAMES)}, p.raw FROM positions_once p"  # noqa: S608
        f" WHERE {condition} AND p.terminal_no = %(no)s AND p.decode_version < %(version)s"
        " AND p.raw <> ''".encode(),
        {"since": since, "until": until, "no": one.terminal_no, "version": before_version},
    )
    rows = await cursor.fetchall()
    return PositionColumns(
        np.array([_record(row) for row in rows], RECORD), [row[-1] for row in rows]
    )


async def supersede(connection: Connection, old: PositionColumns, version: int) -> None:
    """Note that all readings of these positions before `version` are superseded."""
    records = old.records
    await connection.execute(
        "INSERT INTO superseded_reading AS s (terminal_no, time_raw, digest, decode_version)"
        " SELECT DISTINCT terminal_no, time_raw, digest, %s::int2"
        " FROM unnest(%s::int8[], %s::int8[], %s::int8[]) AS u (terminal_no, time_raw, digest)"
        " ON CONFLICT (terminal_no, time_raw, digest) DO UPDATE"
        " SET decode_version = greatest(s.decode_version, excluded.decode_version)",
        (
            version,
            records["terminal_no"].tolist(),
            records["time_raw"].tolist(),
            records["digest"].tolist(),
        ),
    )


def _record(row: Sequence[object]) -> tuple[object, ...]:
    return tuple(_value(name, value) for name, value in zip(_NAMES, row[:-1], strict=True))


def _value(name: str, value: object) -> object:
    if value is None:
        return np.nan if name in {"latitude", "longitude"} else UNKNOWN
    return us_of(value) if hasattr(value, "tzinfo") else value  # type: ignore[arg-type]
