"""Positions whose time is over go by whole days; what a case holds stays and is still seen."""

import hashlib
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range

from fleet.retention.kinds import DataKind, horizon
from fleet.retention.running import Erasure
from fleet.retention.store import erased_before
from fleet.tables import Hold, JournalEntry, VehicleTerminal
from kit.clock import day_start, shanghai_day
from kit.database import Sessions, open_engine, transaction
from tests.support.system import ROOT
from tests.support.world import World
from tests.tracking.conftest import NOW
from tests.tracking.received import Looker, looking_at, position, received, store
from tracking.retention.tracks import erase_tracks

DAY = timedelta(days=1)
OLD = day_start(shanghai_day(NOW)) - 1200 * DAY  # a Shanghai midnight
BEFORE = horizon(1096, NOW)
PARTITIONS = (
    "SELECT count(*) FROM pg_inherits WHERE inhparent = 'position'::regclass "
    "AND inhrelid <> 'position_doubtful'::regclass"
)


@pytest.fixture
async def looker(database_url: str) -> AsyncIterator[Looker]:
    async with looking_at(database_url) as one:
        yield one


@pytest.fixture
async def held(database_url: str, sessions: Sessions, world: World) -> Hold:
    """Two old days of two vehicles and a recent one; the noon of a1's first day is held."""
    async with transaction(sessions) as session:
        # The terminals were bound to their vehicles in those days already.
        for binding in await session.scalars(select(VehicleTerminal)):
            binding.period = Range(OLD - DAY, None, bounds="[)")
        hold = Hold(
            case_number="（2026）纪调字第1号",
            reason="试验",
            organisation_no=world.organisations["a"].no,
            vehicle_no=world.vehicles["a1"].no,
            period=Range(OLD + timedelta(hours=6), OLD + timedelta(hours=18), bounds="[)"),
            placed_at=NOW,
        )
        session.add(hold)
    rows = []
    for day in (OLD, OLD + DAY, NOW - DAY):
        for key in ("a1", "a2"):
            for hour in range(0, 24, 3):
                time = day + timedelta(hours=hour)
                rows.append(received(position(time, world.terminals[key].no), time))
    await store(database_url, rows)
    return hold


async def erase(sessions: Sessions, *, dry_run: bool = False) -> dict[str, int]:
    erasure = Erasure(DataKind.TRACKS, BEFORE, NOW, dry_run)
    return dict(await erase_tracks(sessions, erasure))


async def test_a_dry_run_counts_and_erases_nothing(
    sessions: Sessions, held: Hold, looker: Looker
) -> None:
    counts = await erase(sessions, dry_run=True)
    assert (counts["position"], counts["position_held"]) == (28, 4)
    assert await looker.value("SELECT count(*) FROM positions_once") == 48
    async with sessions() as session:
        assert await erased_before(session, DataKind.TRACKS) is None


async def test_old_days_go_and_what_is_held_is_still_seen_until_released(
    sessions: Sessions, world: World, held: Hold, looker: Looker
) -> None:
    days = await looker.value(PARTITIONS)
    held_rows = (
        "SELECT terminal_no, time, raw FROM positions_once WHERE time < '2024-01-01' "
        f"AND terminal_no = {world.terminals['a1'].no} "
        f"AND time >= '{OLD + timedelta(hours=6)}' AND time < '{OLD + timedelta(hours=18)}' "
        "ORDER BY time"
    )
    before = await looker.rows(held_rows)
    counts = await erase(sessions)
    assert (counts["position"], counts["position_held"]) == (28, 4)
    assert await looker.rows(held_rows) == before
    assert await looker.value("SELECT count(*) FROM positions_once WHERE time < '2024-01-01'") == 4
    assert await looker.value("SELECT count(*) FROM positions_once") == 4 + 16
    assert await looker.value(PARTITIONS) == days - 1
    again = await erase(sessions)
    assert (again["position"], again["position_held"]) == (0, 4)
    # The held day is an ordinary partition still: its maker finds it, its rows go on release.
    await looker.rows(f"SELECT ensure_position_day('{shanghai_day(OLD)}')")
    async with transaction(sessions) as session:
        (await session.merge(held)).released_at = NOW
    assert (await erase(sessions))["position"] == 4
    assert await looker.value(PARTITIONS) == days - 2
    async with sessions() as session:
        assert await erased_before(session, DataKind.TRACKS) == BEFORE


async def test_the_journal_holds_counts_and_the_digest_of_what_went(
    sessions: Sessions, held: Hold, looker: Looker, database_url: str
) -> None:
    name = f"position_{shanghai_day(OLD + DAY):%Y%m%d}"
    engine = open_engine(database_url)
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        told = hashlib.sha256()
        query = (
            f"COPY (SELECT * FROM {name} ORDER BY terminal_no, time, time_raw, digest, "
            "received_at, writer_no, batch_n, row_n) TO STDOUT"
        )
        async with raw.driver_connection.cursor() as cursor, cursor.copy(query) as copy:
            async for block in copy:
                told.update(block)
    await engine.dispose()
    await erase(sessions)
    async with sessions() as session:
        entries = await session.scalars(
            select(JournalEntry)
            .where(JournalEntry.action == "retention.erase")
            .order_by(JournalEntry.no)
        )
        facts = [entry.after for entry in entries if entry.after and "day" in entry.after]
    assert [fact["day"] for fact in facts] == [
        shanghai_day(OLD).isoformat(),
        shanghai_day(OLD + DAY).isoformat(),
    ]
    assert [fact["counts"] for fact in facts] == [
        {"position": 12, "position_held": 4},
        {"position": 16, "position_held": 0},
    ]
    assert facts[1]["sha256"] == told.hexdigest()


async def test_a_day_in_use_stays_until_the_next_run(
    sessions: Sessions, held: Hold, looker: Looker
) -> None:
    name = f"position_{shanghai_day(OLD + DAY):%Y%m%d}"
    async with sessions() as reader, reader.begin():
        await reader.execute(text(f"SELECT 1 FROM {name} LIMIT 1"))
        counts = await erase(sessions)
    assert counts["position"] == 12
    assert (await erase(sessions))["position"] == 16


async def test_doubtful_positions_go_by_their_receipt_unless_held(
    sessions: Sessions, world: World, held: Hold, database_url: str, looker: Looker
) -> None:
    noon, before = OLD + timedelta(hours=12), OLD - DAY / 2
    # Whatever a clock says that was reset, put forward or is unreadable, the receipt is held.
    clocks = [datetime(1970, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC), noon + DAY, None]
    rows = [received(position(own, world.terminals["a1"].no), noon) for own in clocks]
    # Received before the held period: held only for the time that they claim.
    for key, own in (("a1", noon), ("a2", noon), ("a1", noon + DAY)):
        rows.append(received(position(own, world.terminals[key].no), before))
    # Received in the held period of another vehicle's terminal.
    rows.append(received(position(None, world.terminals["a2"].no), noon))
    await store(database_url, rows)
    assert await looker.value("SELECT count(*) FROM ONLY position_doubtful") == 8
    counts = await erase(sessions)
    assert counts["position_doubtful"] == 3
    left = "SELECT terminal_no, received_at, own_time FROM position_doubtful"
    a1 = world.terminals["a1"].no
    held_rows = {(a1, noon, own) for own in clocks} | {(a1, before, noon)}
    assert set(await looker.rows(left)) == held_rows


def test_only_writers_and_retention_name_the_table_of_positions() -> None:
    named = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|COPY)\s+(?:ONLY\s+)?position\b(?!_)")
    allowed = {"tracking/path/store.py"}
    rooms = ("kit", "fleet", "tracking", "dispatch", "audit", "gateway", "demo")
    found = {
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    }
    assert found == allowed
