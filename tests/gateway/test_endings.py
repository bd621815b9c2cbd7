"""Work that tries again whatever fails ends when it is told to, whatever its driver answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.exc import InvalidRequestError

from dispatch.automatic.worker import AutoDispatcher
from dispatch.roads.in_use import MapInUse
from dispatch.roads.speeds.following import SpeedsFollower
from gateway.cli.auto_dispatch_process import dispatch_by_itself
from gateway.http.watching import HealthWatch, Seen
from gateway.live.counters import LiveCounters
from kit.database import Sessions, open_engine, open_sessions
from kit.settings import Settings

ENDS_WITHIN_S = 10


class Interrupted:
    """A question to a driver that makes an error of its own of the first interruption."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.interrupted = False

    async def ask(self) -> None:
        """Wait to be interrupted."""
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as end:
            if self.interrupted:
                raise
            self.interrupted = True
            raise InvalidRequestError("interrupted") from end


def nowhere() -> Sessions:
    """Sessions of a database that nobody asks."""
    return open_sessions(open_engine("postgresql://nobody@127.0.0.1:1/none"))


def speeds(question: Interrupted, folder: Path) -> Coroutine[None, None, None]:
    class Follower(SpeedsFollower):
        async def look(self) -> None:
            await question.ask()

    return Follower(nowhere(), MapInUse(folder)).run()


def health(question: Interrupted, folder: Path) -> Coroutine[None, None, None]:
    class Watch(HealthWatch):
        async def look(self) -> Seen:
            await question.ask()
            raise AssertionError

    return Watch(Settings(data_dir=folder), nowhere(), None, LiveCounters()).run()


def auto_dispatch(question: Interrupted, _folder: Path) -> Coroutine[None, None, None]:
    class Dispatcher:
        async def step(self) -> None:
            await question.ask()

    return dispatch_by_itself(
        cast(AutoDispatcher, Dispatcher()), lambda _error: None, (InvalidRequestError,)
    )


@pytest.mark.parametrize("work", [speeds, health, auto_dispatch])
async def test_work_that_is_interrupted_in_a_question_ends(
    work: Callable[[Interrupted, Path], Coroutine[None, None, None]], tmp_path: Path
) -> None:
    question = Interrupted()
    running = asyncio.create_task(work(question, tmp_path))
    async with asyncio.timeout(ENDS_WITHIN_S):
        await question.asked.wait()
    running.cancel()
    ended, _ = await asyncio.wait({running}, timeout=ENDS_WITHIN_S)
    running.cancel()
    assert ended
    with pytest.raises(InvalidRequestError):
        await running
