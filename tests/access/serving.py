"""The application in which nothing lasts, served on loopback by a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import Receive, Scope, Send

from kit.settings import Settings
from tests.access.rolling_back import RollingBack
from tests.support.waiting import eventually


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Stand in until the application has its connection."""


@contextmanager
def rolling_server(settings: Settings) -> Iterator[str]:
    """Yield the address of the API; what a request changes is gone with its answer."""
    server = uvicorn.Server(uvicorn.Config(_nothing, log_config=None))

    async def serve() -> None:
        async with RollingBack(settings) as app:
            # The live feed would need connections of its own, so there is no lifespan.
            server.config = uvicorn.Config(
                app,
                host="127.0.0.1",
                port=0,
                log_config=None,
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
            await server.serve()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        eventually(lambda: server.started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
