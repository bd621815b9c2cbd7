"""Puts the small world into a database that processes will use."""

import asyncio

from kit.clock import utc_now
from kit.database import open_engine, open_sessions, transaction
from tests.support.world import World, build_world


def seed(url: str) -> World:
    """Commit the world, as it is now, to the migrated database at `url`."""
    return asyncio.run(_seed(url))


async def _seed(url: str) -> World:
    engine = open_engine(url)
    try:
        async with transaction(open_sessions(engine)) as session:
            return await build_world(session, utc_now())
    finally:
        await engine.dispose()
