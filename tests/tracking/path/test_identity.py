"""Identity of a position: counted once, the earliest receipt wins, only its partition is read."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.tracking.conftest import NOW
from tests.tracking.received import Looker, looking_at, position, received, store

ROOT = Path(__file__).parents[3]
ROOMS = ("kit", "fleet", "tracking", "dispatch", "audit", "gateway", "demo")
BARE_TABLE = re.compile(
    r"\b(from|join|into|update|copy|table|truncate|only)\s+(only\s+)?\"?position\"?(?![\w.])",
    re.IGNORECASE,
)


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    async with looking_at(database_url) as one:
        yield one


async def test_repeats_by_another_batch_writer_and_process_count_once(
    database_url: str, looker: Looker
) -> None:
    sent = position(NOW)
    row = received(sent)
    await store(database_url, [row, row], "one process")
    await store(database_url, [row], "the same after a restart")
    await store(database_url, [received(sent, NOW + timedelta(seconds=9))], "another")
    assert await looker.value("SELECT count(*) FROM position") == 4
    assert await looker.value("SELECT count(*) FROM positions_once") == 1


async def test_the_earliest_receipt_wins_whenever_it_was_stored(
    database_url: str, looker: Looker
) -> None:
    sent = position(NOW)
    for seconds in (20, 5, 60):
        await store(database_url, [received(sent, NOW + timedelta(seconds=seconds))])
    receipts = await looker.rows("SELECT received_at FROM positions_once")
    assert receipts == [(NOW + timedelta(seconds=5),)]


async def test_equal_times_with_other_contents_are_other_positions(
    database_url: str, looker: Looker
) -> None:
    rows = [received(position(NOW, twin=n)) for n in range(3)]
    rows.append(received(position(NOW, 2)))
    await store(database_url, rows * 2)
    assert await looker.value("SELECT count(*) FROM positions_once") == 4


async def test_doubtful_times_are_kept_apart_and_counted_once(
    database_url: str, looker: Looker
) -> None:
    rows = [received(position(time)) for time in (None, NOW + timedelta(days=2))]
    await store(database_url, rows * 2)
    kept = await looker.rows("SELECT time, own_time FROM positions_once ORDER BY own_time")
    assert kept == [(None, NOW + timedelta(days=2)), (None, None)]
    assert await looker.value("SELECT count(*) FROM ONLY position_doubtful") == 4


async def test_terminal_and_time_reach_the_scan_of_one_partition(
    database_url: str, looker: Looker
) -> None:
    days = [NOW - timedelta(days=n) for n in range(5)]
    await store(database_url, [received(position(day)) for day in days])
    plan = "\n".join(
        line
        for (line,) in await looker.rows(
            "EXPLAIN SELECT * FROM positions_once WHERE terminal_no = 1"
            " AND time >= '2026-10-31T04:00Z' AND time < '2026-10-31T05:00Z'"
        )
    )
    assert set(re.findall(r"position_\w+", plan)) == {"position_20261031"} or set(
        re.findall(r" on (position_\d+)", plan)
    ) == {"position_20261031"}
    assert "terminal_no = 1" in plan


def test_nobody_reads_or_writes_the_bare_table() -> None:
    allowed = ROOT / "tracking" / "path" / "store.py"
    guilty = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != allowed
        for found in BARE_TABLE.finditer(path.read_text())
        if found.group(1).islower() is False
    ]
    assert guilty == []
    assert BARE_TABLE.search(allowed.read_text()), "the search finds what it is to find"


async def test_what_first_came_from_the_future_stays_doubtful_when_it_comes_again(
    database_url: str, looker: Looker
) -> None:
    sent = position(NOW + timedelta(hours=1))
    await store(database_url, [received(sent, NOW)])
    await store(database_url, [received(sent, NOW + timedelta(hours=2))])
    assert await looker.value("SELECT count(*) FROM position") == 2
    assert await looker.rows("SELECT time, received_at FROM positions_once") == [(None, NOW)]
