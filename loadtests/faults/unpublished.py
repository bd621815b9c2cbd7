"""The instant between commit and publish, held open: what is published waits at the bus."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from redis import Redis

from loadtests.waiting import eventually

_LONGEST_MS = 600_000


@contextmanager
def publishing_held(bus_url: str) -> Iterator[Callable[[], None]]:
    """Let writes to the bus wait for the block's time.

    Yields a function that returns when no writer waits any more: those that were killed meanwhile
    have never published.
    """
    with Redis.from_url(bus_url) as bus:
        bus.client_pause(_LONGEST_MS, all=False)
        try:
            yield lambda: eventually(lambda: not _writers(bus), what="the end of waiting writers")
        finally:
            bus.client_unpause()


def _writers(bus: Redis) -> list[str]:
    return [one["id"] for one in bus.client_list() if one["cmd"] == "xadd"]
