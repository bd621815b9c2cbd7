"""Acknowledged means committed, whatever the rows and the server do."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from kit.log import JsonLines
from tests.tracking.conftest import NOW
from tests.tracking.received import (
    Looker,
    every_second,
    looking_at,
    position,
    received,
    running_ingest,
    soon,
)
from tracking.path import store as position_store
from tracking.path.batches import Quarantined
from tracking.path.columns import PositionColumns

ONCE = "SELECT count(*) FROM positions_once"
KEPT = "SELECT count(*) FROM position"
DAY = "SELECT ensure_position_day('2026-11-01')"
POISON = "ALTER TABLE position ADD CONSTRAINT no_poison CHECK (altitude_m <> 666) NOT VALID"


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    async with looking_at(database_url) as one:
        yield one


def frame(reason: str = "unknown terminal", plate: str | None = None) -> Quarantined:
    return Quarantined(NOW, "jt808", "13900009999", "127.0.0.1", reason, b"\x7e", True, plate)


async def test_an_answer_means_that_the_rows_are_committed(
    database_url: str, looker: Looker
) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(3))
        assert await looker.value(ONCE) == 3
        assert await looker.rows("SELECT n, positions FROM position_batch") == [(1, 3)]
        assert await looker.rows("SELECT last_n FROM position_writer") == [(1,)]


async def test_nothing_is_answered_while_the_commit_waits(
    database_url: str, looker: Looker
) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(1))
        async with looker.connection.transaction():
            await looker.rows("LOCK TABLE position IN ACCESS EXCLUSIVE MODE")
            done = ingest.submit(every_second(2))
            await soon(lambda: _blocked(database_url))
            assert not done.done()
        await done


async def test_what_arrives_during_a_commit_goes_into_the_next(
    database_url: str, looker: Looker
) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(1))
        async with looker.connection.transaction():
            await looker.rows("LOCK TABLE position IN ACCESS EXCLUSIVE MODE")
            first = ingest.submit([received(position(NOW))])
            await soon(lambda: _blocked(database_url))
            later = [
                ingest.submit([received(position(NOW - timedelta(hours=n)))]) for n in range(1, 41)
            ]
        await asyncio.gather(first, *later)
        assert await looker.rows("SELECT n, positions FROM position_batch ORDER BY n") == [
            (1, 1),
            (2, 1),
            (3, 40),
        ]


async def test_a_batch_holds_no_more_positions_than_the_setting(
    database_url: str, looker: Looker
) -> None:
    async with running_ingest(database_url, batch_positions=10) as ingest:
        await asyncio.gather(*(ingest.submit([row]) for row in every_second(25)))
        sizes = await looker.rows("SELECT positions FROM position_batch ORDER BY n")
        assert sum(size for (size,) in sizes) == 25
        assert max(size for (size,) in sizes) <= 10


async def test_one_poison_row_among_5000_is_quarantined_and_the_rest_is_stored(
    database_url: str, looker: Looker
) -> None:
    await looker.rows(DAY)
    await looker.rows(POISON)
    rows = every_second(5_000)
    rows[3_210] = received(position(NOW - timedelta(seconds=7, minutes=200), altitude_m=666))
    async with running_ingest(database_url) as ingest:
        answers = [ingest.submit(rows[n : n + 50]) for n in range(0, 5_000, 50)]
        await asyncio.gather(*answers)
        assert await looker.value(ONCE) == 4_999
        assert await looker.value(KEPT) == 4_999
        assert await looker.rows("SELECT reason, raw FROM quarantined_frame") == [
            ("refused by the database (23514)", rows[3_210].position.raw)
        ]
        await ingest.submit([received(position(NOW, altitude_m=1))])
        assert await looker.value(ONCE) == 5_000


async def test_values_that_fit_no_column_cost_only_their_row(
    database_url: str, looker: Looker
) -> None:
    wide = received(replace(position(NOW), odometer_m=2**70))
    async with running_ingest(database_url) as ingest:
        await ingest.submit([*every_second(2), wide])
        assert await looker.value(ONCE) == 2
        assert await looker.value("SELECT count(*) FROM quarantined_frame") == 1


async def test_a_strangers_plate_of_any_bytes_stops_nobody(
    database_url: str, looker: Looker
) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit((), [frame(plate="示A\0\udc80"), frame()])
        await ingest.submit(every_second(1))
        assert await looker.value(ONCE) == 1
        assert await looker.rows("SELECT claimed_plate, frames FROM unknown_terminal") == [
            ("示A�?", 2)
        ]


async def test_quarantined_frames_among_poison_are_kept_once(
    database_url: str, looker: Looker
) -> None:
    await looker.rows(DAY)
    await looker.rows(POISON)
    rows = [*every_second(3), received(position(NOW, altitude_m=666))]
    async with running_ingest(database_url) as ingest:
        await ingest.submit(rows, [frame("one"), frame("two")])
        reasons = await looker.rows("SELECT reason FROM quarantined_frame ORDER BY reason")
        assert [r for (r,) in reasons] == ["one", "refused by the database (23514)", "two"]


async def test_a_refused_position_is_logged_by_batch_and_terminal_and_not_quoted(
    database_url: str, looker: Looker, caplog: pytest.LogCaptureFixture
) -> None:
    await looker.rows(DAY)
    await looker.rows(POISON)
    poison = received(position(NOW, altitude_m=666))
    async with running_ingest(database_url) as ingest:
        await ingest.submit([poison])
        (line,) = [r for r in caplog.records if r.levelname == "ERROR"]
        (batch,) = await looker.rows("SELECT writer_no, n FROM position_batch")
        assert ingest.state.refused == 1
    said = json.loads(JsonLines("gateway").format(line))
    assert said["message"] == "the database refused a position"
    assert said["batch"] == f"{batch[0]}/{batch[1]}"
    assert said["terminal_no"] == poison.position.terminal_no
    assert (said["sqlstate"], said["error"]) == ("23514", "CheckViolation")
    assert said.keys() - {"at", "level", "process", "from", "message"} == {
        *("writer", "batch", "terminal_no", "sqlstate", "error"),
    }


async def test_what_is_counted_is_what_was_done(database_url: str, looker: Looker) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(3))
        await ingest.submit(every_second(2))
        state = ingest.state
        assert (state.positions, state.batches, ingest.waiting) == (5, 2, 0)
        assert (state.commit_s.count, state.batch_positions.sum) == (2, 5.0)
        assert await looker.value("SELECT sum(positions) FROM position_batch") == 5


async def test_a_day_dropped_meanwhile_is_made_again(database_url: str, looker: Looker) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(2))
        await looker.rows("DROP TABLE position_20261101")
        await ingest.submit(every_second(3))
        assert await looker.value(ONCE) == 3
        assert await looker.value("SELECT count(*) FROM quarantined_frame") == 0


async def test_a_killed_connection_loses_and_doubles_nothing(
    database_url: str, looker: Looker
) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(1))
        rows = every_second(600)
        for start in range(0, 600, 50):
            answers = [ingest.submit([row]) for row in rows[start : start + 50]]
            await looker.end_writers()
            await asyncio.gather(*answers)
        assert await looker.value(ONCE) == 600
        assert ingest.state.failures > 0


async def test_a_server_that_refuses_is_asked_again(database_url: str, looker: Looker) -> None:
    name = await looker.value("SELECT current_database()")
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(1))
        async with await psycopg.AsyncConnection.connect(
            looker.connection.info.dsn.replace(name, "postgres"),
            password=looker.connection.info.password,
            autocommit=True,
        ) as elsewhere:
            await elsewhere.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            await looker.end_writers()
            done = ingest.submit(every_second(5))
            await soon(lambda: ingest.state.failures >= 2)
            assert not done.done()
            await elsewhere.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
        await done
        assert await looker.value(ONCE) == 5


async def test_a_server_that_only_reads_is_tried_until_it_writes(
    database_url: str, looker: Looker
) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(1))
        name = await looker.value("SELECT current_database()")
        await looker.rows(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        await looker.end_writers()
        done = ingest.submit(every_second(2))
        await soon(lambda: ingest.state.failures >= 2)
        assert not done.done()
        await looker.rows("SET default_transaction_read_only = off")
        await looker.rows(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        await done
        assert await looker.value(ONCE) == 2


async def test_a_commit_of_unknown_outcome_is_counted_once(
    database_url: str, looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = position_store.commit_batch
    lost: list[int] = []

    async def commit_and_lose_the_answer(
        connection: position_store.Connection,
        writer_no: int,
        n: int,
        rows: PositionColumns,
        quarantined: Sequence[Quarantined],
    ) -> None:
        await honest(connection, writer_no, n, rows, quarantined)
        if n == 2:
            lost.append(n)
            await looker.end_writers()
            await connection.execute("SELECT 1")

    monkeypatch.setattr(position_store, "commit_batch", commit_and_lose_the_answer)
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(1))
        await ingest.submit([received(position(NOW, twin=n)) for n in range(7)])
        await ingest.submit([received(position(NOW, twin=9))])
        assert lost == [2]
        assert await looker.value(ONCE) == 9
        batches = await looker.rows("SELECT n FROM position_batch ORDER BY n")
        assert [n for (n,) in batches] == [1, 2, 3, 4]


async def test_a_batch_number_that_turns_out_taken_costs_no_row(
    database_url: str, looker: Looker
) -> None:
    async with running_ingest(database_url) as ingest:
        await ingest.submit(every_second(1))
        # An attempt that was given up while the server hung, committed after the next began.
        await looker.rows(
            "INSERT INTO position_batch (writer_no, n, positions, terminal_nos, first_times,"
            " last_times) SELECT no, 2, 0, '{}', '{}', '{}' FROM position_writer"
        )
        await ingest.submit(every_second(4))
        assert await looker.value(ONCE) == 4
        assert await looker.value("SELECT count(*) FROM quarantined_frame") == 0


async def test_a_server_that_hangs_stalls_the_path_and_a_probe_finds_it_back(
    database_url: str, looker: Looker
) -> None:
    happened: list[str] = []

    def stalled() -> None:
        happened.append("stalled")
        ingest.give_up()

    await looker.rows(DAY)
    async with running_ingest(
        database_url,
        patience_s=0.3,
        on_stalled=stalled,
        on_recovered=lambda: happened.append("recovered"),
    ) as ingest:
        await ingest.submit(every_second(1))
        async with looker.connection.transaction():
            await looker.rows("LOCK TABLE position_batch, position IN ACCESS EXCLUSIVE MODE")
            done = ingest.submit(every_second(2))
            await soon(lambda: ingest.state.stalled)
            await soon(done.done)
            assert done.cancelled()
        await soon(lambda: not ingest.state.stalled)
        assert happened == ["stalled", "recovered"]
        await ingest.submit(every_second(2))
        assert await looker.value(ONCE) == 2


async def test_closing_while_the_database_is_away_ends(database_url: str, looker: Looker) -> None:
    await looker.rows(DAY)
    async with running_ingest(
        database_url, patience_s=0.2, on_stalled=lambda: ingest.give_up()
    ) as ingest:
        await ingest.submit(every_second(1))
        async with looker.connection.transaction():
            await looker.rows("LOCK TABLE position_batch, position IN ACCESS EXCLUSIVE MODE")
            ingest.submit(every_second(2))
            await soon(lambda: ingest.state.stalled)
            late = ingest.submit(every_second(2))
            ingest.close()
            await soon(late.done)
            assert late.cancelled()


async def test_a_bus_that_hangs_delays_no_answer(database_url: str, looker: Looker) -> None:
    hints: list[tuple[int, int]] = []
    answering = asyncio.Event()

    async def hang(writer_no: int, n: int) -> None:
        hints.append((writer_no, n))
        await answering.wait()

    async with running_ingest(database_url, publish=hang) as ingest:
        for n in range(1, 4):
            await ingest.submit(every_second(n))
        assert await looker.value(ONCE) == 3
        answering.set()
        await soon(lambda: [n for _, n in hints] == [1, 3])


async def test_closing_commits_what_was_submitted(database_url: str, looker: Looker) -> None:
    async with running_ingest(database_url) as ingest:
        answers = [ingest.submit([row]) for row in every_second(30)]
    assert all(one.done() and one.exception() is None for one in answers)
    assert await looker.value(ONCE) == 30


async def test_batches_are_numbered_without_gaps_whatever_was_refused(
    database_url: str, looker: Looker
) -> None:
    await looker.rows(DAY)
    await looker.rows(POISON)
    async with running_ingest(database_url, batch_positions=7) as ingest:
        rows = [
            replace(row, position=replace(row.position, altitude_m=666 if n % 9 == 0 else 1))
            for n, row in enumerate(every_second(40))
        ]
        await asyncio.gather(*(ingest.submit([row]) for row in rows))
    numbers = [n for (n,) in await looker.rows("SELECT n FROM position_batch ORDER BY n")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert await looker.value("SELECT sum(positions) FROM position_batch") == 35
    unmatched: Any = await looker.value(
        "SELECT count(*) FROM position p LEFT JOIN position_batch b"
        " ON (b.writer_no, b.n) = (p.writer_no, p.batch_n) WHERE b.n IS NULL"
    )
    assert unmatched == 0


async def _blocked(url: str) -> bool:
    async with looking_at(url) as other:
        waiting: int = await other.value("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return waiting > 0
