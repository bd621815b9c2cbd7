"""Identity of a position: counted once, the earliest receipt wins, only its partition is read."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from tests.tracking.conftest import NOW
from tests.tracking.received import RULES, Looker, looking_at, position, received, store
from tracking.path.judgement import ROLLOVER
from tracking.path.positions import judged

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


DAY = timedelta(days=1)
FUTURE, FIRST, AGAIN, STALE = NOW - DAY, NOW, NOW + DAY, NOW + 400 * DAY


@pytest.mark.parametrize("own_time", [NOW, NOW - ROLLOVER], ids=["its own", "repaired"])
@pytest.mark.parametrize(
    ("receipts", "shown"),
    [
        ((FIRST, STALE), (NOW, FIRST)),
        ((FIRST, AGAIN, STALE), (NOW, FIRST)),
        ((FUTURE, FIRST), (None, FUTURE)),
        ((FUTURE, FIRST, STALE), (None, FUTURE)),
    ],
)
async def test_the_earliest_receipt_wins_however_each_was_judged_and_in_any_order(
    database_url: str,
    looker: Looker,
    own_time: datetime,
    receipts: Sequence[datetime],
    shown: tuple[datetime | None, datetime],
) -> None:
    for twin, order in enumerate(permutations(receipts)):
        sent = position(own_time, twin=twin)
        rows = [received(sent, at) for at in order]
        assert {row.time is None for row in rows} == {True, False}
        for row in rows:
            await store(database_url, [row])
        found = await looker.rows(
            f"SELECT time, received_at FROM positions_once WHERE digest = {sent.digest}"
        )
        assert found == [shown], order
        # Whoever asks for the other kind by its time alone is told nothing.
        other = "IS NULL" if shown[0] else "IS NOT NULL"
        assert (
            await looker.value(
                "SELECT count(*) FROM positions_once WHERE terminal_no = 1"
                f" AND digest = {sent.digest} AND time {other}"
            )
            == 0
        )


async def test_a_superseded_reading_hides_nothing(database_url: str, looker: Looker) -> None:
    """The old reading was doubtful, or it was dated; the new one is the other."""
    sent = position(NOW), position(NOW + DAY, twin=1)
    for one, (old, new) in zip(sent, ((FUTURE, FIRST), (FIRST + DAY, STALE + DAY)), strict=True):
        newer = replace(one, decode_version=2)
        await store(database_url, [received(one, old), judged(newer, new, RULES)])
        await looker.rows(
            "INSERT INTO superseded_reading (terminal_no, time_raw, digest, decode_version)"
            f" VALUES (1, {one.time_raw}, {one.digest}, 2)"
        )
    shown = "SELECT time, received_at, decode_version FROM positions_once ORDER BY time"
    assert await looker.rows(shown) == [(NOW, FIRST, 2), (None, STALE + DAY, 2)]


async def test_a_doubtful_row_is_looked_for_in_one_day_and_by_its_identity(
    database_url: str, looker: Looker
) -> None:
    await store(database_url, [received(position(NOW - n * DAY)) for n in range(5)])
    await store(database_url, [received(position(NOW - DAY), STALE)])
    async with looker.connection.transaction():
        assert await looker.value("SELECT count(*) FROM positions_once WHERE time IS NULL") == 0
        locked = (
            "SELECT DISTINCT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid()"
            " AND relation::regclass::text ~ '^position_[0-9]+$'"
        )
        assert await looker.rows(locked) == [("position_20261031",)]
    async with looker.connection.transaction():
        await looker.rows("SET LOCAL enable_seqscan = off")
        plan = await looker.rows(
            "EXPLAIN SELECT * FROM positions_once WHERE terminal_no = 1"
            " AND time >= '2026-10-31T04:00Z' AND time < '2026-10-31T05:00Z'"
        )
    assert [line for (line,) in plan if "ix_position_doubtful_identity" in line]
