"""A fresh database for each test, with the seeded world in it where the test asks for one.

Building the world takes 200 statements: it is built once, and the database that holds it copied.
"""

import asyncio
import pickle
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import pytest

from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.support.engines import reused_sessions
from tests.support.servers import TemplateDatabases
from tests.support.world import World, build_world

# A world whose now is the clock's is built again when it is older than this.
_FRESH_S = 20.0


@dataclass(frozen=True, slots=True)
class Seeded:
    """A template database with the world in it."""

    template: str
    pickled: bytes
    built_at_s: float

    def world(self) -> World:
        """Return the world in it, for one test alone."""
        world: World = pickle.loads(self.pickled)
        return world


class SeededDatabases:
    """The templates of this process: one for each instant that tests call now."""

    def __init__(self, databases: TemplateDatabases) -> None:
        self._databases = databases
        self._built: dict[datetime | None, Seeded] = {}

    def at(self, now: datetime | None) -> Seeded:
        """Return the template of the world at `now`; None is a whole second of the last twenty."""
        known = self._built.get(now)
        aged = now is None and known and time.monotonic() - known.built_at_s > _FRESH_S
        if known is None or aged:
            self._built[now] = self._build(now)
        return self._built[now]

    def _build(self, now: datetime | None) -> Seeded:
        pickled = b""

        def fill(url: str) -> None:
            nonlocal pickled
            at = now or utc_now().replace(microsecond=0)
            # In a thread of its own: some tests keep an event loop running in this one.
            with ThreadPoolExecutor(1) as pool:
                pickled = pickle.dumps(pool.submit(asyncio.run, _commit_world(url, at)).result())

        return Seeded(self._databases.derive(fill), pickled, time.monotonic())


async def _commit_world(url: str, now: datetime) -> World:
    async with reused_sessions(url) as sessions, transaction(sessions) as session:
        return await build_world(session, now)


@pytest.fixture(scope="session")
def seeded_databases(template_databases: TemplateDatabases) -> SeededDatabases:
    """Databases with the seeded world."""
    return SeededDatabases(template_databases)


@pytest.fixture
def world_now() -> datetime | None:
    """The instant that the world calls now; None is the clock's. Folders have others."""
    return None


@pytest.fixture
def seeded(seeded_databases: SeededDatabases, world_now: datetime | None) -> Seeded:
    """The template of this test's database; who asks for it, or for the world, gets a copy."""
    return seeded_databases.at(world_now)


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, template_databases: TemplateDatabases
) -> Iterator[str]:
    """The URL of a fresh, migrated database for one test; the world is in it if asked for."""
    seeded = request.getfixturevalue("seeded") if "seeded" in request.fixturenames else None
    url = template_databases.create(seeded.template if seeded else None)
    yield url
    template_databases.drop(url)


@pytest.fixture
def world(seeded: Seeded) -> World:
    """The seeded world, committed."""
    return seeded.world()


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    """The maker of sessions on the fresh database."""
    async with reused_sessions(database_url) as maker:
        yield maker
