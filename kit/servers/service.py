"""An embedded server as a service of the supervisor."""

import asyncio
from typing import Protocol

_POLL_S = 0.2


class EmbeddedServer(Protocol):
    """What EmbeddedPostgres and EmbeddedValkey have in common; their calls block."""

    def start(self) -> None:
        """Return when it answers; raises ServerError."""
        ...

    def stop(self) -> None:
        """Stop it; does nothing when it doesn't run."""
        ...

    def is_running(self) -> bool:
        """Return whether it lives."""
        ...


class ServerService:
    """Keeps an embedded server under the supervisor, its blocking calls in threads."""

    def __init__(self, name: str, server: EmbeddedServer) -> None:
        self.name = name
        self._server = server

    async def start(self) -> None:
        """Start the server; a cancelled start is waited for, so that no stop overtakes it."""
        starting = asyncio.ensure_future(asyncio.to_thread(self._server.start))
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.wait({starting})
            raise

    async def ended(self) -> str:
        """Wait until the server has died."""
        while self._server.is_running():  # noqa: ASYNC110 - a process sets no event
            await asyncio.sleep(_POLL_S)
        return "has died"

    async def stop(self) -> None:
        """Stop the server."""
        await asyncio.to_thread(self._server.stop)
