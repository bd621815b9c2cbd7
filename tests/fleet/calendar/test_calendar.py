"""The calendar over HTTP: published, imported with a preview, inherited, judged anew."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import chinese_calendar
import httpx
import pytest
from sqlalchemy import func, select

from audit.calendar_changes import follow_calendar
from audit.tables import Finding
from audit.worker import settle_changes
from fleet.calendar.store import day_kind, year_calendar
from fleet.tables import CalendarChange, JournalEntry
from kit.clock import shanghai_day, utc_now
from kit.database import Sessions, transaction
from kit.paging import encode_cursor
from tests.audit.facts import add_trip
from tests.support.world import World, log_in

API = "/api/v1/calendar"

NOTICE_2027: dict[str, Any] = {
    "year": 2027,
    "source": "国务院办公厅关于2027年部分节假日安排的通知（试验用，虚构）",
    "holidays": [
        {"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"},
        {"name": "春节", "first": "2027-02-05", "last": "2027-02-11"},
    ],
    "makeup_workdays": ["2027-02-13"],
}


async def test_the_published_years_are_those_of_the_notices(sessions: Sessions) -> None:
    async with sessions() as session:
        for year in range(2020, 2027):
            calendar = await year_calendar(session, year, "000000", utc_now())
            assert not calendar.provisional
            wrong = [
                one
                for one in calendar.days()
                if one.kind.is_worked != chinese_calendar.is_workday(one.date)
            ]
            assert wrong == []
        worked = sum(d.kind.is_worked for d in calendar.days())
    # The notice for 2026 leaves 248 working days.
    assert worked == 248


async def test_a_notice_is_previewed_then_a_version_and_keeps_the_earlier_one(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "authority")
    before = (await client.get(API, params={"year": 2027})).json()
    assert before["provisional"]
    assert before["versions"][0]["version"] is None
    assert len(before["days"]) == 365
    shown = (await client.post(f"{API}/preview", json=NOTICE_2027)).json()
    changes = {d["date"]: (d["before"]["kind"], d["after"]["kind"]) for d in shown["differences"]}
    assert changes["2027-02-13"] == ("rest", "makeup_workday")
    assert changes["2027-05-01"] == ("holiday", "rest")
    assert (await client.get(API, params={"year": 2027})).json() == before
    made = await client.post(f"{API}/import", json=NOTICE_2027)
    assert made.status_code == 201, made.text
    assert made.json()["differences"] == shown["differences"]
    after = (await client.get(API, params={"year": 2027})).json()
    assert not after["provisional"]
    assert after["workdays"] == shown["workdays_after"]
    same = await client.post(f"{API}/import", json=NOTICE_2027)
    assert (same.status_code, same.json()["type"]) == (409, "/problems/calendar-unchanged")
    corrected = NOTICE_2027 | {"makeup_workdays": ["2027-02-20"]}
    again = (await client.post(f"{API}/import", json=corrected)).json()
    assert again["version"] == 2
    listed = (await client.get(f"{API}/versions", params={"year": 2027, "limit": 1})).json()
    assert (listed["items"][0]["version"], listed["items"][0]["end"]) == (2, None)
    rest = await client.get(
        f"{API}/versions", params={"year": 2027, "cursor": listed["next_cursor"]}
    )
    assert [v["version"] for v in rest.json()["items"]] == [1]
    async with sessions() as session:
        imports = select(JournalEntry).where(JournalEntry.action == "calendar.import")
        entries = list(await session.scalars(imports.order_by(JournalEntry.no)))
        then = datetime.fromisoformat(rest.json()["items"][0]["start"])
        earlier = await day_kind(session, date(2027, 2, 13), "000000", then)
    assert entries[1].before is not None
    assert entries[1].before["version"] == 1
    assert earlier.kind == "makeup_workday"


async def test_a_regions_own_days_go_before_the_nations_and_reach_its_counties(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "authority")
    own = {
        "region_code": "450000",
        "year": 2026,
        "source": "自治区人民政府关于三月三放假的通知",
        "holidays": [{"name": "三月三", "first": "2026-04-20", "last": "2026-04-21"}],
        "makeup_workdays": ["2026-05-10"],
    }
    assert (await client.post(f"{API}/import", json=own)).status_code == 201
    day = "2026-04-20"
    for region, kind in (("450102", "holiday"), ("440000", "workday"), ("000000", "workday")):
        answer = (await client.get(f"{API}/days/{day}", params={"region_code": region})).json()
        assert answer["kind"] == kind
        assert [v["region_code"] for v in answer["versions"]] == (
            ["000000", "450000"] if region == "450102" else ["000000"]
        )
    national = await client.get(f"{API}/days/2026-10-01", params={"region_code": "450102"})
    assert national.json()["region_code"] == "000000"


@pytest.mark.parametrize(
    "change",
    [
        {"makeup_workdays": ["2027-02-10"]},
        {"makeup_workdays": ["2027-02-06"]},
        {"makeup_workdays": ["2026-02-14"]},
        {"holidays": [{"name": "春节", "first": "2027-02-11", "last": "2027-02-05"}]},
        {"holidays": [{"name": "春节", "first": "2027-01-01", "last": "2027-12-31"}]},
        {"year": 1999},
        {"year": 10**30},
        {"region_code": "23"},
        {"region_code": "٢٣٠٠٠٠"},
        {"source": "\0"},
        {"source": " "},
        {"period": "x"},
    ],
)
async def test_a_notice_that_contradicts_itself_is_refused(
    client: httpx.AsyncClient, world: World, change: dict[str, object]
) -> None:
    await log_in(client, "authority")
    for path in ("preview", "import"):
        answer = await client.post(f"{API}/{path}", json=NOTICE_2027 | change)
        # A preview stores nothing, so that it may let pass what the database can't hold.
        stored = path == "import" or change != {"source": "\0"}
        assert answer.status_code == 422 or not stored, answer.text
    assert (await client.get(f"{API}/days/9999-12-31")).status_code == 422
    huge = encode_cursor((10**12, 1, 1))
    assert (await client.get(f"{API}/versions", params={"cursor": huge})).status_code == 422


async def test_only_who_stands_for_a_region_writes_its_calendar(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    async with transaction(sessions) as session:
        unit = await session.merge(world.organisations["a"])
        unit.region_code = "230102"
    await log_in(client, "secadmin")
    body = {
        "username": "authority_a",
        "name": "某",
        "password": "a long enough one",
        "roles": [
            {"role": "system_administrator", "organisation_id": str(world.organisations["a"].id)}
        ],
    }
    made = await client.post("/api/v1/people", json=body)
    assert made.status_code == 201, made.text
    await log_in(client, "authority_a", "a long enough one")
    for region, status in (("000000", 404), ("230000", 404), ("230103", 404), ("230102", 201)):
        notice = NOTICE_2027 | {"region_code": region}
        assert (await client.post(f"{API}/import", json=notice)).status_code == status, region
    await log_in(client, "applicant_a")
    assert (await client.get(API, params={"year": 2026})).status_code == 200
    assert (await client.post(f"{API}/import", json=NOTICE_2027)).status_code == 403


async def no_holiday(sessions: Sessions, newest: date) -> date:
    """Return the newest day up to this one that is no holiday; vehicles had a unit already."""
    async with sessions() as session:
        for back in range(20):
            day = newest - timedelta(days=back)
            if (await day_kind(session, day, "230102", utc_now())).kind != "holiday":
                return day
    raise AssertionError("three weeks of holidays")


async def test_findings_of_a_changed_day_are_judged_anew_by_the_new_version(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    day = await no_holiday(sessions, shanghai_day(world.now) - timedelta(days=3))
    start = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    async with transaction(sessions) as session:
        for key in ("a1", "b1"):
            add_trip(session, world.vehicles[key], start, [600] * 3)
        for key, code in (("a", "230102"), ("b", "440100")):
            (await session.merge(world.organisations[key])).region_code = code
    await settle_changes(sessions, utc_now())
    await log_in(client, "authority")
    notice = {
        "region_code": "230000",
        "year": day.year,
        "source": "省人民政府通知",
        "holidays": [{"name": "试验", "first": day.isoformat(), "last": day.isoformat()}],
        "makeup_workdays": [],
    }
    made = await client.post(f"{API}/import", json=notice)
    assert made.status_code == 201, made.text
    assert await follow_calendar(sessions, utc_now()) == 1
    assert await follow_calendar(sessions, utc_now()) == 0
    assert await settle_changes(sessions, utc_now()) == 1
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(CalendarChange)) == 0
        query = select(Finding).where(Finding.rule == "moved_without_order")
        findings = list(await session.scalars(query.order_by(Finding.id)))
    of_a = [f for f in findings if f.vehicle_no == world.vehicles["a1"].no]
    assert [f.superseded_at is None for f in of_a] == [False, True]
    assert of_a[0].superseded_by == of_a[1].id
    assert of_a[1].figures["day_kind"] == "holiday"
    assert of_a[0].figures["day_kind"] != "holiday"
    of_b = [f for f in findings if f.vehicle_no == world.vehicles["b1"].no]
    assert [f.superseded_at for f in of_b] == [None]
