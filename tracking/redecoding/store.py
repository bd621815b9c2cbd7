"""All SQL of reading stored positions anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from psycopg import AsyncConnection
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.clock import day_period
from tracking.path.columns import RECORD, UNKNOWN, PositionColumns, us_of
from tracking.path.store import Connection

_OF_DAY = "p.time >= :since AND p.time < :until"
# A doubtful position lies in no day; it belongs to that of its receipt.
_DOUBTFUL = "p.time IS NULL AND p.received_at >= :since AND p.received_at < :until"
_NAMES = [name for name in RECORD.names or () if name != "raw"]
_FLOATS = {name for name in _NAMES if RECORD[name].kind == "f"}

_SUPERSEDE = text("""
    INSERT INTO superseded_reading AS s (terminal_no, time_raw, digest, decode_version, last_at)
    SELECT u.terminal_no, u.time_raw, u.digest, CAST(:version AS smallint),
           to_timestamp(max(u.last_us) / 1e6)
    FROM unnest(CAST(:terminal_nos AS bigint[]), CAST(:times_raw AS bigint[]),
                CAST(:digests AS bigint[]), CAST(:lasts_us AS bigint[]))
         AS u (terminal_no, time_raw, digest, last_us)
    GROUP BY u.terminal_no, u.time_raw, u.digest
    ON CONFLICT (terminal_no, time_raw, digest) DO UPDATE
    SET decode_version = greatest(s.decode_version, excluded.decode_version),
        last_at = greatest(s.last_at, excluded.last_at)
""")


@dataclass(frozen=True, slots=True)
class TerminalDay:
    """A terminal and a Shanghai day with positions that an older version has read.

    doubtful: it is about those without a plausible time; older: how many they are
    """

    terminal_no: int
    id: UUID
    phone: str
    organisation_no: int
    day: date
    doubtful: bool
    older: int


async def plain(session: AsyncSession) -> Connection:
    """Return the session's own connection, in the session's transaction."""
    raw = await (await session.connection()).get_raw_connection()
    connection = raw.driver_connection
    assert isinstance(connection, AsyncConnection)
    return connection


async def terminal_days(
    session: AsyncSession, day: date, protocol: str, phone: str | None, before_version: int
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
        rows = await session.execute(
            text(
                "SELECT t.no, t.id, t.phone, t.organisation_no, count(*) AS older"  # noqa: S608
                " FROM positions_once p JOIN terminal t ON t.no = p.terminal_no"
                f" WHERE {condition} AND p.decode_version < :version AND t.protocol = :protocol"
                " AND (CAST(:phone AS text) IS NULL OR t.phone = CAST(:phone AS text))"
                " GROUP BY t.no ORDER BY t.no"
            ),
            values,
        )
        found += [
            TerminalDay(r.no, r.id, r.phone, r.organisation_no, day, doubtful, r.older)
            for r in rows
        ]
    return found


async def read_stored(
    session: AsyncSession, one: TerminalDay, before_version: int
) -> PositionColumns:
    """Return the positions that a codec before `before_version` has read, with their raw bodies.

    One whose raw body retention has erased can't be read anew: it is left out.
    """
    since, until = day_period(one.day)
    condition = _DOUBTFUL if one.doubtful else _OF_DAY
    rows = (
        await session.execute(
            text(
                f"SELECT {', '.join('p.' + name for name in _NAMES)}, p.raw"  # noqa: S608
                f" FROM positions_once p WHERE {condition} AND p.terminal_no = :no"
                " AND p.decode_version < :version AND p.raw <> ''"
            ),
            {"since": since, "until": until, "no": one.terminal_no, "version": before_version},
        )
    ).all()
    return PositionColumns(
        np.array([_record(row) for row in rows], RECORD), [row[-1] for row in rows]
    )


async def supersede(session: AsyncSession, old: PositionColumns, version: int) -> None:
    """Note that all readings of these positions before `version` are superseded."""
    records = old.records
    times = records["time"]
    await session.execute(
        _SUPERSEDE,
        {
            "version": version,
            "terminal_nos": records["terminal_no"].tolist(),
            "times_raw": records["time_raw"].tolist(),
            "digests": records["digest"].tolist(),
            "lasts_us": np.where(times == UNKNOWN, records["received_at"], times).tolist(),
        },
    )


def _record(row: Sequence[object]) -> tuple[object, ...]:
    return tuple(_value(name, value) for name, value in zip(_NAMES, row[:-1], strict=True))


def _value(name: str, value: object) -> object:
    if value is None:
        return np.nan if name in _FLOATS else UNKNOWN
    return us_of(value) if hasattr(value, "tzinfo") else value  # type: ignore[arg-type]
