"""What a sealing makes of past days is judged anew: ordered late, replaced, or ended."""

from datetime import UTC, datetime, time, timedelta

import httpx
from sqlalchemy import func, select

from audit.calendar_changes import follow_calendar
from audit.tables import Finding
from audit.worker import settle_changes
from fleet.tables import SealingChange
from kit.clock import SHANGHAI, shanghai_day, utc_now
from kit.database import Sessions, transaction
from tests.audit.facts import add_trip
from tests.support.world import World, log_in
from tracking.tables import ChangedDay

API = "/api/v1/sealings"


async def findings_of(sessions: Sessions, vehicle_no: int) -> list[Finding]:
    async with sessions() as session:
        rows = await session.scalars(
            select(Finding)
            .where(Finding.rule == "moved_without_order", Finding.vehicle_no == vehicle_no)
            .order_by(Finding.id)
        )
        return list(rows)


async def test_a_backdated_sealing_and_its_next_version_have_past_days_judged_anew(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    day = (world.now - timedelta(days=3)).date()
    start = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    async with transaction(sessions) as session:
        for key in ("a1", "b1"):
            add_trip(session, world.vehicles[key], start, [600] * 3)
    await settle_changes(sessions, utc_now())
    await log_in(client, "authority")
    body = {
        "name": "补发封存",
        "basis": "封存的通知",
        "organisation_id": str(world.organisations["a"].id),
        "start": (start - timedelta(hours=1)).isoformat(),
        "end": (start + timedelta(days=30)).isoformat(),
    }
    made = await client.post(API, json=body)
    assert made.status_code == 201, made.text
    assert await follow_calendar(sessions, utc_now()) == 1
    assert await settle_changes(sessions, utc_now()) == 1
    before, after = await findings_of(sessions, world.vehicles["a1"].no)
    assert before.superseded_by == after.id
    assert (before.figures.get("sealing"), after.figures["sealing"]) == (None, "补发封存")
    (of_b,) = await findings_of(sessions, world.vehicles["b1"].no)
    assert of_b.superseded_at is None
    later = body | {"start": utc_now().isoformat(), "replaces": made.json()["id"]}
    assert (await client.post(API, json=later)).status_code == 201
    assert await follow_calendar(sessions, utc_now()) == 2
    assert await settle_changes(sessions, utc_now()) == 1
    last = (await findings_of(sessions, world.vehicles["a1"].no))[-1]
    assert (last.superseded_at, last.figures.get("sealing")) == (None, None)


async def test_a_sealing_that_ends_has_only_what_was_left_of_it_judged_anew(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    now = utc_now()
    today = datetime.combine(shanghai_day(now), time(), SHANGHAI)
    async with transaction(sessions) as session:
        # Tomorrow's too: midnight may pass while the test runs.
        for days_on in (-2, 0, 1):
            add_trip(session, world.vehicles["a1"], today + timedelta(days=days_on), [60] * 3)
    await settle_changes(sessions, utc_now())
    await log_in(client, "authority")
    body = {
        "name": "国庆封存",
        "basis": "封存的通知",
        "start": (now - timedelta(days=3)).isoformat(),
        "end": (now + timedelta(days=3)).isoformat(),
    }
    sealing = (await client.post(API, json=body)).json()
    await follow_calendar(sessions, utc_now())
    await settle_changes(sessions, utc_now())
    ended = await client.post(f"{API}/{sealing['id']}/end", json={"reason": "提前结束"})
    assert ended.status_code == 200, ended.text
    assert await follow_calendar(sessions, utc_now()) == 1
    async with sessions() as session:
        left = await session.scalar(select(func.count()).select_from(SealingChange))
        days = set(await session.scalars(select(ChangedDay.day)))
        causes = set(await session.scalars(select(ChangedDay.cause)))
    assert left == 0
    assert days
    assert days <= {shanghai_day(now), shanghai_day(utc_now())}
    assert causes == {"sealing"}
