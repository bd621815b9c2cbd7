"""A fresh database with the seeded world, the application over it, and everybody logged in."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import settings as examples

from fleet.access import token_digest
from fleet.tables import LogIn, Person
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.settings import Settings
from tests.dispatch.office import Office
from tests.support.apps import app_over
from tests.support.world import World, client_of

# Others work on the same processors: an example may take as long as it takes.
examples.register_profile("dispatch", deadline=None)
examples.load_profile("dispatch")


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
def app(database_url: str, sessions: Sessions, tmp_path: Path) -> FastAPI:
    """The application over the fresh database."""
    settings = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    return app_over(settings, sessions)


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
