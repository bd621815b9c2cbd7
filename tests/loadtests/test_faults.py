"""The fault table tells of every loss, and every fault stands in its page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from kit.database import plain_url
from loadtests.faults.catalogue import TRIALS
from loadtests.faults.comparing import Comparison, compare, counted, stored
from loadtests.faults.load import Key
from loadtests.faults.row import Row, table
from loadtests.system import ROOT
from tests.support.world import World
from tests.tracking.noon import NOW
from tests.tracking.received import position, received, store

SENT = {("1", n, 0) for n in range(5)}
WHOLE = dict.fromkeys(SENT, 1)
ONE, *_ = sorted(SENT)


def test_everything_that_was_acknowledged_and_is_stored_once_holds() -> None:
    unanswered = SENT - {ONE}
    told = Comparison(
        sent=5, acknowledged=4, found=4, identities=5, counted=5, doubled=0, invented=0
    )
    assert compare(SENT, unanswered, WHOLE, 5) == told
    assert told.holds


@pytest.mark.parametrize(
    ("stored", "lost", "doubled", "invented"),
    [
        ({key: 1 for key in SENT if key != ONE}, 1, 0, 0),
        (WHOLE | {ONE: 2}, 0, 1, 0),
        (WHOLE | {("2", 0, 0): 1}, 0, 0, 1),
    ],
)
def test_a_lost_a_doubled_and_an_invented_position_are_told(
    stored: dict[tuple[str, int, int], int], lost: int, doubled: int, invented: int
) -> None:
    told = compare(SENT, SENT, stored, sum(stored.values()))
    assert (told.lost, told.doubled, told.invented) == (lost, doubled, invented)
    assert not Row("any", 1, told).holds


def test_what_the_database_refused_is_found_in_quarantine() -> None:
    stored = {key: 1 for key in SENT if key != ONE}
    assert compare(SENT, SENT, stored, 4, refused={ONE}).holds


@pytest.mark.parametrize("shown", [4, 6])
def test_a_sum_that_is_not_that_of_the_identities_is_told(shown: int) -> None:
    told = compare(SENT, SENT, WHOLE, shown)
    assert (told.counted, told.holds) == (shown, False)
    assert f"| {shown} " in table([Row("any", 1, told)])


def test_a_row_fails_when_a_vehicle_is_not_followed_or_all_was_not_well_again() -> None:
    row = Row("any", 1, compare(SENT, SENT, WHOLE, 5), (1.0, 3.0), vehicles=2, followed=2)
    assert row.holds
    assert not replace(row, followed=1).holds
    assert not replace(row, trouble="health of the API never came true").holds
    assert "| 3.0, at most 3.0" in table([row])


def test_every_fault_has_a_name_of_its_own_and_stands_in_its_page() -> None:
    names = [trial.name for trial in TRIALS]
    page = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
    assert len(set(names)) == len(names)
    assert [name for name in names if f"`{name}`" not in page] == []


AFTER = NOW + timedelta(days=400)
"""When what was plausible has become stale."""


async def stored_by(url: str, world: World) -> tuple[str, set[Key]]:
    """Store three positions, each again, and one of them again when it is stale."""
    terminal = world.terminals["a1"]
    sent = [position(NOW - timedelta(seconds=n), terminal.no) for n in range(3)]
    await store(url, [received(one) for one in sent] * 2 + [received(sent[0], AFTER)])
    return terminal.phone, {(terminal.phone, one.time_raw, one.digest) for one in sent}


def compared(url: str, phones: Sequence[str], sent: set[Key]) -> Comparison:
    period = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    return compare(
        sent, sent, stored(plain_url(url), phones, sent), counted(plain_url(url), phones, *period)
    )


@pytest.mark.parametrize(
    ("rows", "doubled"),
    [
        ("position WHERE time IS NOT NULL", 3),
        # The repeat that was judged otherwise has no time, and lies in no day.
        ("(SELECT DISTINCT ON (digest) * FROM position WHERE time IS NULL) AS doubtful", 1),
    ],
)
async def test_a_view_that_doubles_is_found_out(
    database_url: str, world: World, rows: str, doubled: int
) -> None:
    phone, sent = await stored_by(database_url, world)
    told = compared(database_url, [phone], sent)
    assert (told.identities, told.counted, told.doubled, told.holds) == (3, 3, 0, True)
    with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
        once = connection.execute("SELECT pg_get_viewdef('positions_once'::regclass)").fetchone()
        assert once is not None
        doubling = f"SELECT * FROM ({once[0].rstrip(';')}) AS once UNION ALL SELECT * FROM {rows}"
        connection.execute(f"CREATE OR REPLACE VIEW positions_once AS {doubling}".encode())
    told = compared(database_url, [phone], sent)
    assert (told.identities, told.doubled, told.holds) == (3, doubled, False)
    assert told.counted > told.identities
