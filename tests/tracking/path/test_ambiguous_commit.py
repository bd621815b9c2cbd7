"""A connection cut at its commit, by a relay before a real server: stored once, in every case."""

import pytest

from kit.database import plain_url
from loadtests.faults.relay import Cut, relayed
from tests.tracking.received import every_second, looking_at, running_ingest

COUNTED = "SELECT count(*) FROM positions_once"
KEPT = "SELECT count(*) FROM position"


@pytest.mark.parametrize(
    ("how", "kept"), [(Cut.BEFORE, {7}), (Cut.BETWEEN, {7, 14}), (Cut.AFTER, {14})]
)
async def test_positions_whose_commit_was_cut_off_count_once(
    database_url: str, how: Cut, kept: set[int]
) -> None:
    with relayed(plain_url(database_url)) as relay:
        async with running_ingest(relay.url) as ingest, looking_at(database_url) as looker:
            await ingest.submit(every_second(1))
            relay.cut_next(how)
            await ingest.submit(every_second(7, terminal_no=2))
            assert relay.cuts == 1
            assert ingest.state.failures >= 1
            await ingest.submit(every_second(2, terminal_no=3))
            assert await looker.value(COUNTED) == 10
            # A commit of unknown outcome is repeated, and the repeat counts for nothing.
            assert await looker.value(f"{KEPT} WHERE terminal_no = 2") in kept
            numbers = await looker.rows("SELECT n FROM position_batch ORDER BY n")
            assert [n for (n,) in numbers] == list(range(1, len(numbers) + 1))
