"""A fresh database with the seeded world, the application over it, and clients of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from gateway.http.app import create_app
from kit.clock import utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction
from kit.settings import Settings
from tests.support.world import World, build_world, client_of


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    """The maker of sessions on a fresh database."""
    engine = open_engine(database_url)
    yield open_sessions(engine)
    await engine.dispose()


@pytest.fixture
async def world(sessions: Sessions) -> World:
    """The seeded world, committed."""
    async with transaction(sessions) as session:
        return await build_world(session, utc_now())


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a demo system, so that the invented plates are accepted."""
    return Settings(database_url=database_url, data_dir=tmp_path, demo=True, log_in_attempts=3)


@pytest.fixture
def app(settings: Settings, sessions: Sessions) -> FastAPI:
    """The application over the fresh database."""
    return create_app(settings, sessions=sessions)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is not logged in."""
    async with client_of(app) as one:
        yield one
