"""The worker: late data, bindings, leases and jumps of progress, against a real database."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.tables import Terminal, VehicleTerminal
from fleet.terminals.bindings import add_terminal, bind_terminal, end_binding
from kit.database import Sessions, transaction
from kit.log import JsonLines
from tests.support.world import World
from tests.tracking.conftest import NOW
from tests.tracking.driven import commute, new_worker, sent_by, standing, work_off
from tests.tracking.received import (
    Looker,
    looking_at,
    position,
    received,
    running_ingest,
    soon,
    store,
)
from tracking.behind import writers_behind
from tracking.store import Span, batches_after
from tracking.trips.following import Follower

START = NOW - timedelta(hours=3)


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    async with looking_at(database_url) as one:
        yield one


async def test_a_driven_commute_becomes_two_trips_and_three_stops(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    await store(database_url, sent_by(world.terminals["a1"].no, commute(START).rows, NOW))
    await work_off(new_worker(sessions))
    trips, stops = await standing(looker, world.vehicles["a1"].no)
    assert [trip[3] for trip in trips] == [pytest.approx(4000, 0.02), pytest.approx(2000, 0.03)]
    assert len(stops) == 3
    assert stops[-1][0].upper is None
    days = await looker.rows(
        "SELECT DISTINCT vehicle_no, day FROM changed_day WHERE cause = 'trip'"
    )
    assert days == [(world.vehicles["a1"].no, NOW.date())]


async def test_late_data_supersedes_the_trip_and_tells_the_successor(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    rows = sent_by(world.terminals["a1"].no, commute(START).rows, NOW)
    hole = slice(70, 80)
    worker = new_worker(sessions)
    await store(database_url, [*rows[: hole.start], *rows[hole.stop :]])
    await work_off(worker)
    before = await looker.rows("SELECT id FROM trip ORDER BY period")
    await store(database_url, rows[hole])
    await work_off(worker)
    after = await looker.rows("SELECT id FROM trip WHERE superseded_at IS NULL ORDER BY period")
    assert len(before) == len(after) == 2
    assert before[0] != after[0]
    assert before[1] == after[1], "a trip that late data doesn't touch is no new version"
    assert await looker.rows(
        "SELECT id, superseded_by FROM trip WHERE superseded_at IS NOT NULL"
    ) == [(*before[0], *after[0])]


async def test_repeats_make_no_new_version(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    rows = sent_by(world.terminals["a1"].no, commute(START).rows, NOW)
    worker = new_worker(sessions)
    for name in ("one process", "another"):
        await store(database_url, rows, name)
        await work_off(worker)
        await store(database_url, rows[100:200], name)
        await work_off(new_worker(sessions))
    assert await looker.value("SELECT count(*) FROM trip") == 2


async def test_after_a_restart_data_older_than_every_checkpoint_counts(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    no = world.terminals["a1"].no
    rows = sent_by(no, commute(START).rows, NOW)
    await store(database_url, rows[150:])
    await work_off(new_worker(sessions))
    await store(database_url, rows[:150])
    await work_off(new_worker(sessions))
    later = commute(START)
    later.drive(3000).rest(900)
    await store(database_url, sent_by(no, later.rows, NOW)[len(rows) :])
    await work_off(new_worker(sessions))
    trips, _ = await standing(looker, world.vehicles["a1"].no)
    stale = await looker.value("SELECT count(*) FROM trip_checkpoint WHERE state->>'last' IS NULL")
    assert [round(trip[3], -3) for trip in trips] == [4000, 2000, 3000]
    assert stale == 0


async def test_a_binding_told_later_makes_the_trips_of_its_past(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    act = Act(actor=None, now=NOW)
    async with transaction(sessions) as session:
        terminal = await add_terminal(
            session, act, phone="13911112222", organisation=world.organisations["a"]
        )
        await _unbind(session, act, world, START - timedelta(hours=1))
    worker = new_worker(sessions)
    await store(database_url, sent_by(terminal.no, commute(START).rows, NOW))
    await work_off(worker)
    assert await standing(looker, world.vehicles["a1"].no) == ([], [])
    async with transaction(sessions) as session:
        await bind_terminal(
            session,
            act,
            terminal=await session.get_one(Terminal, terminal.no),
            vehicle=world.vehicles["a1"],
            start=START - timedelta(minutes=5),
        )
    await work_off(worker)
    trips, _ = await standing(looker, world.vehicles["a1"].no)
    assert len(trips) == 2
    assert await looker.value("SELECT count(*) FROM binding_change") == 0


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_binding_ended_in_the_past_takes_its_later_trips_back(
    database_url: str, sessions: Sessions, world: World, looker: Looker, restarted: bool
) -> None:
    pen = commute(START)
    rows = sent_by(world.terminals["a1"].no, pen.rows, NOW)
    worker = new_worker(sessions)
    # In parts, so that checkpoints stand between the trips.
    for start in range(0, len(rows), 30):
        await store(database_url, rows[start : start + 30])
        await work_off(worker)
    trips, _ = await standing(looker, world.vehicles["a1"].no)
    between = trips[0][0].upper + timedelta(seconds=600)
    async with transaction(sessions) as session:
        await _unbind(session, Act(actor=None, now=NOW), world, between)
    await work_off(new_worker(sessions) if restarted else worker)
    left, stops = await standing(looker, world.vehicles["a1"].no)
    assert left == trips[:1]
    assert all(stop[0].lower < between for stop in stops)


async def test_a_clock_that_stands_still_stops_nobody(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    pen = commute(START)
    moment = pen.time_s
    for _ in range(30):
        pen.time_s = moment
        pen.go(40)
        pen.mark(50.0)
    pen.silence(3000).rest(900)
    await store(database_url, sent_by(world.terminals["a1"].no, pen.rows, NOW))
    await store(database_url, sent_by(world.terminals["b1"].no, commute(START).rows, NOW))
    await work_off(new_worker(sessions))
    for vehicle in ("a1", "b1"):
        trips, _ = await standing(looker, world.vehicles[vehicle].no)
        assert len(trips) >= 2


async def test_doubtful_positions_are_in_no_trip(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    no = world.terminals["a1"].no
    rows = sent_by(no, commute(START).rows, NOW)
    far = [
        received(position(row.time, no, lat=41.9, lon=111.9, speed_kmh=30, fixed=False, twin=n))
        for n, row in enumerate(rows)
    ]
    await store(database_url, [*rows, *far])
    await work_off(new_worker(sessions))
    trips, _ = await standing(looker, world.vehicles["a1"].no)
    assert [round(trip[3], -3) for trip in trips] == [4000, 2000]


async def test_a_worker_paused_past_its_lease_writes_nothing(
    database_url: str,
    sessions: Sessions,
    world: World,
    looker: Looker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await store(database_url, sent_by(world.terminals["a1"].no, commute(START).rows, NOW))
    paused, other = new_worker(sessions, "paused"), new_worker(sessions, "other")
    honest = Follower.follow

    async def sleep_long(
        self: Follower, session: AsyncSession, spans: list[Span], now: datetime
    ) -> None:
        await honest(self, session, spans, now)
        monkeypatch.setattr(Follower, "follow", honest)
        await looker.rows("UPDATE partition_lease SET expires_at = now() - interval '1 s'")
        await other._hold_leases()
        assert other._held == {0: 2}

    monkeypatch.setattr(Follower, "follow", sleep_long)
    assert await paused.step() is True
    assert await looker.value("SELECT count(*) FROM trip") == 0
    assert await looker.value("SELECT count(*) FROM partition_progress") == 0
    assert await paused.step() is False, "it holds nothing any more"
    await work_off(other)
    assert await looker.value("SELECT count(*) FROM trip") == 2


async def test_a_step_that_takes_longer_than_its_lease_is_written(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    worker = new_worker(sessions, lease_s=3.0)
    await store(database_url, sent_by(world.terminals["a1"].no, commute(START).rows, NOW))
    async with looking_at(database_url) as other, looker.connection.transaction():
        await looker.rows("LOCK TABLE trip IN SHARE MODE")
        step = asyncio.create_task(worker.step())
        await soon(lambda: _waits(other))
        ends = await other.value("SELECT min(expires_at) FROM partition_lease")
        await soon(lambda: _is_past(other, ends))
    await step
    assert worker.state.leases_lost == 0
    assert len((await standing(looker, world.vehicles["a1"].no))[0]) == 2


async def _waits(looker: Looker) -> bool:
    waits = "SELECT count(*) FROM pg_locks WHERE relation = 'trip'::regclass AND NOT granted"
    return bool(await looker.value(waits))


async def _is_past(looker: Looker, instant: datetime) -> bool:
    return bool(await looker.value("SELECT clock_timestamp() > %s", instant))


async def test_a_lease_that_ran_out_unnoticed_is_enough_to_write_nothing(
    database_url: str,
    sessions: Sessions,
    world: World,
    looker: Looker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await store(database_url, sent_by(world.terminals["a1"].no, commute(START).rows, NOW))
    worker = new_worker(sessions)
    honest = Follower.follow

    async def oversleep(
        self: Follower, session: AsyncSession, spans: list[Span], now: datetime
    ) -> None:
        await honest(self, session, spans, now)
        monkeypatch.setattr(Follower, "follow", honest)
        await looker.rows("UPDATE partition_lease SET expires_at = now() - interval '1 s'")

    monkeypatch.setattr(Follower, "follow", oversleep)
    assert await worker.step() is True
    assert await looker.value("SELECT count(*) FROM trip") == 0
    await work_off(worker)
    assert await looker.value("SELECT count(*) FROM trip") == 2


async def test_two_workers_share_the_partitions_and_do_everything_once(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    one, two = (new_worker(sessions, name, partitions=4) for name in ("one", "two"))
    for key in ("a1", "a2", "a3", "b1", "b2"):
        await store(database_url, sent_by(world.terminals[key].no, commute(START).rows, NOW))
        await work_off(one)
        await work_off(two)
    owners = await looker.rows("SELECT owner, count(*) FROM partition_lease GROUP BY 1 ORDER BY 1")
    assert owners == [("one", 2), ("two", 2)]
    assert await looker.value("SELECT count(*) FROM trip WHERE superseded_at IS NULL") == 10
    assert await looker.value("SELECT count(*) FROM trip") == 10


async def test_a_jump_over_many_batches_is_followed_without_any_hint(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    rows = sent_by(world.terminals["a1"].no, commute(START).rows, NOW)
    worker = new_worker(sessions)
    async with running_ingest(database_url, batch_positions=1) as ingest:
        await ingest.submit(rows[:1])
        await work_off(worker)
        for row in rows[1:]:
            await ingest.submit([row])
    await work_off(worker)
    assert len((await standing(looker, world.vehicles["a1"].no))[0]) == 2
    last = await looker.rows("SELECT n FROM partition_progress")
    assert last == await looker.rows("SELECT last_n FROM position_writer")


async def test_missing_batches_are_read_in_order_and_no_more_than_asked(
    database_url: str, sessions: Sessions
) -> None:
    moment = [received(position(NOW))]
    for name in ("one", "two"):
        async with running_ingest(database_url, name=name) as ingest:
            for _ in range(5):
                await ingest.submit(moment)
    async with transaction(sessions) as session:
        known: dict[int, int] = {1: 3}
        seen: list[tuple[int, int]] = []
        while batches := await batches_after(session, known, 2):
            assert len(batches) <= 2
            for batch in batches:
                assert batch.n == known.get(batch.writer_no, 0) + 1
                known[batch.writer_no] = batch.n
                seen.append((batch.writer_no, batch.n))
    assert sorted(seen) == [(1, 4), (1, 5), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5)]


async def _unbind(session: AsyncSession, act: Act, world: World, end: datetime) -> None:
    terminal = world.terminals["a1"]
    binding = (
        await session.scalars(
            select(VehicleTerminal).where(VehicleTerminal.terminal_no == terminal.no)
        )
    ).one()
    await end_binding(
        session, act, terminal=terminal, vehicle=world.vehicles["a1"], binding=binding, end=end
    )


async def test_a_worker_counts_what_it_has_committed_and_what_waits(
    database_url: str, sessions: Sessions, world: World, looker: Looker
) -> None:
    rows = sent_by(world.terminals["a1"].no, commute(START).rows, NOW)
    worker = new_worker(sessions)
    await store(database_url, [*rows[:70], *rows[80:]])
    writer_no = await looker.value("SELECT no FROM position_writer")
    async with transaction(sessions) as session:
        (waiting,) = await writers_behind(session, 1)
    assert (waiting.writer_no, waiting.batches) == (writer_no, 1)
    assert waiting.since == await looker.value("SELECT committed_at FROM position_batch")
    await work_off(worker)
    # The world's new bindings are followed too, once.
    first = worker.state.followed.vehicles
    await store(database_url, rows[70:80])
    await work_off(worker)
    state, followed = worker.state, worker.state.followed
    assert state.partitions_held == 1
    assert (state.batches, state.step_s.count) == (2, 2)
    assert (followed.vehicles, followed.written, followed.superseded) == (first + 1, 3, 1)
    assert followed.started >= 3
    async with transaction(sessions) as session:
        assert await writers_behind(session, 1) == []


async def test_a_vehicle_that_can_not_be_followed_is_named_with_its_batches(
    database_url: str,
    sessions: Sessions,
    world: World,
    looker: Looker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await store(database_url, sent_by(world.terminals["a1"].no, commute(START).rows, NOW))
    await looker.rows("ALTER TABLE trip ADD CONSTRAINT none CHECK (distance_m < 0)")
    caplog.handler.setFormatter(JsonLines("worker"))
    with pytest.raises(IntegrityError):
        await work_off(new_worker(sessions))
    said = json.loads(caplog.text.splitlines()[-1])
    assert said["message"] == "a vehicle could not be followed"
    assert said["vehicle_no"] == world.vehicles["a1"].no
    writer_no = await looker.value("SELECT no FROM position_writer")
    assert said["batches"] == [f"{writer_no}/1"]
