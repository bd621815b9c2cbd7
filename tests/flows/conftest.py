"""A running system around the small seeded world, shared by the tests of a module."""

import asyncio
from collections.abc import Iterator

import pytest

from kit.clock import utc_now
from kit.database import open_engine, open_sessions, transaction
from kit.servers import EmbeddedValkey
from tests.support.servers import TemplateDatabases
from tests.support.system import RunningSystem, running_system
from tests.support.world import World, build_world


@pytest.fixture(scope="module")
def seeded_database(template_databases: TemplateDatabases) -> Iterator[tuple[str, World]]:
    """A migrated database with the seeded world in it."""
    url = template_databases.create()
    yield url, asyncio.run(_seed(url))
    template_databases.drop(url)


@pytest.fixture(scope="module")
def world(seeded_database: tuple[str, World]) -> World:
    """The seeded world."""
    return seeded_database[1]


@pytest.fixture(scope="module")
def system(
    seeded_database: tuple[str, World], valkey_server: EmbeddedValkey
) -> Iterator[RunningSystem]:
    """The door, the API and the worker on the seeded world."""
    with running_system(
        seeded_database[0], valkey_server.url(), settings={"GONGCHE_POSITION_FUTURE_S": "900"}
    ) as running:
        yield running


async def _seed(url: str) -> World:
    engine = open_engine(url)
    async with transaction(open_sessions(engine)) as session:
        world = await build_world(session, utc_now())
    await engine.dispose()
    return world
