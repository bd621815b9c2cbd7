"""The doors of audit over HTTP: what is said, and to whom."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import get_args
from uuid import uuid4

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from audit.worker import settle_changes
from fleet.tables import JournalEntry
from kit.database import Sessions, transaction
from kit.settings import Settings
from kit.web import Now
from tests.audit.conftest import NOW
from tests.audit.facts import add_filing, add_order, add_run, add_trip, beijing
from tests.support.apps import app_over
from tests.support.world import World, client_of, log_in

OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}


@pytest.fixture
async def client(
    database_url: str, sessions: Sessions, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    app = app_over(settings, sessions)
    # Reports say which days are not over: the application lives at the world's instant.
    app.dependency_overrides[get_args(Now)[1].dependency] = lambda: NOW
    async with client_of(app) as one:
        yield one


@pytest.fixture
async def driven(sessions: Sessions, world: World) -> World:
    """A day of October: A drove by an order, by a filing and by nothing; B by nothing."""
    async with transaction(sessions) as session:
        add_trip(session, world.vehicles["a1"], beijing(20, 9), [600] * 20)
        add_trip(session, world.vehicles["a1"], beijing(20, 15), [500] * 10)
        add_trip(session, world.vehicles["a2"], beijing(20, 9), [100] * 5)
        add_trip(session, world.vehicles["b1"], beijing(20, 9), [700] * 4)
        await add_order(session, world, "a1", beijing(20, 9), beijing(20, 9, 30))
        await add_filing(session, world, "a2", beijing(20, 8), beijing(20, 10))
    await settle_changes(sessions, NOW)
    return world


async def get(client: httpx.AsyncClient, path: str, **params: object) -> httpx.Response:
    return await client.get(f"/api/v1{path}", params={k: str(v) for k, v in params.items()})


async def test_the_supervisor_sees_findings_of_every_unit_under_the_mandate(
    client: httpx.AsyncClient, driven: World
) -> None:
    await log_in(client, "supervisor")
    answer = await get(client, "/findings")
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert {item["unit"]["name"] for item in items} == {"甲局", "乙局"}
    assert {item["state"] for item in items} == {"suspected"}
    one = await get(client, f"/findings/{items[0]['id']}")
    assert one.json() == items[0]
    assert items[0]["rule_label"] == "无派车任务行驶"
    assert items[0]["rule_version"] == 1
    assert items[0]["counter_evidence"][0].keys() >= {"sentence"}


@pytest.mark.parametrize("username", ["applicant_a", "driver_a1", "clerk_a", "dispatcher"])
async def test_whoever_may_not_read_findings_gets_none(
    client: httpx.AsyncClient, driven: World, username: str
) -> None:
    await log_in(client, username)
    assert (await get(client, "/findings")).status_code == 403
    assert (await get(client, f"/findings/{uuid4()}")).status_code == 403
    assert (await get(client, "/rules")).status_code == 403


async def test_without_a_log_in_nothing_is_shown(client: httpx.AsyncClient, driven: World) -> None:
    for path in ("/findings", "/rules", "/reports/explained", "/reports/publicity.xlsx"):
        assert (await get(client, path)).status_code == 401


async def test_findings_are_filtered_and_paged_without_loss(
    client: httpx.AsyncClient, driven: World
) -> None:
    await log_in(client, "supervisor")
    a, b1 = driven.organisations["a"].id, driven.vehicles["b1"].id
    of_a = (await get(client, "/findings", organisation_id=a)).json()["items"]
    assert [item["vehicle"]["plate"] for item in of_a] == [driven.vehicles["a1"].plate]
    of_b1 = (await get(client, "/findings", vehicle_id=b1, **OCTOBER)).json()["items"]
    assert [item["figures"]["distance_m"] for item in of_b1] == [2800]
    nights = await get(client, "/findings", rule="not_back_at_night")
    assert nights.json()["items"] == []
    november = await get(client, "/findings", start="2026-11-01T00:00:00+08:00")
    assert november.json()["items"] == []

    first = (await get(client, "/findings", limit=1)).json()
    second = (await get(client, "/findings", limit=1, cursor=first["next_cursor"])).json()
    assert second["next_cursor"] is None
    assert first["items"][0]["id"] > second["items"][0]["id"]
    assert (await get(client, "/findings", cursor="nonsense")).status_code == 422


async def test_a_superseded_finding_stays_readable_and_is_not_listed(
    client: httpx.AsyncClient, driven: World, sessions: Sessions
) -> None:
    await log_in(client, "supervisor")
    b1 = driven.vehicles["b1"].id
    (before,) = (await get(client, "/findings", vehicle_id=b1)).json()["items"]
    async with transaction(sessions) as session:
        await add_filing(session, driven, "b1", beijing(20, 8), beijing(20, 12))
    await settle_changes(sessions, NOW)
    assert (await get(client, "/findings", vehicle_id=b1)).json()["items"] == []
    old = (await get(client, f"/findings/{before['id']}")).json()
    assert old["superseded_at"] is not None
    listed = await get(client, "/findings", vehicle_id=b1, superseded=True)
    assert [item["id"] for item in listed.json()["items"]] == [before["id"]]


async def test_explained_kilometres_add_up_from_vehicle_to_total(
    client: httpx.AsyncClient, driven: World
) -> None:
    await log_in(client, "supervisor")
    answer = await get(client, "/reports/explained", **OCTOBER)
    assert answer.status_code == 200, answer.text
    report = answer.json()
    kinds = ("driven_m", "ordered_m", "service_m", "filed_m", "unexplained_m")
    for kind in kinds:
        assert report["total"][kind] == sum(unit[kind] for unit in report["units"])
        for unit in report["units"]:
            assert unit[kind] == sum(vehicle[kind] for vehicle in unit["vehicles"])
    assert report["total"] == {
        "driven_m": 20_300, "ordered_m": 12_000, "service_m": 0, "filed_m": 500,
        "unexplained_m": 7_800,
    }  # fmt: skip
    assert report["provisional_days"] == []
    assert report["period"]["start"] == "2026-09-30T16:00:00Z"


async def test_a_clerk_sees_the_kilometres_of_the_own_unit_alone(
    client: httpx.AsyncClient, driven: World
) -> None:
    await log_in(client, "clerk_b")
    report = (await get(client, "/reports/explained", **OCTOBER)).json()
    assert [unit["unit"]["name"] for unit in report["units"]] == ["乙局"]
    assert report["total"]["driven_m"] == 2_800
    a = driven.organisations["a"].id
    others = (await get(client, "/reports/explained", organisation_id=a, **OCTOBER)).json()
    assert (others["units"], others["total"]["driven_m"]) == ([], 0)
    assert (
        await get(client, "/reports/publicity", month="2026-10", organisation_id=a)
    ).status_code == 404


async def test_days_that_may_still_change_are_named(
    client: httpx.AsyncClient, driven: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        add_trip(session, driven.vehicles["a3"], beijing(21, 9), [600] * 3)
    await log_in(client, "clerk_a")
    report = (await get(client, "/reports/explained", **OCTOBER)).json()
    assert report["provisional_days"] == ["2026-10-21"]
    moment = {"start": NOW.isoformat(), "end": (NOW + timedelta(seconds=1)).isoformat()}
    today = (await get(client, "/reports/explained", **moment)).json()
    assert today["provisional_days"] == ["2026-11-01"]


@pytest.mark.parametrize(
    "period",
    [
        {"start": "2026-11-01", "end": "2026-11-01"},
        {"start": "2026-11-01", "end": "2026-10-01"},
        {"start": "2024-01-01", "end": "2026-01-01"},
        {"start": "yesterday!", "end": "2026-01-01"},
        {"start": "2026-10-01T00:00:00", "end": "2026-11-01"},
    ],
)
async def test_a_period_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient, world: World, period: dict[str, str]
) -> None:
    await log_in(client, "clerk_a")
    answer = await get(client, "/reports/explained", **period)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_the_publicity_of_a_month_shows_each_driven_order_with_its_kilometres(
    client: httpx.AsyncClient, driven: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        # Over the month's last midnight: it stands in October with all of its metres.
        add_trip(session, driven.vehicles["a3"], beijing(31, 23, 58), [1000] * 4)
        await add_order(
            session, driven, "a3", beijing(31, 23, 55), beijing(1, 0, 30, month=11),
            service_kind="fuel", state="returned",
        )  # fmt: skip
        await add_order(session, driven, "a2", beijing(22, 9), beijing(22, 10), state="cancelled")
    await settle_changes(sessions, NOW)
    await log_in(client, "clerk_a")
    answer = await get(client, "/reports/publicity", month="2026-10")
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert report["unit"]["name"] == "甲局"
    assert [(row["purpose_label"], row["place"], row["distance_m"]) for row in report["rows"]] == [
        ("会议", "市政务中心", 12_000),
        ("加油", None, 4_000),
    ]
    assert report["total_m"] == 16_000
    assert report["watermark"].startswith("用车管理员 甲局 ")
    november = (await get(client, "/reports/publicity", month="2026-11")).json()
    assert november["rows"] == []
    assert (await get(client, "/reports/publicity", month="2026-13")).status_code == 422


async def test_a_swapped_order_is_posted_under_each_plate_that_drove(
    client: httpx.AsyncClient, driven: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        add_trip(session, driven.vehicles["a3"], beijing(22, 9), [600] * 20)
        add_trip(session, driven.vehicles["a2"], beijing(22, 10), [500] * 10)
        order_id = await add_order(session, driven, "a2", beijing(22, 9), beijing(22, 10, 30))
        await add_run(session, driven, order_id, "a3", beijing(22, 9), beijing(22, 10))
    await settle_changes(sessions, NOW)
    await log_in(client, "clerk_a")
    report = (await get(client, "/reports/publicity", month="2026-10")).json()
    rows = [row for row in report["rows"] if row["date"] == "2026-10-22"]
    assert [(row["plate"], row["distance_m"]) for row in rows] == [
        (driven.vehicles["a3"].plate, 12_000),
        (driven.vehicles["a2"].plate, 5_000),
    ]
    times = [(row["start"], row["end"]) for row in rows]
    assert [tuple(map(datetime.fromisoformat, one)) for one in times] == [
        (beijing(22, 9), beijing(22, 10)),
        (beijing(22, 10), beijing(22, 10, 30)),
    ]


async def test_an_export_says_what_the_page_says_and_is_journalled(
    client: httpx.AsyncClient, driven: World, sessions: Sessions
) -> None:
    await log_in(client, "clerk_a")
    page = (await get(client, "/reports/publicity", month="2026-10")).json()
    answer = await get(client, "/reports/publicity.xlsx", month="2026-10")
    assert answer.status_code == 200, answer.text
    assert "publicity-2026-10.xlsx" in answer.headers["content-disposition"]
    sheet = load_workbook(BytesIO(answer.content))["公示"]
    assert sheet["G4"].value * 1000 == page["rows"][0]["distance_m"]
    async with sessions() as session:
        query = select(JournalEntry).where(JournalEntry.action == "report.export")
        (entry,) = list(await session.scalars(query))
    assert entry.actor_name == "clerk_a"
    assert entry.organisation_no == driven.organisations["a"].no
    assert entry.after == {"report": "publicity", "month": "2026-10", "rows": 1}


async def test_rules_are_shown_with_their_thresholds(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "supervisor")
    items = (await get(client, "/rules")).json()["items"]
    assert [item["rule"] for item in items] == ["moved_without_order", "not_back_at_night"]
    assert items[1]["thresholds"]["away_s"] == 3600
