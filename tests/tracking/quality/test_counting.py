"""Figures of real rows: marked, counted when the day is over, counted again, told by the API."""

import random
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.dialects.postgresql import Range

from fleet.retention.kinds import DataKind
from fleet.retention.running import Erasure
from fleet.retention.store import move_horizon
from fleet.tables import Hold
from kit.clock import day_start
from kit.database import Sessions
from kit.settings import Settings
from tests.support.apps import app_over
from tests.support.world import World, client_of, log_in
from tests.tracking.driven import commute, sent_by
from tests.tracking.received import looking_at, position, received, store
from tracking.quality.counting import count_step
from tracking.retention.erasers import erase_data_quality

DAY = date(2026, 10, 30)
MORNING = day_start(DAY) + timedelta(hours=8)
API = "/api/v1/data-quality"
KEPT = "SELECT positions, repeats, doubtful, stale, online_s FROM terminal_day ORDER BY terminal_no"


async def test_a_day_is_counted_when_it_is_over_and_again_when_late_rows_come(
    database_url: str, sessions: Sessions, world: World
) -> None:
    no = world.terminals["a1"].no
    rows = sent_by(no, commute(MORNING).rows, MORNING + timedelta(hours=2))
    old = position(MORNING - timedelta(days=9_000), no, twin=1)
    wrong_clock = received(old, MORNING + timedelta(hours=3))
    chance = random.Random(5)
    await store(database_url, rows[:150], "one")
    await store(database_url, [*chance.sample(rows[:150], 40), wrong_clock], "another")
    async with looking_at(database_url) as looker:
        before = MORNING + timedelta(hours=9)
        assert await count_step(sessions, before) is False
        assert await looker.rows(KEPT) == [], "the day is not over"
        assert await count_step(sessions, MORNING + timedelta(days=1)) is False
        assert await looker.rows(KEPT) == [(151, 40, 1, 1, 1490)]
        await store(database_url, rows[150:], "one")
        await count_step(sessions, MORNING + timedelta(days=1))
        ((positions, repeats, doubtful, stale, _),) = await looker.rows(KEPT)
        assert (positions, repeats, doubtful, stale) == (len(rows) + 1, 40, 1, 1)
        assert await looker.value("SELECT count(*) FROM quality_due") == 0


async def test_each_terminal_of_the_scope_is_told_with_its_shares_silent_ones_too(
    database_url: str, sessions: Sessions, world: World, tmp_path: Path
) -> None:
    pen = commute(MORNING)
    await store(
        database_url, sent_by(world.terminals["a1"].no, pen.rows, MORNING + timedelta(hours=2))
    )
    await count_step(sessions, MORNING + timedelta(days=1))
    settings = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    async with client_of(app_over(settings, sessions)) as client:
        await log_in(client, "manager")
        query = {"start": str(DAY), "end": str(DAY + timedelta(days=2)), "limit": "2"}
        items = []
        while True:
            page = (await client.get(API, params=query)).raise_for_status().json()
            items += page["items"]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        told = {item["phone"]: item for item in items}
        assert len(told) == len(items) >= 4
        driven = told[world.terminals["a1"].phone]
        assert driven["days"] == 1
        assert driven["accepted"] == driven["complete"] == 1.0
        assert driven["online"] == (pen.rows[-1][0] - pen.rows[0][0]) / (2 * 86_400)
        assert driven["clock_offset_s"] > 3_600
        silent = told[world.terminals["b1"].phone]
        assert (silent["days"], silent["online"], silent["complete"]) == (0, 0.0, None)
        for wrong in ({"end": str(DAY)}, {"end": "2030-01-01"}):
            answer = await client.get(API, params={**query, **wrong})
            assert answer.status_code in (400, 422), answer.text


async def test_figures_go_by_a_rule_of_their_own_and_are_not_made_from_what_was_left(
    database_url: str, sessions: Sessions, world: World
) -> None:
    held, other = world.terminals["a1"].no, world.terminals["a2"].no
    for no in (held, other):
        await store(database_url, sent_by(no, commute(MORNING).rows, MORNING + timedelta(hours=2)))
    after = MORNING + timedelta(days=1)
    await count_step(sessions, after)
    async with looking_at(database_url) as looker, sessions() as session:
        counted = await looker.rows(KEPT)
        # Its positions are erased; a row that comes later is not the day.
        async with session.begin():
            await move_horizon(session, DataKind.TRACKS, day_start(DAY + timedelta(days=1)))
        await store(database_url, [received(position(MORNING, other, twin=7), after)], "another")
        await count_step(sessions, after)
        assert await looker.rows(KEPT) == counted

        async with session.begin():
            session.add(
                Hold(
                    case_number="（2026）纪调字第3号",
                    reason="试验",
                    organisation_no=world.organisations["a"].no,
                    vehicle_no=world.vehicles["a1"].no,
                    period=Range(MORNING, MORNING + timedelta(hours=1), bounds="[)"),
                    placed_at=after,
                )
            )
        for kept, gone in ((DAY, 0), (DAY + timedelta(days=1), 1)):
            erasure = Erasure(DataKind.DATA_QUALITY, day_start(kept), after, dry_run=False)
            assert await erase_data_quality(sessions, erasure) == {"terminal_day": gone}
        assert await looker.rows("SELECT terminal_no FROM terminal_day") == [(held,)]
