"""The fault table tells of every loss, and every fault stands in its page."""

from dataclasses import replace

import pytest

from loadtests.faults.catalogue import TRIALS
from loadtests.faults.comparing import Comparison, compare
from loadtests.faults.row import Row, table
from loadtests.system import ROOT

SENT = {("1", n, 0) for n in range(5)}
WHOLE = dict.fromkeys(SENT, 1)
ONE, *_ = sorted(SENT)


def test_everything_that_was_acknowledged_and_is_stored_once_holds() -> None:
    unanswered = SENT - {ONE}
    assert compare(SENT, unanswered, WHOLE) == Comparison(5, 4, 4, 0, 0)
    assert compare(SENT, unanswered, WHOLE).holds


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
    told = compare(SENT, SENT, stored)
    assert (told.lost, told.doubled, told.invented) == (lost, doubled, invented)
    assert not Row("any", 1, told).holds


def test_what_the_database_refused_is_found_in_quarantine() -> None:
    stored = {key: 1 for key in SENT if key != ONE}
    assert compare(SENT, SENT, stored, refused={ONE}).holds


def test_a_row_fails_when_a_vehicle_is_not_followed_or_all_was_not_well_again() -> None:
    row = Row("any", 1, compare(SENT, SENT, WHOLE), (1.0, 3.0), vehicles=2, followed=2)
    assert row.holds
    assert not replace(row, followed=1).holds
    assert not replace(row, trouble="health of the API never came true").holds
    assert "| 3.0, at most 3.0" in table([row])


def test_every_fault_has_a_name_of_its_own_and_stands_in_its_page() -> None:
    names = [trial.name for trial in TRIALS]
    page = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
    assert len(set(names)) == len(names)
    assert [name for name in names if f"`{name}`" not in page] == []
