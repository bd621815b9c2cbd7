"""`gongche redecode`, against a real database with positions that an older codec has read."""

import asyncio
from datetime import UTC, datetime, timedelta
from getpass import getuser

import psycopg
from typer.testing import CliRunner, Result

from gateway.cli.commands import app
from gateway.protocols.jt808.position import position_report
from gateway.terminals.jt808_positions import position_of
from kit.clock import shanghai_day
from kit.database import open_engine, open_sessions, plain_url, transaction
from tests.support.world import World, build_world
from tests.tracking.received import received, store

SENT = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0) - timedelta(days=2)
MISREAD = """
    UPDATE position SET decode_version = 0, latitude = 1,
                        raw = CASE WHEN row_n = 0 THEN ''::bytea ELSE raw END
"""


async def _three_positions(url: str) -> World:
    engine = open_engine(url)
    async with transaction(open_sessions(engine)) as session:
        world = await build_world(session, SENT)
    await engine.dispose()
    reports = [position_report(SENT + timedelta(seconds=n), 40.05, 110.05) for n in range(3)]
    no = world.terminals["a1"].no
    await store(
        url, [received(position_of(report, no, backfilled=False), SENT) for report in reports]
    )
    return world


def redecode(url: str, first: str, last: str, *more: str) -> Result:
    return CliRunner().invoke(
        app,
        ["redecode", "--from", first, "--to", last, *more],
        env={"GONGCHE_DATABASE_URL": url},
    )


def test_it_says_what_has_changed_and_what_has_no_raw_frame_and_the_journal_by_whom(
    database_url: str,
) -> None:
    world = asyncio.run(_three_positions(database_url))
    day = str(shanghai_day(SENT))
    with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
        connection.execute(MISREAD)
        before = str(shanghai_day(SENT) - timedelta(days=1))
        assert "0 positions read anew" in redecode(database_url, before, before).output
        done = redecode(database_url, day, day, "--terminal", world.terminals["a1"].phone)
        assert done.exit_code == 0, done.output
        assert done.output.splitlines() == [
            "2 positions read anew by version 1 of the codec; 2 say something else now.",
            "1 positions stay as an older version has read them: "
            "retention has erased their raw frames.",
        ]
        shown = "SELECT round(latitude::numeric, 2)::float8 FROM positions_once ORDER BY time"
        assert [value for (value,) in connection.execute(shown)] == [1.0, 40.05, 40.05]
        reasons = "SELECT reason FROM journal WHERE action = 'position.redecode'"
        told = {reason for (reason,) in connection.execute(reasons)}
    assert told == {f"gongche redecode, by the account {getuser()}"}


def test_days_in_the_wrong_order_are_refused(database_url: str) -> None:
    refused = redecode(database_url, "2026-11-02", "2026-11-01")
    assert refused.exit_code == 2
    assert "the last day lies before the first" in refused.output
