"""Properties run on busy machines: an example may take as long as it takes."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import settings

from gateway.http.app import create_app
from kit.database import Sessions
from kit.settings import Settings
from tests.support.world import World, client_of, log_in
from tests.tracking.noon import NOW as NOW
from tests.tracking.received import Looker, looking_at

settings.register_profile("tracking", deadline=None)
settings.load_profile("tracking")


@pytest.fixture
def world_now() -> datetime:
    """A fixed noon in Beijing."""
    return NOW


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    """A connection that looks at what was stored."""
    async with looking_at(database_url) as one:
        yield one


@pytest.fixture
async def client(
    database_url: str, sessions: Sessions, world: World, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor who looks at tracks for a case."""
    told = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    async with client_of(create_app(told, sessions=sessions)) as one:
        await log_in(one, "supervisor")
        case = {"purpose": "case", "reference": "核〔2026〕9"}
        begun = await one.post("/api/v1/sittings", json=case)
        begun.raise_for_status()
        yield one
