"""The application over the fresh database, and clients of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from kit.database import Sessions
from kit.settings import Settings
from tests.support.apps import app_over
from tests.support.world import client_of


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a demo system, so that the invented plates are accepted."""
    return Settings(database_url=database_url, data_dir=tmp_path, demo=True, log_in_attempts=3)


@pytest.fixture
def app(settings: Settings, sessions: Sessions) -> FastAPI:
    """The application over the fresh database."""
    return app_over(settings, sessions)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is not logged in."""
    async with client_of(app) as one:
        yield one
