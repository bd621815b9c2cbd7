"""Waiting for what another process does."""

import time
from collections.abc import Callable


class NeverCameTrue(AssertionError):
    """It never came true."""


def eventually(condition: Callable[[], bool], within_s: float = 20.0, what: str = "it") -> None:
    """Return as soon as `condition()` holds. Raises NeverCameTrue when it doesn't in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise NeverCameTrue(f"{what} never came true")
        time.sleep(0.02)
