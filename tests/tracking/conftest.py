"""Properties run on busy machines: an example may take as long as it takes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from hypothesis import settings

from kit.database import Sessions, open_engine, open_sessions, transaction
from tests.support.world import World, build_world

settings.register_profile("tracking", deadline=None)
settings.load_profile("tracking")

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    """The maker of sessions on a fresh database."""
    engine = open_engine(database_url)
    yield open_sessions(engine)
    await engine.dispose()


@pytest.fixture
async def world(sessions: Sessions) -> World:
    """The seeded world at a fixed noon in Beijing, committed."""
    async with transaction(sessions) as session:
        return await build_world(session, NOW)
