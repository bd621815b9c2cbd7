"""A fresh database with the seeded world, the application over it, and everybody logged in."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from fleet.access import token_digest
from fleet.tables import LogIn, Person
from gateway.http.app import create_app
from kit.clock import utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction
from kit.settings import Settings
from tests.dispatch.office import Office
from tests.support.world import World, build_world, client_of


async def open_session_of(sessions: Sessions, person: Person) -> str:
    """Return the token of a new session; logging in by password is the register's own test."""
    token, now = secrets.token_urlsafe(32), utc_now()
    async with transaction(sessions) as session:
        session.add(
            LogIn(
                token_digest=token_digest(token),
                person_no=person.no,
                began_at=now,
                expires_at=now + timedelta(hours=1),
            )
        )
    return token


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
def app(database_url: str, sessions: Sessions, tmp_path: Path) -> FastAPI:
    """The application over the fresh database."""
    settings = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    return create_app(settings, sessions=sessions)


@pytest.fixture
async def office(app: FastAPI, world: World, sessions: Sessions) -> AsyncIterator[Office]:
    """Everybody of the world at their desk: clients are made and logged in when first asked."""
    async with AsyncExitStack() as stack:

        async def client_for(username: str) -> httpx.AsyncClient:
            client = await stack.enter_async_context(client_of(app))
            token = await open_session_of(sessions, world.people[username])
            client.headers["Authorization"] = f"Bearer {token}"
            return client

        yield Office(world, sessions, client_for)
