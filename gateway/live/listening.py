"""What the database tells at a commit, and never before (LISTEN)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import Sessions


@asynccontextmanager
async def listening(
    sessions: Sessions, channel: str
) -> AsyncIterator[AsyncConnection[tuple[object, ...]]]:
    """Yield a connection that hears `channel`; it leads where the sessions do, outside their pool.

    Raises OperationalError or SQLAlchemyError, here or while it is used, when it fails.
    """
    engine = sessions.kw["bind"]
    assert isinstance(engine, AsyncEngine)
    async with engine.connect() as pooled:
        proxied = await pooled.get_raw_connection()
        connection = proxied.driver_connection
        assert isinstance(connection, AsyncConnection)
        proxied.detach()
    async with connection:
        await connection.set_autocommit(True)
        await connection.execute(f"LISTEN {channel}".encode())
        yield connection
