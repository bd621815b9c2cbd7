"""Rules of retention and legal holds over HTTP, and a run that no hold is hurt by."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import func, select, text

from audit.tables import ExplainedDay, Finding
from audit.worker import settle_changes
from dispatch.tables import Filing, Order, OrderRequest, Request
from fleet.retention.kinds import LIMITS, DataKind
from fleet.retention.running import run_daily, run_retention
from fleet.tables import JournalEntry, RetentionRun
from gateway.cli.retention import ERASERS
from kit.clock import day_start, shanghai_day, utc_now
from kit.database import Base, Sessions, transaction
from tests.audit.facts import add_filing, add_order, add_trip
from tests.support.world import World, log_in
from tracking.store import mark_changed
from tracking.tables import Trip

API = "/api/v1"


async def count(sessions: Sessions, table: type[Base]) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_rules_are_read_set_by_date_and_never_below_their_minimum(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "sysadmin")
    shown = (await client.get(f"{API}/retention")).json()["items"]
    assert {r["kind"]: r["keep_days"] for r in shown} == {
        kind: limits.default_days for kind, limits in LIMITS.items()
    }
    for rules in (
        [{"kind": "journal", "keep_days": 183}],
        [{"kind": "journal", "keep_days": 10**20}],
        [{"kind": "nothing", "keep_days": 400}],
        [],
    ):
        answer = await client.put(f"{API}/retention", json={"rules": rules, "reason": "试验"})
        assert answer.status_code == 422, answer.text
    for days in (400, 800):
        body = {"rules": [{"kind": "tracks", "keep_days": days}], "reason": "按市里规定"}
        answer = await client.put(f"{API}/retention", json=body)
        assert answer.status_code == 200, answer.text
    (tracks,) = [r for r in answer.json()["items"] if r["kind"] == "tracks"]
    assert (tracks["keep_days"], tracks["since"] is not None) == (800, True)
    async with sessions() as session:
        entries = list(
            await session.scalars(
                select(JournalEntry)
                .where(JournalEntry.action == "retention.set")
                .order_by(JournalEntry.no)
            )
        )
    assert [e.before["keep_days"] for e in entries if e.before] == [1096, 400]
    await log_in(client, "auditor")
    assert (await client.get(f"{API}/retention")).status_code == 200
    assert (await client.put(f"{API}/retention", json=body)).status_code == 403


async def test_a_hold_is_placed_listed_and_released_within_scope(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "supervisor")
    start = (world.now - timedelta(days=20)).isoformat()
    told: dict[str, Any] = {"case_number": "纪调1号", "reason": "核查", "start": start}
    vehicle = {"vehicle_id": str(world.vehicles["a1"].id)}
    person = {"person_id": str(world.people["driver_a1"].id)}
    for wrong in ({}, vehicle | person, vehicle | {"end": "1990-01-01T00:00:00Z"}):
        assert (await client.post(f"{API}/holds", json=told | wrong)).status_code == 422
    unknown = {"vehicle_id": str(world.bases["a"].id)}
    assert (await client.post(f"{API}/holds", json=told | unknown)).status_code == 404
    made = [await client.post(f"{API}/holds", json=told | one) for one in (vehicle, person)]
    assert [answer.status_code for answer in made] == [201, 201], made[0].text
    first = (await client.get(f"{API}/holds?limit=1")).json()
    assert first["items"] == [made[1].json()]
    second = await client.get(f"{API}/holds", params={"cursor": first["next_cursor"]})
    assert second.json()["items"] == [made[0].json()]
    release = f"{API}/holds/{made[0].json()['id']}/release"
    assert (await client.post(release, json={"reason": "结案"})).status_code == 204
    assert (await client.post(release, json={"reason": "结案"})).status_code == 409
    open_ones = (await client.get(f"{API}/holds?open_only=true")).json()["items"]
    assert [one["id"] for one in open_ones] == [made[1].json()["id"]]
    await log_in(client, "auditor")
    assert len((await client.get(f"{API}/holds")).json()["items"]) == 2
    assert (await client.post(f"{API}/holds", json=told | vehicle)).status_code == 403
    await log_in(client, "clerk_a")
    assert (await client.get(f"{API}/holds")).status_code == 403


async def test_a_run_takes_what_is_old_and_leaves_what_is_held(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    then = day_start(shanghai_day(world.now)) - timedelta(days=4_000) + timedelta(hours=9)
    hour = timedelta(hours=1)
    async with transaction(sessions) as session:
        await session.execute(
            text("UPDATE vehicle_unit SET period = tstzrange('2010-01-01', NULL)")
        )
        for key in ("a1", "a2"):
            # One hour is ordered, the next is nobody's: explained kilometres, and a finding.
            add_trip(session, world.vehicles[key], then, [600] * 30)
            add_trip(session, world.vehicles[key], then + 2 * hour, [600] * 30)
            await add_order(session, world, key, then, then + hour)
            await add_filing(session, world, key, then + 5 * hour, then + 6 * hour)
    now = utc_now()
    await settle_changes(sessions, now)
    kept = {Trip: 4, Order: 2, Request: 2, Filing: 2, Finding: 2, ExplainedDay: 2}
    assert {table: await count(sessions, table) for table in kept} == kept
    await log_in(client, "supervisor")
    body = {
        "case_number": "审计2号",
        "reason": "核查",
        "vehicle_id": str(world.vehicles["a1"].id),
        "start": (then - hour).isoformat(),
        "end": (then + 24 * hour).isoformat(),
    }
    made = await client.post(f"{API}/holds", json=body)
    assert made.status_code == 201, made.text
    dry = await run_retention(sessions, ERASERS, now, dry_run=True)
    assert {table: await count(sessions, table) for table in kept} == kept
    assert await run_daily(sessions, ERASERS, now)
    assert not await run_daily(sessions, ERASERS, now)
    half = {Trip: 2, Order: 1, Request: 1, Filing: 1, Finding: 1, ExplainedDay: 1}
    assert {table: await count(sessions, table) for table in kept} == half
    async with sessions() as session:
        assert await session.scalar(select(Order.vehicle_no)) == world.vehicles["a1"].no
        assert await session.scalar(select(func.count()).select_from(OrderRequest)) == 1
        run = (await session.scalars(select(RetentionRun))).one()
        findings = run.results["findings"]
        assert isinstance(findings, dict)
        assert findings["finding"] == 1
    by_kind = {(one.kind, table): n for one in dry for table, n in one.counts.items()}
    assert by_kind[DataKind.ORDERS, "orders"] == 1
    assert by_kind[DataKind.FINDINGS, "explained_day"] == 1
    # What was settled from erased trips is not settled anew.
    async with transaction(sessions) as session:
        mark_changed(session, world.vehicles["a1"].no, [shanghai_day(then)], "trip")
    await settle_changes(sessions, now)
    assert await count(sessions, ExplainedDay) == 1
    release = f"{API}/holds/{made.json()['id']}/release"
    assert (await client.post(release, json={"reason": "结案"})).status_code == 204
    await run_retention(sessions, ERASERS, now)
    assert {table: await count(sessions, table) for table in kept} == dict.fromkeys(kept, 0)


async def test_the_journal_keeps_everything_since_the_earliest_open_hold(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    later = utc_now() + timedelta(days=5_000)
    await log_in(client, "supervisor")
    body = {
        "case_number": "审计3号",
        "reason": "核查",
        "person_id": str(world.people["driver_a1"].id),
        "start": (world.since - timedelta(days=1)).isoformat(),
    }
    made = await client.post(f"{API}/holds", json=body)
    assert made.status_code == 201, made.text
    journal = [(kind, eraser) for kind, eraser in ERASERS if kind is DataKind.JOURNAL]
    (held,) = await run_retention(sessions, journal, later, dry_run=True)
    assert held.counts == {"journal": 0}
    release = f"{API}/holds/{made.json()['id']}/release"
    assert (await client.post(release, json={"reason": "结案"})).status_code == 204
    (free,) = await run_retention(sessions, journal, later, dry_run=True)
    assert free.counts["journal"] > 0
