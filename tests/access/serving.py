"""The application in which nothing lasts, served on loopback by a thread of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from kit.settings import Settings
from tests.access.rolling_back import RollingBack
from tests.support.waiting import eventually


@contextmanager
def rolling_server(settings: Settings) -> Iterator[str]:
    """Yield the address of the API; what a request changes is gone with its answer."""
    server = uvicorn.Server(
        uvicorn.Config(
            RollingBack(settings),
            host="127.0.0.1",
            port=0,
            log_config=None,
            # The live feed would need connections of its own.
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        eventually(lambda: server.started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
