"""Work and its end: finished before it is told to stop, or stopped though it tries again."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


def is_ending() -> bool:
    """Return whether the running task was cancelled.

    A database driver that is interrupted may raise an error of its own in the cancellation's
    place; who tried again then would never end. Work outside of any loop is never cancelled.
    """
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.cancelling() > 0


async def pause(seconds: float) -> None:
    """Sleep between two turns of work that goes on until it is cancelled.

    A cancellation that was lost within the turn, because a library between raised nothing in its
    place, ends the task here: otherwise whoever waits for its end would wait for ever.
    """
    if is_ending():
        raise asyncio.CancelledError
    await asyncio.sleep(seconds)


async def to_its_end(work: Coroutine[object, object, T]) -> T:
    """Do `work`; a cancellation is passed on only when it is done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
