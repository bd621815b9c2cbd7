"""Which rows a hold keeps, and erasing the others: counted, digested, deleted."""

import hashlib

from psycopg import AsyncConnection
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.retention.running import Counts, Erasure, record_erasure
from fleet.retention.store import lock_retention
from kit.database import Sessions, transaction

# Of a terminal's rows `p` those are held that it sent while it was bound to a held vehicle. One
# without a plausible time belongs, as in history, to whoever had the terminal at its receipt: a
# clock that was tampered with may be the evidence. It is held too for the time that it claims,
# because history shows it there.
HELD = """EXISTS (
    SELECT FROM hold h JOIN vehicle_terminal b ON b.vehicle_no = h.vehicle_no
    WHERE h.released_at IS NULL AND b.terminal_no = p.terminal_no
      AND b.period @> coalesce(p.time, p.received_at)
      AND (h.period @> coalesce(p.time, p.received_at)
           OR p.time IS NULL AND h.period @> p.own_time)
)"""
ROW_ORDER = "terminal_no, time, time_raw, digest, received_at, writer_no, batch_n, row_n"


async def sha256_of(session: AsyncSession, query: str) -> str:
    """Return the SHA-256 of PostgreSQL's COPY text of a query, hexadecimal; streamed."""
    digest = hashlib.sha256()
    raw = await (await session.connection()).get_raw_connection()
    connection = raw.driver_connection
    assert isinstance(connection, AsyncConnection)
    async with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        async for block in copy:
            digest.update(block)
    return digest.hexdigest()


async def delete_rows(sessions: Sessions, erasure: Erasure, rows: dict[str, str]) -> Counts:
    """Delete rows by table, `rows` being what follows FROM; journal and return how many."""
    counts: dict[str, int] = {}
    before = {"before": erasure.before}
    async with transaction(sessions) as session:
        await lock_retention(session)
        for table, condition in rows.items():
            count = text(f"SELECT count(*) FROM {condition}")  # noqa: S608 - our own names
            counts[table] = await session.scalar(count, before) or 0
            if not erasure.dry_run and counts[table]:
                await session.execute(text(f"DELETE FROM {condition}"), before)  # noqa: S608
        if not erasure.dry_run:
            record_erasure(session, erasure, counts)
    return counts
