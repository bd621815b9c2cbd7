"""A feed that is told to end ends, whatever the database makes of the interruption."""

import asyncio

import pytest
from sqlalchemy.exc import InvalidRequestError

from gateway.live.feed import LiveFeed
from kit.database import Sessions
from tracking.live.fleet import LiveFleet


class Interrupted(LiveFeed):
    """A feed whose driver makes an error of its own of every interruption."""

    async def step(self) -> None:
        """Wait to be interrupted."""
        self.stepping.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as end:
            raise InvalidRequestError("interrupted") from end

    stepping: asyncio.Event


async def test_a_feed_that_is_interrupted_in_a_question_ends(sessions: Sessions) -> None:
    feed = Interrupted(sessions, None, LiveFleet(), tick_s=0.02, idle_s=0.2)
    feed.stepping = asyncio.Event()
    running = asyncio.create_task(feed.run())
    async with asyncio.timeout(20):
        await feed.stepping.wait()
        running.cancel()
        with pytest.raises(InvalidRequestError):
            await running
