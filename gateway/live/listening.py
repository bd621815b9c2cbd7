"""What the database tells at a commit, and never before (LISTEN)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import Sessions

_CLOSES_S = 5.0
Connection = AsyncConnection[tuple[object, ...]]


@asynccontextmanager
async def listening(sessions: Sessions, channel: str) -> AsyncIterator[Connection]:
    """Yield a connection that hears `channel`; it leads where the sessions do, outside their pool.

    Raises OperationalError or SQLAlchemyError, here or while it is used, when it fails.
    """
    async with await _opened(sessions) as connection:
        await connection.set_autocommit(True)
        await connection.execute(f"LISTEN {channel}".encode())
        yield connection


async def _opened(sessions: Sessions) -> Connection:
    """Return a connection of its own; whoever is cancelled meanwhile closes it first.

    A handshake that is broken off keeps its socket, and the database a process that waits for it a
    minute, until somebody collects the garbage.
    """
    opening = asyncio.ensure_future(_open(sessions))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        with suppress(Exception):
            async with asyncio.timeout(_CLOSES_S):
                await (await opening).close()
        raise


async def _open(sessions: Sessions) -> Connection:
    engine = sessions.kw["bind"]
    assert isinstance(engine, AsyncEngine)
    async with engine.connect() as pooled:
        proxied = await pooled.get_raw_connection()
        connection = proxied.driver_connection
        assert isinstance(connection, AsyncConnection)
        proxied.detach()
    return connection
