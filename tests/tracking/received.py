"""Positions as a door hands them in, and an ingest that commits them to a real database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import psycopg

from kit.database import plain_url
from tests.tracking.noon import NOW
from tracking.path.ingest import Ingest
from tracking.path.judgement import JudgementRules
from tracking.path.positions import JudgedPosition, Position, judged

RULES = JudgementRules(future_after=timedelta(minutes=10), stale_after=timedelta(days=366))


def position(
    time: datetime | None,
    terminal_no: int = 1,
    *,
    lat: float = 40.05,
    lon: float = 110.05,
    speed_kmh: float = 30.0,
    fixed: bool = True,
    altitude_m: int = 1000,
    twin: int = 0,
) -> Position:
    """A position as sent; `twin` tells apart positions that are equal in all else."""
    said = f"{time} {lat} {lon} {speed_kmh} {altitude_m} {twin}".encode()
    return Position(
        terminal_no=terminal_no,
        own_time=time,
        time_raw=0 if time is None else int(time.timestamp()),
        digest=int.from_bytes(blake2b(said, digest_size=8).digest(), signed=True),
        latitude=lat,
        longitude=lon,
        altitude_m=altitude_m,
        speed_kmh=speed_kmh,
        course_deg=90,
        odometer_m=None,
        acc=True,
        fixed=fixed,
        encrypted=False,
        alarm=0,
        status=3,
        backfilled=False,
        raw=said,
    )


def received(sent: Position, at: datetime = NOW) -> JudgedPosition:
    """The position as judged on its receipt."""
    return judged(sent, at, RULES)


def every_second(count: int, terminal_no: int = 1) -> list[JudgedPosition]:
    """So many positions up to now."""
    return [
        received(position(NOW - timedelta(seconds=n), terminal_no)) for n in range(count, 0, -1)
    ]


async def _nobody_listens(_writer_no: int, _n: int) -> None:
    return None


@asynccontextmanager
async def running_ingest(
    url: str,
    *,
    name: str = "test",
    patience_s: float = 30.0,
    batch_positions: int = 5_000,
    publish: Callable[[int, int], Awaitable[None]] = _nobody_listens,
    on_stalled: Callable[[], None] = lambda: None,
    on_recovered: Callable[[], None] = lambda: None,
) -> AsyncIterator[Ingest]:
    """Yield an ingest that runs; at the end it commits what waits."""
    ingest = Ingest(
        plain_url(url),
        name,
        batch_positions=batch_positions,
        patience_s=patience_s,
        publish=publish,
        on_stalled=on_stalled,
        on_recovered=on_recovered,
    )
    running = asyncio.create_task(ingest.run())
    try:
        yield ingest
    finally:
        ingest.close()
        async with asyncio.timeout(30):
            await running


async def store(url: str, rows: Sequence[JudgedPosition], name: str = "test") -> None:
    """Commit the positions by a writer of its own."""
    async with running_ingest(url, name=name) as ingest:
        await ingest.submit(rows)


async def soon(condition: Callable[[], bool | Awaitable[bool]], within_s: float = 20.0) -> None:
    """Return as soon as the condition holds; fails when it doesn't in time."""
    async with asyncio.timeout(within_s):
        while True:
            held = condition()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.01)


class Looker:
    """Looks into the database beside the code under test."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self.connection = connection

    async def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The answer to a query."""
        cursor = await self.connection.execute(query.encode(), values or None)
        return await cursor.fetchall() if cursor.description else []

    async def value(self, query: str, *values: object) -> Any:
        """The one value that a query answers."""
        return (await self.rows(query, *values))[0][0]

    async def end_writers(self) -> int:
        """End every other connection to this database, as a crash of the server would."""
        return len(
            await self.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@asynccontextmanager
async def looking_at(url: str) -> AsyncIterator[Looker]:
    """Yield a looker on a connection of its own."""
    async with await psycopg.AsyncConnection.connect(plain_url(url), autocommit=True) as one:
        yield Looker(one)
