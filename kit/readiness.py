"""How a child shows that it is ready: by a line, by an open port, or by answering a question."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_POLL_S = 0.05
_CONNECT_S = 2.0


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """Ready once a line of its output contains `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadyPort:
    """Ready once a TCP connection to `host`:`port` is accepted."""

    host: str
    port: int


ReadyWhen = Callable[[], Awaitable[bool]]
Readiness = ReadyLine | ReadyPort | ReadyWhen


async def until_ready(readiness: Readiness, next_line: Callable[[], Awaitable[str]]) -> None:
    """Return when the child is ready; the caller sets the time limit.

    next_line: waits for the child's next line of output
    """
    if isinstance(readiness, ReadyLine):
        while readiness.text not in await next_line():
            pass
        return
    while not await _holds(readiness):  # noqa: ASYNC110 - another process sets no event
        await asyncio.sleep(_POLL_S)


async def _holds(readiness: ReadyPort | ReadyWhen) -> bool:
    if not isinstance(readiness, ReadyPort):
        return await readiness()
    try:
        async with asyncio.timeout(_CONNECT_S):
            _, writer = await asyncio.open_connection(readiness.host, readiness.port)
    except OSError:
        return False
    writer.close()
    return True
