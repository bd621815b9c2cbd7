"""Engines that outlive their test: the statements of one test are compiled for all that follow.

An engine remembers what it has compiled, and compiling costs ten times what running does here.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import Sessions, driver_url, open_engine, open_sessions


class _Engine:
    """An engine whose next connections lead to whichever database it is turned to."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = open_engine(url)
        self._place: dict[str, object] = {}
        event.listen(self.engine.sync_engine, "do_connect", self._lead)
        self.turn_to(url)

    def turn_to(self, url: str) -> None:
        """Let every connection from now on lead to the database at `url`."""
        _, self._place = self.engine.dialect.create_connect_args(make_url(driver_url(url)))

    def _lead(
        self, _dialect: object, _record: object, _positional: object, named: dict[str, object]
    ) -> None:
        named.update(self._place)


_idle: list[_Engine] = []


@asynccontextmanager
async def reused_engine(url: str) -> AsyncIterator[AsyncEngine]:
    """Yield an engine of the database at `url`; at the end it has no connection left."""
    one = _idle.pop() if _idle else _Engine(url)
    one.turn_to(url)
    try:
        yield one.engine
    finally:
        # A new pool: connections and their waiting belong to the event loop of one test.
        await one.engine.dispose()
        _idle.append(one)


@asynccontextmanager
async def reused_sessions(url: str) -> AsyncIterator[Sessions]:
    """Yield the maker of sessions on the database at `url`, over such an engine."""
    async with reused_engine(url) as engine:
        yield open_sessions(engine)
