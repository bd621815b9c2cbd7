"""A door on a free port of loopback, in the seeded world."""

from collections.abc import AsyncIterator

import pytest

from gateway.terminals.door import TerminalDoor
from kit.bus import Bus
from kit.database import Sessions
from kit.metrics import new_registry
from kit.settings import Settings
from tests.support.world import World
from tests.tracking.received import Looker, looking_at


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    """Somebody who looks into the database."""
    async with looking_at(database_url) as one:
        yield one


@pytest.fixture
def settings(database_url: str, redis_url: str) -> Settings:
    """Settings of a small door: few defects make a flood."""
    return Settings(
        database_url=database_url, redis_url=redis_url, jt808_port=0, link_defects_limit=20
    )


@pytest.fixture
async def door(
    settings: Settings, sessions: Sessions, world: World, redis_url: str
) -> AsyncIterator[TerminalDoor]:
    """An open door."""
    bus = Bus(redis_url)
    async with TerminalDoor(settings, sessions, bus, new_registry()) as one:
        yield one
    await bus.close()
