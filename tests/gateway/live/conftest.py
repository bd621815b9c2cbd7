"""The API as a real server on loopback, over the seeded world."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from kit.database import Sessions
from kit.settings import Settings
from tests.support.apps import app_over
from tests.support.world import World
from tests.tracking.received import Looker, looking_at, soon


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    """Somebody who looks into the database."""
    async with looking_at(database_url) as one:
        yield one


@asynccontextmanager
async def serving(
    database_url: str,
    redis_url: str,
    sessions: Sessions,
    data_dir: Path,
    *,
    in_turn: bool = True,
) -> AsyncIterator[str]:
    """Yield the address (host:port) of a running API.

    in_turn: whether its live map reads vehicles in turn of which nothing is told
    """
    settings = Settings(
        database_url=database_url,
        redis_url=redis_url,
        data_dir=data_dir,
        demo=True,
        live_tick_s=0.02,
        idle_poll_s=0.2,
    )
    app = app_over(settings, sessions)
    if not in_turn:
        app.state.feed.register.in_turn_every_s = None
    running = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            log_config=None,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
        )
    )
    task = asyncio.create_task(running.serve())
    await soon(lambda: running.started)
    yield f"127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    await task


@pytest.fixture
async def server(
    database_url: str, redis_url: str, sessions: Sessions, world: World, tmp_path: Path
) -> AsyncIterator[str]:
    """The address of an API over the seeded world."""
    async with serving(database_url, redis_url, sessions, tmp_path) as address:
        yield address


@pytest.fixture
async def http(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running API."""
    async with httpx.AsyncClient(base_url=f"http://{server}") as client:
        yield client
