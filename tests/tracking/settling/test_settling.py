"""A settled day says what it said before, sorted and without repeats; nobody waits for it."""

import asyncio
import random
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fleet.retention.kinds import DataKind
from fleet.retention.running import Erasure
from kit.clock import day_start, shanghai_day
from kit.database import Sessions, sqlstate, transaction
from tests.tracking.conftest import NOW
from tests.tracking.received import Looker, received, running_ingest, store
from tests.tracking.settling.conftest import (
    PARTITION,
    START,
    TOLD,
    YESTERDAY,
    day_rows,
    in_heap_order,
    send_through_two,
)
from tracking.retention.tracks import erase_tracks
from tracking.settling import store as settling
from tracking.settling.days import SettlingRules
from tracking.settling.settler import make_days, settle_day, settle_step

TODAY = shanghai_day(NOW)
RULES = SettlingRules(ahead_days=2, behind_days=1)
STANDING = """
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'position'::regclass ORDER BY 1
"""
ADMIN_SHUTDOWN = "57P01"
NOTED = "SELECT positions, repeats, late_since IS NOT NULL FROM settled_day"


async def test_days_are_made_ahead_with_what_an_open_day_needs(
    sessions: Sessions, looker: Looker
) -> None:
    await make_days(sessions, NOW, RULES)
    await make_days(sessions, NOW, RULES)
    names = [name for (name,) in await looker.rows(STANDING)]
    assert names == [
        *(f"position_{date(2026, 10, 31) + timedelta(days=n):%Y%m%d}" for n in range(4)),
        "position_doubtful",
    ]
    made = (
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'position_20261103' ORDER BY indexname"
    )
    by_terminal, by_time = [definition for (definition,) in await looker.rows(made)]
    assert by_terminal.endswith('btree (terminal_no, "time")')
    assert by_time.endswith('brin ("time")')


async def test_a_day_with_repeats_of_two_gateways_says_the_same_before_and_after(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    await send_through_two(database_url, day_rows(400), random.Random(seed))
    before = await looker.rows(TOLD)
    assert before[0][0] == 800
    assert await settle_day(sessions, YESTERDAY, NOW)
    assert await looker.rows(TOLD) == before
    heap = await in_heap_order(looker)
    assert len(heap) == 800, "repeats are out"
    assert heap == sorted(heap), "sorted by terminal and time"
    assert await looker.rows(NOTED) == [(800, 80, False)]


async def test_a_settled_partition_is_an_ordinary_one_with_its_own_indexes(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    await store(database_url, day_rows(5))
    for _ in range(2):
        assert await settle_day(sessions, YESTERDAY, NOW)
        bounds = (
            "SELECT pg_get_expr(relpartbound, oid) FROM pg_class"
            f" WHERE oid = '{PARTITION}'::regclass"
        )
        assert START.strftime("%Y-%m-%d %H") in await looker.value(bounds)
        indexes = await looker.rows(
            f"SELECT indexname FROM pg_indexes WHERE tablename = '{PARTITION}' ORDER BY 1"
        )
        assert indexes == [(f"{PARTITION}_{of}",) for of in ("cell", "terminal", "time")]
        constraints = "SELECT count(*) FROM pg_constraint WHERE conname = 'in_its_day'"
        assert await looker.value(constraints) == 0
    left = await looker.value("SELECT count(*) FROM pg_class WHERE relname LIKE 'settling\\_2%'")
    assert left == 0


async def test_what_arrives_while_a_day_is_settled_is_kept_and_waits_for_nobody(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    await store(database_url, day_rows(50))
    async with (
        running_ingest(database_url) as ingest,
        asyncio.timeout(20),
        transaction(sessions) as session,
    ):
        assert await settling.is_settler(session)
        copy = await settling.build_copy(session, YESTERDAY)
        await ingest.submit(day_rows(10, since=50))
        held = await settling.carry_over(session, copy)
        await ingest.submit(day_rows(10, terminals=(2, 3), since=60))
        # A repeat of what the copy has, and a row of another day.
        await ingest.submit(day_rows(1) + day_rows(1, since=8640))
        await settling.hold_positions(session)
        during = ingest.submit(day_rows(5, terminals=(4,)))
        last = await settling.carry_over(session, held)
        assert not during.done()
        await settling.put_in_place(session, last, late=True, now=NOW)
        assert (copy.positions, held.positions, last.positions) == (100, 120, 142)
        await session.commit()
        await during
    assert await looker.value(f"SELECT count(*) FROM {PARTITION}") == 142 + 5
    assert await looker.value(f"{TOLD.replace('positions_once', PARTITION)}") == 147
    assert (await looker.rows(TOLD))[0][0] == 120 + 20 + 2 + 5


async def test_late_rows_let_the_day_be_settled_anew_after_a_while(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    await store(database_url, day_rows(20))
    await settle_step(sessions, NOW, RULES)
    assert await looker.rows(NOTED) == [(40, 0, False)]
    await store(database_url, day_rows(5, since=10) + day_rows(3, terminals=(7,), since=2))
    assert await looker.value("SELECT count(*) FROM positions_once") == 43
    await settle_step(sessions, NOW, RULES)
    assert await looker.rows(NOTED) == [(40, 0, True)]
    await settle_step(sessions, NOW + timedelta(minutes=59), RULES)
    assert await looker.rows(NOTED) == [(40, 0, True)]
    before = await looker.rows(TOLD)
    await settle_step(sessions, NOW + timedelta(minutes=60), RULES)
    assert await looker.rows(NOTED) == [(43, 10, False)]
    assert await looker.rows(TOLD) == before
    heap = await in_heap_order(looker)
    assert heap == sorted(heap)
    # Rows of today touch no settled day, and days far off none at all.
    await store(database_url, day_rows(3, since=8640))
    await settle_step(sessions, NOW + timedelta(hours=2), RULES)
    assert await looker.rows(NOTED) == [(43, 10, False)]


async def test_readers_at_work_make_the_settler_wait_and_not_the_others(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    await store(database_url, day_rows(10))
    async with sessions() as reader, reader.begin():
        await reader.execute(text("SELECT count(*) FROM positions_once"))
        assert not await settle_day(sessions, YESTERDAY, NOW, attempts=2)
        await store(database_url, day_rows(1, since=10))
    assert await looker.rows(NOTED) == []
    assert await settle_day(sessions, YESTERDAY, NOW)
    assert await looker.rows(NOTED) == [(22, 0, False)]


async def test_two_settlers_do_not_meet(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    await store(database_url, day_rows(50))
    done = await asyncio.gather(*(settle_step(sessions, NOW, RULES) for _ in range(3)))
    assert done == [False] * 3
    await settle_step(sessions, NOW, RULES)
    assert await looker.rows(NOTED) == [(100, 0, False)]


# Ends the settler's own connection at the n-th of its changes of tables, at its note that the day
# is settled, or, deferred, at its commit: a sequence counts on through what is rolled back.
DYING = """
    CREATE TABLE dies (at_n bigint NOT NULL);
    INSERT INTO dies VALUES (0);
    CREATE SEQUENCE change_n;
    CREATE FUNCTION die_at_a_change() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('change_n') = (SELECT at_n FROM dies) THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
        END IF;
    END $$;
    CREATE FUNCTION die_at_a_row() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('change_n') = (SELECT at_n FROM dies) THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
        END IF;
        RETURN new;
    END $$;
    CREATE TRIGGER dies_at_the_note BEFORE INSERT ON settled_day
        FOR EACH ROW EXECUTE FUNCTION die_at_a_row();
    CREATE CONSTRAINT TRIGGER dies_at_the_commit AFTER INSERT ON settled_day
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die_at_a_row();
    CREATE EVENT TRIGGER dies_at_a_change ON ddl_command_end EXECUTE FUNCTION die_at_a_change();
"""
AT_LEAST_CHANGES = 10


async def test_a_settler_killed_at_each_of_its_steps_loses_and_doubles_nothing(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    await send_through_two(database_url, day_rows(200), random.Random(seed))
    await looker.rows(DYING)
    killed = sent = 0
    async with running_ingest(database_url) as ingest:
        while True:
            await looker.rows("SELECT setval('change_n', 1, false)")
            await looker.rows(f"UPDATE dies SET at_n = {killed + 1}")
            settling_it = asyncio.create_task(settle_day(sessions, YESTERDAY, NOW))
            await ingest.submit(day_rows(1, terminals=(1, 2, 9), since=200 + killed))
            sent += 3
            before = await looker.rows(TOLD)
            assert before[0][0] == 400 + sent
            (ended,) = await asyncio.gather(settling_it, return_exceptions=True)
            if ended is True:
                break
            assert isinstance(ended, DBAPIError)
            assert sqlstate(ended) == ADMIN_SHUTDOWN
            killed += 1
            assert await looker.rows(TOLD) == before
            assert await looker.rows(NOTED) == []
    assert killed > AT_LEAST_CHANGES, "every change of a table is a step, and so are note and end"
    assert await looker.rows(TOLD) == before
    assert await looker.value("SELECT count(*) FROM settled_day") == 1


async def test_a_doubtful_repeat_of_a_settled_position_still_counts_for_nothing(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    rows = day_rows(20)
    far = timedelta(days=400)
    stale = [received(row.position, row.received_at + far) for row in rows[:5]]
    future = [received(row.position, row.received_at - far) for row in rows[5:8]]
    assert not [row for row in stale + future if row.time]
    await store(database_url, rows + rows[:10] + stale + future)
    before = await looker.rows(TOLD)
    assert before[0][0] == 40
    doubtful = "SELECT count(*) FROM positions_once WHERE time IS NULL"
    assert await looker.value(doubtful) == len(future)
    assert await settle_day(sessions, YESTERDAY, NOW)
    # Settling compares within the day: what stays doubtful is left out by the view, as before.
    assert await looker.value(f"SELECT count(*) FROM {PARTITION}") == 40
    assert await looker.value("SELECT count(*) FROM ONLY position_doubtful") == 8
    assert await looker.rows(TOLD) == before


async def test_a_day_that_retention_erases_is_settled_no_more(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    await store(database_url, day_rows(10))
    assert await settle_day(sessions, YESTERDAY, NOW)
    counts = await erase_tracks(sessions, Erasure(DataKind.TRACKS, day_start(TODAY), NOW, False))
    assert counts["position"] == 20
    assert await looker.rows(NOTED) == []
    assert PARTITION not in {name for (name,) in await looker.rows(STANDING)}


async def test_a_settler_at_work_keeps_retention_away_from_its_day(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    await store(database_url, day_rows(10))
    async with transaction(sessions) as session:
        copy = await settling.build_copy(session, YESTERDAY)
        erasure = Erasure(DataKind.TRACKS, day_start(TODAY), NOW, False)
        assert (await erase_tracks(sessions, erasure))["position"] == 0
        await settling.hold_positions(session)
        await settling.put_in_place(session, copy, late=False, now=NOW)
    assert (await looker.rows(TOLD))[0][0] == 20


async def test_a_newer_reading_of_a_position_stays_beside_the_older_one(
    database_url: str, sessions: Sessions, looker: Looker
) -> None:
    await store(database_url, day_rows(3))
    columns = await looker.value(
        "SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) FROM"
        " information_schema.columns WHERE table_name = 'position'"
    )
    newer = columns.replace("decode_version", "2").replace("batch_n", "batch_n + 100")
    await looker.rows(f"INSERT INTO position ({columns}) SELECT {newer} FROM {PARTITION}")
    await looker.rows(
        "INSERT INTO superseded_reading SELECT terminal_no, time_raw, digest, 2"
        f" FROM {PARTITION} GROUP BY 1, 2, 3"
    )
    before = await looker.rows(TOLD)
    assert await settle_day(sessions, YESTERDAY, NOW)
    assert await looker.rows(TOLD) == before
    readings = f"SELECT decode_version, count(*) FROM {PARTITION} GROUP BY 1 ORDER BY 1"
    assert await looker.rows(readings) == [(1, 6), (2, 6)]


@pytest.mark.parametrize("hour", [0, 23.9999])
async def test_the_edges_of_a_day_stay_in_it(
    database_url: str, sessions: Sessions, looker: Looker, hour: float
) -> None:
    rows = day_rows(1, since=int(hour * 360))
    await store(database_url, rows)
    assert await settle_day(sessions, YESTERDAY, NOW)
    assert await looker.value(f"SELECT min(time) FROM {PARTITION}") >= day_start(YESTERDAY)
    assert await looker.value("SELECT count(*) FROM positions_once") == 2
