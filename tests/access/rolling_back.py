"""The application over one connection whose every request is undone, so that all meet one world."""

import asyncio
from contextlib import AsyncExitStack
from types import TracebackType

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection, async_sessionmaker
from starlette.types import Receive, Scope, Send

from kit.database import Sessions
from kit.settings import Settings
from tests.support.apps import app_over
from tests.support.engines import reused_engine


class RollingBack:
    """An ASGI application: what a request commits is seen by itself alone."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.required_database_url
        self._held = AsyncExitStack()
        self._connection: AsyncConnection | None = None
        self._one_at_a_time = asyncio.Lock()
        self._sessions: Sessions = async_sessionmaker(
            expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        self.app: FastAPI = app_over(settings, self._sessions)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request and undo it."""
        async with self._one_at_a_time:
            connection = await self._connected()
            undone = await connection.begin()
            try:
                await self.app(scope, receive, send)
            finally:
                await undone.rollback()

    async def __aenter__(self) -> "RollingBack":
        await self._connected()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._held.aclose()

    async def _connected(self) -> AsyncConnection:
        if self._connection is None:
            engine = await self._held.enter_async_context(reused_engine(self._url))
            self._connection = await self._held.enter_async_context(engine.connect())
            self._sessions.configure(bind=self._connection)
        return self._connection
