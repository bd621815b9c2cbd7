"""Exports and tracks over HTTP: whole, counted once before and after settling, journalled."""

import csv
import io
import json
import random
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.dialects.postgresql import Range

from kit.clock import day_start, shanghai_day
from kit.database import Sessions, transaction
from kit.ids import new_id
from tests.support.world import World
from tests.tracking.received import Looker, position, received, store
from tracking.settling.settler import settle_day
from tracking.tables import Stop

API = "/api/v1"
M = 1 / 111_195
FORMS = ("gpx", "kml", "geojson", "csv")


@pytest.fixture
def world_now() -> None:
    """The application goes by the clock; so does the world."""


async def drive(url: str, world: World, count: int) -> datetime:
    """A drive north with a rest in the middle, through two gateways, a tenth of it twice."""
    begin = day_start(shanghai_day(world.now) - timedelta(days=2))
    no = world.terminals["a1"].no
    rows = []
    for n in range(count):
        north = min(n, count // 2) + max(0, n - count // 2 - 100)
        at = begin + timedelta(seconds=10 * n)
        rows.append(received(position(at, no, lat=40 + 100 * north * M, lon=110.0), world.now))
    doubtful = position(begin + timedelta(seconds=5), no, fixed=False)
    rng = random.Random(5)
    rng.shuffle(rows)
    middle = count // 2
    await store(url, rows[:middle], "one gateway")
    await store(
        url, [*rows[middle:], *rng.sample(rows, count // 10), received(doubtful, world.now)]
    )
    return begin


def asked(world: World, start: datetime, **more: object) -> dict[str, Any]:
    period = {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat()}
    return {"vehicle_id": str(world.vehicles["a1"].id), **period, **more}


async def exported(client: httpx.AsyncClient, query: dict[str, Any]) -> dict[str, str]:
    files = {}
    for form in FORMS:
        answer = await client.get(f"{API}/positions/export", params={**query, "form": form})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"].endswith(f'track.{form}"')
        # Who took it out and when differs from file to file.
        files[form] = "\n".join(line for line in answer.text.splitlines() if "内部资料" not in line)
    return files


async def test_files_hold_every_position_once_and_the_same_before_and_after_settling(
    client: httpx.AsyncClient,
    database_url: str,
    sessions: Sessions,
    world: World,
    looker: Looker,
) -> None:
    # More than a page of the export's own.
    count = 2_300
    begin = await drive(database_url, world, count)
    files = await exported(client, asked(world, begin))
    assert files["gpx"].count("<trkpt") == count
    assert f"<gongche:positions>{count}<" in files["gpx"]
    assert len(json.loads(await _geojson(client, asked(world, begin)))["features"]) == count
    rows = list(csv.reader(io.StringIO(files["csv"])))
    assert rows[-1] == [f"共 {count + 1} 行"]
    assert [row[9] for row in rows if len(row) == 10].count("no_fix") == 1
    assert await settle_day(sessions, shanghai_day(begin), world.now)
    assert await exported(client, asked(world, begin)) == files
    entries = await looker.rows(
        "SELECT object_id, payload FROM journal WHERE action = 'track.export' ORDER BY no LIMIT 1"
    )
    assert entries[0][0] == world.vehicles["a1"].id
    payload = json.loads(entries[0][1])
    assert (payload["purpose"], payload["after"]["form"]) == ("case", "gpx")


async def _geojson(client: httpx.AsyncClient, query: dict[str, Any]) -> str:
    answer = await client.get(f"{API}/positions/export", params={**query, "form": "geojson"})
    return answer.text


@pytest.mark.parametrize("days", [0, 367])
async def test_an_empty_period_and_one_of_more_than_a_year_are_refused(
    client: httpx.AsyncClient, world: World, days: int
) -> None:
    end = world.now + timedelta(days=days)
    query = {**asked(world, world.now), "end": end.isoformat(), "form": "csv"}
    answer = await client.get(f"{API}/positions/export", params=query)
    assert answer.status_code == 422


async def test_the_watermark_names_who_when_and_why(
    client: httpx.AsyncClient, world: World
) -> None:
    for form in FORMS:
        query = {**asked(world, world.now), "form": form}
        answer = await client.get(f"{API}/positions/export", params=query)
        assert "内部资料 · 监督人员（supervisor）" in answer.text
        assert "查阅事由：个案核查" in answer.text
        assert "WGS-84" in answer.text


async def test_pages_of_a_track_join_and_lose_nothing(
    client: httpx.AsyncClient, database_url: str, world: World
) -> None:
    begin = await drive(database_url, world, 250)
    times: list[str] = []
    query = asked(world, begin, limit=60)
    while True:
        page = (await client.get(f"{API}/tracks", params=query)).json()
        assert page["positions"] == len(page["times"]) == len(page["coordinates"])
        assert page["tolerance_m"] is None
        assert not times or page["times"][0] == times[-1]
        times += page["times"][1:] if times else page["times"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert len(times) == 250
    assert times == sorted(set(times))


async def test_a_track_for_a_zoom_keeps_its_ends_and_stops_and_says_its_tolerance(
    client: httpx.AsyncClient, database_url: str, sessions: Sessions, world: World
) -> None:
    begin = await drive(database_url, world, 300)
    rest = [begin + timedelta(seconds=10 * n) for n in (150, 250)]
    async with transaction(sessions) as session:
        session.add(
            Stop(
                id=new_id(),
                vehicle_no=world.vehicles["a1"].no,
                period=Range(*rest, bounds="[)"),
                latitude=40.1,
                longitude=110.0,
            )
        )
    page = (await client.get(f"{API}/tracks", params=asked(world, begin, zoom=12))).json()
    assert page["positions"] == 300
    assert [datetime.fromisoformat(t) for t in page["times"]] == [
        begin,
        *rest,
        begin + timedelta(seconds=2990),
    ]
    assert page["tolerance_m"] == pytest.approx(78_271.5 / 2**12 * 0.766, rel=1e-3)
    assert page["next_cursor"] is None
