"""Whether a task is being ended, for those who try again whatever fails."""

import asyncio


def is_ending() -> bool:
    """Return whether the running task was cancelled.

    A database driver that is interrupted may raise an error of its own in the cancellation's
    place; who tried again then would never end.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
