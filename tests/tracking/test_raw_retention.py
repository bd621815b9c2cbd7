"""Raw bodies go when their time is over, a day at a time; the positions say what they said."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from fleet.retention.kinds import DataKind
from fleet.retention.running import Erasure
from fleet.tables import Hold, JournalEntry, VehicleTerminal
from kit.clock import day_start
from kit.database import Sessions, transaction
from tests.support.world import World
from tests.tracking.conftest import NOW
from tests.tracking.received import Looker, looking_at, position, received, store
from tests.tracking.settling.conftest import (
    PARTITION,
    START,
    YESTERDAY,
    day_rows,
    in_heap_order,
    send_through_two,
)
from tracking.path.positions import JudgedPosition
from tracking.retention.raw_frames import erase_raw_frames
from tracking.settling.settler import settle_day

DAY = timedelta(days=1)
BEFORE = day_start(YESTERDAY) + DAY
# All but the raw body.
SAID = """
    SELECT terminal_no, time, own_time, time_raw, digest, received_at, writer_no, batch_n, row_n,
           latitude, longitude, altitude_m, speed_kmh, course_deg, odometer_m, acc, fixed, alarm,
           status, reasons, backfilled, cell, decode_version
    FROM positions_once ORDER BY terminal_no, time, time_raw, digest
"""
RAW = "SELECT count(*) FROM positions_once WHERE raw <> ''"
LEFT = "SELECT raw_left FROM settled_day"


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    async with looking_at(database_url) as one:
        yield one


@pytest.fixture
async def no(world: World, sessions: Sessions) -> int:
    """The terminal of the vehicle a1, bound to it long since."""
    async with transaction(sessions) as session:
        for binding in await session.scalars(select(VehicleTerminal)):
            binding.period = Range(START - 400 * DAY, None, bounds="[)")
    return world.terminals["a1"].no


def rows_of(no: int, count: int = 300) -> list[JudgedPosition]:
    """A day's positions of this terminal and of one in no vehicle."""
    return day_rows(count, terminals=(no, 90))


async def hold(sessions: Sessions, world: World, hours: float) -> Hold:
    """Hold a1's first hours of the day."""
    async with transaction(sessions) as session:
        placed = Hold(
            case_number="（2026）纪调字第2号",
            reason="试验",
            organisation_no=world.organisations["a"].no,
            vehicle_no=world.vehicles["a1"].no,
            period=Range(START, START + timedelta(hours=hours), bounds="[)"),
            placed_at=NOW,
        )
        session.add(placed)
    return placed


async def erase(sessions: Sessions, *, dry_run: bool = False) -> tuple[int, int]:
    counts = await erase_raw_frames(sessions, Erasure(DataKind.RAW_FRAMES, BEFORE, NOW, dry_run))
    return counts["position_raw"], counts["position_raw_held"]


async def test_raw_bodies_go_and_what_was_read_from_them_stays(
    database_url: str, sessions: Sessions, looker: Looker, no: int
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    recent = received(position(NOW - timedelta(minutes=5), no))
    await send_through_two(database_url, rows_of(no), rng)
    await store(database_url, [recent], "a third")
    said = await looker.rows(SAID)
    assert await erase(sessions, dry_run=True) == (660, 0), "repeats have raw bodies too"
    assert await looker.value(RAW) == 601
    assert await erase(sessions) == (660, 0)
    assert await looker.value(RAW) == 1
    assert await looker.rows(SAID) == said
    assert await looker.rows(LEFT) == [(0,)]
    heap = await in_heap_order(looker)
    assert heap == sorted(heap)
    assert len(heap) == 600
    # The day is done: it isn't rewritten again, nor counted.
    node = f"SELECT relfilenode FROM pg_class WHERE relname = '{PARTITION}'"
    lies = await looker.value(node)
    assert await erase(sessions) == (0, 0)
    assert await looker.value(node) == lies


async def test_the_journal_holds_the_digest_of_the_bodies_that_went(
    database_url: str, sessions: Sessions, looker: Looker, no: int
) -> None:
    await store(database_url, rows_of(no, 20))
    lines = [
        f"{terminal_no}\t{time:%Y-%m-%d %H:%M:%S}+00\t{time_raw}\t{digest}\t\\\\x{raw.hex()}\n"
        for terminal_no, time, time_raw, digest, raw in await looker.rows(
            "SELECT terminal_no, time, time_raw, digest, raw FROM positions_once"
            " ORDER BY terminal_no, time, time_raw, digest"
        )
    ]
    await erase(sessions)
    async with sessions() as session:
        entry = await session.scalar(
            select(JournalEntry).where(JournalEntry.action == "retention.erase")
        )
    assert entry is not None
    told = entry.after
    assert told is not None
    assert (told["kind"], told["day"]) == ("raw_frames", YESTERDAY.isoformat())
    assert told["counts"] == {"position_raw": 40, "position_raw_held": 0}
    assert told["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest()


async def test_held_rows_keep_their_raw_body_until_released(
    database_url: str, sessions: Sessions, world: World, looker: Looker, no: int
) -> None:
    await store(database_url, rows_of(no))
    placed = await hold(sessions, world, hours=0.5)
    kept = "SELECT terminal_no, time, raw FROM positions_once WHERE raw <> '' ORDER BY 1, 2"
    held = f"{kept.replace('ORDER', f'AND terminal_no = {no} ORDER')} LIMIT 180"
    before = await looker.rows(held)
    assert len(before) == 180
    assert await erase(sessions) == (420, 180)
    assert await looker.rows(kept) == before
    assert await looker.rows(LEFT) == [(180,)]
    assert await erase(sessions) == (0, 180)
    async with transaction(sessions) as session:
        (await session.merge(placed)).released_at = NOW
    assert await erase(sessions) == (180, 0)
    assert await looker.value(RAW) == 0


async def test_late_rows_of_an_erased_day_lose_their_bodies_in_the_next_run(
    database_url: str, sessions: Sessions, looker: Looker, no: int
) -> None:
    await store(database_url, rows_of(no, 10))
    await erase(sessions)
    await store(database_url, day_rows(5, terminals=(no,), since=50))
    assert await settle_day(sessions, YESTERDAY, NOW)
    assert await looker.value(RAW) == 5
    said = await looker.rows(SAID)
    assert await erase(sessions) == (5, 0)
    assert (await looker.value(RAW), await looker.rows(SAID)) == (0, said)
    # Settled anew without late rows, a repeat of an erased body says nothing new.
    await store(database_url, rows_of(no, 10))
    assert await looker.rows(SAID) == said


async def test_a_doubtful_positions_raw_body_goes_by_its_receipt_unless_held(
    database_url: str, sessions: Sessions, world: World, looker: Looker, no: int
) -> None:
    await hold(sessions, world, hours=0.5)
    for at in (START - DAY, NOW):
        await store(database_url, [received(position(at + 900 * DAY, no), at)])
    # A clock that was reset, received in the held half hour.
    await store(database_url, [received(position(datetime(2000, 1, 1, tzinfo=UTC), no), START)])
    counts = await erase_raw_frames(sessions, Erasure(DataKind.RAW_FRAMES, BEFORE, NOW, False))
    assert counts["position_doubtful_raw"] == 1
    left = await looker.rows("SELECT received_at FROM positions_once WHERE raw <> '' ORDER BY 1")
    assert left == [(START,), (NOW,)]


async def test_a_day_in_use_keeps_its_raw_bodies_until_the_next_run(
    database_url: str, sessions: Sessions, looker: Looker, no: int
) -> None:
    await store(database_url, rows_of(no, 10))
    async with looking_at(database_url) as settler, settler.connection.transaction():
        await settler.rows("SELECT pg_advisory_xact_lock(hashtext('gongche.settling'))")
        assert await erase(sessions) == (0, 0)
    assert await asyncio.gather(erase(sessions), erase(sessions)) in (
        [(20, 0), (0, 0)],
        [(0, 0), (20, 0)],
    )
    assert await looker.value(RAW) == 0
