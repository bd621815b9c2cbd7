"""A closed day of two terminals, sent by two gateways with a tenth of it twice."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from kit.clock import day_start, shanghai_day
from tests.tracking.conftest import NOW
from tests.tracking.received import Looker, looking_at, position, received, store
from tracking.path.positions import JudgedPosition

YESTERDAY = shanghai_day(NOW) - timedelta(days=1)
START = day_start(YESTERDAY)
PARTITION = f"position_{YESTERDAY:%Y%m%d}"
TOLD = """
    SELECT count(*), sum(speed_kmh), min(received_at), max(received_at),
           md5(string_agg(o::text, ',' ORDER BY terminal_no, time, time_raw, digest))
    FROM positions_once o
"""


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    async with looking_at(database_url) as one:
        yield one


def day_rows(
    count: int, *, terminals: tuple[int, ...] = (1, 2), since: int = 0
) -> list[JudgedPosition]:
    """So many positions of each terminal, every ten seconds from the day's start."""
    return [
        received(
            position(START + timedelta(seconds=10 * (since + n)), no, lat=40 + (since + n) / 1e5)
        )
        for n in range(count)
        for no in terminals
    ]


async def send_through_two(url: str, rows: list[JudgedPosition], rng: random.Random) -> None:
    """Commit the rows in any order by two writers; a tenth comes through both."""
    rng.shuffle(rows)
    middle = len(rows) // 2
    again = [
        received(row.position, row.received_at + timedelta(seconds=rng.randint(-5, 5)))
        for row in rng.sample(rows, len(rows) // 10)
    ]
    await store(url, rows[:middle], "one gateway")
    await store(url, rows[middle:] + again, "another")


async def in_heap_order(looker: Looker) -> list[tuple[int, object]]:
    """(terminal, time) of the day's rows as they lie in their partition."""
    return [
        (no, time)
        for no, time in await looker.rows(
            f"SELECT terminal_no, time FROM {PARTITION} ORDER BY ctid"
        )
    ]
