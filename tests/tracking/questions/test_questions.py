"""Questions over HTTP: exact on open and settled days, within scope, for a case, journalled."""

import json
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from kit.clock import day_period, day_start, shanghai_day
from kit.database import Sessions, transaction
from tests.support.world import World, begin_sitting, log_in
from tests.tracking.questions.oracle import Sample, passes_of
from tests.tracking.received import Looker, position, received, store
from tracking.questions.passing import DEFAULT_RULES, Place
from tracking.settling.settler import settle_day
from tracking.settling.store import standing_days

API = "/api/v1"
PLACE = Place(40.05, 110.05, 200.0)
M = 1 / 111_195


@pytest.fixture
def world_now() -> None:
    """The application goes by the clock; so does the world."""


def walk(rng: random.Random, start: datetime, count: int) -> list[Sample]:
    """A drive to and fro about the place, with rests and silences."""
    time_s, north, east = int(start.timestamp()), 0.0, rng.uniform(-400, 400)
    samples = []
    for _ in range(count):
        time_s += rng.choice([10, 10, 30, 45, 60, 90, 700, 4000])
        if rng.random() < 0.8:
            north, east = rng.uniform(-700, 700), rng.uniform(-400, 400)
        samples.append((time_s, PLACE.latitude + north * M, PLACE.longitude + east * M))
    return samples


async def sent(url: str, world: World, tracks: dict[str, list[Sample]], rng: random.Random) -> None:
    """Store the tracks in any order, a tenth twice, with one doubtful position in the middle."""
    rows = []
    for key, samples in tracks.items():
        no = world.terminals[key].no
        for time_s, lat, lon in samples:
            one = position(datetime.fromtimestamp(time_s, UTC), no, lat=lat, lon=lon)
            rows.append(received(one, world.now))
        doubtful = position(
            datetime.fromtimestamp(samples[0][0] + 1, UTC),
            no,
            lat=PLACE.latitude,
            lon=PLACE.longitude,
            fixed=False,
        )
        rows.append(received(doubtful, world.now))
    rng.shuffle(rows)
    await store(url, rows[: len(rows) // 2], "one gateway")
    await store(url, rows[len(rows) // 2 :] + rng.sample(rows, len(rows) // 10), "another")


async def all_passes(
    client: httpx.AsyncClient, start: datetime, end: datetime, **more: object
) -> list[dict[str, Any]]:
    query = {
        "latitude": PLACE.latitude,
        "longitude": PLACE.longitude,
        "start": start.isoformat(),
        "end": end.isoformat(),
        **more,
    }
    items: list[dict[str, Any]] = []
    while True:
        answer = await client.get(f"{API}/positions/near", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        assert len(page["items"]) == query["limit"]
        query = {**query, "cursor": page["next_cursor"]}


def told(items: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    return [
        (
            item["vehicle"]["plate"],
            int(datetime.fromisoformat(item["start"]).timestamp()),
            int(datetime.fromisoformat(item["end"]).timestamp()),
            item["positions"],
            item["nearest_m"],
        )
        for item in items
    ]


def expected(
    world: World, tracks: dict[str, list[Sample]], start: datetime, end: datetime
) -> list[tuple[object, ...]]:
    """What the oracle says, with passes cut at Shanghai's midnights."""
    passes = []
    period = (start.timestamp(), end.timestamp())
    for key, samples in tracks.items():
        for n in range((shanghai_day(end) - shanghai_day(start)).days + 1):
            first, last = day_period(shanghai_day(start) + timedelta(days=n))
            # A line belongs to the day of its first position, which its second may leave.
            of_day = [s for s in samples if first.timestamp() <= s[0] < last.timestamp()]
            after = [s for s in samples if s[0] >= last.timestamp()][:1]
            if of_day and after and not _is_near(after[0]):
                of_day += after
            for p in passes_of(PLACE, of_day, period, DEFAULT_RULES):
                plate = world.vehicles[key].plate
                one = (p.first_s, plate, p.last_s, p.positions, round(p.nearest_m, 1))
                passes.append((world.vehicles[key].no, one))
    passes.sort(key=lambda pair: (pair[1][0], pair[0]))
    return [(plate, first, last, n, metres) for _, (first, plate, last, n, metres) in passes]


def _is_near(sample: Sample) -> bool:
    return bool(passes_of(PLACE, [sample], (-1e12, 1e12), DEFAULT_RULES))


async def test_who_was_near_is_what_a_scan_of_everything_finds_before_and_after_settling(
    client: httpx.AsyncClient, database_url: str, sessions: Sessions, world: World
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    first_day = shanghai_day(world.now) - timedelta(days=3)
    begin = day_start(first_day)
    tracks = {key: walk(rng, begin, 130) for key in ("a1", "a2", "b1")}
    await sent(database_url, world, tracks, rng)
    start, end = begin + timedelta(hours=5, minutes=7), begin + timedelta(days=2, hours=9)
    wanted = expected(world, tracks, start, end)
    assert len(wanted) > 20
    assert told(await all_passes(client, start, end)) == wanted
    async with transaction(sessions) as session:
        standing = await standing_days(session)
    for day in standing:
        assert await settle_day(sessions, day, world.now)
    assert told(await all_passes(client, start, end)) == wanted
    assert told(await all_passes(client, start, end, limit=4)) == wanted


async def test_who_was_near_is_told_for_a_case_within_scope_and_journalled(
    client: httpx.AsyncClient, database_url: str, world: World, looker: Looker
) -> None:
    hour = timedelta(hours=1)
    at = world.now - hour
    rows = [
        received(position(at, world.terminals[key].no, lat=40.05, lon=110.05), world.now)
        for key in ("a1", "b1")
    ]
    await store(database_url, rows)
    period = (at - hour, world.now)
    plates = [world.vehicles[key].plate for key in ("a1", "b1")]
    assert [i["vehicle"]["plate"] for i in await all_passes(client, *period)] == plates
    entry = await looker.rows("SELECT payload FROM journal WHERE action = 'near.read'")
    payload = json.loads(entry[0][0])
    assert payload["after"]["reference"] == "核〔2026〕9"
    assert payload["after"]["radius_m"] == 200
    await begin_sitting(client)
    query = {"latitude": 40, "longitude": 110, "at": at.isoformat()}
    refused = [
        await client.get(f"{API}/positions/nearest-at", params=query),
        await client.get(
            f"{API}/positions/near",
            params={**query, "start": period[0].isoformat(), "end": period[1].isoformat()},
        ),
    ]
    assert {(a.status_code, a.json()["type"]) for a in refused} == {(403, "/problems/case-needed")}
    await looker.rows(
        "INSERT INTO person_role (person_no, organisation_no, role, period)"
        " VALUES (%s, %s, 'supervisor_officer', tstzrange(now(), NULL))",
        world.people["clerk_a"].no,
        world.organisations["a"].no,
    )
    await log_in(client, "clerk_a")
    await client.post(f"{API}/sittings", json={"purpose": "case", "reference": "1"})
    assert [i["vehicle"]["plate"] for i in await all_passes(client, *period)] == plates[:1]
    nearest = await client.get(f"{API}/positions/nearest-at", params=query)
    assert [i["vehicle"]["plate"] for i in nearest.json()["items"]] == plates[:1]


@pytest.mark.parametrize(("days", "status"), [(0, 422), (31, 200), (31.01, 422)])
async def test_a_period_is_neither_empty_nor_longer_than_a_month(
    client: httpx.AsyncClient, world: World, days: float, status: int
) -> None:
    query = {
        "latitude": 40.05,
        "longitude": 110.05,
        "start": (world.now - timedelta(days=days)).isoformat(),
        "end": world.now.isoformat(),
    }
    answer = await client.get(f"{API}/positions/near", params=query)
    assert answer.status_code == status, answer.text


async def test_where_a_vehicle_was_is_the_last_known_and_the_first_after(
    client: httpx.AsyncClient, database_url: str, sessions: Sessions, world: World
) -> None:
    no = world.terminals["a1"].no
    begin = day_start(shanghai_day(world.now) - timedelta(days=30))
    minutes = [0, 3, 90, 60 * 24 * 9, 60 * 24 * 25]
    times = [begin + timedelta(minutes=m) for m in minutes]
    rows = [received(position(t, no, lat=40 + n / 100), world.now) for n, t in enumerate(times)]
    doubtful = position(times[1] + timedelta(seconds=9), no, fixed=False)
    await store(database_url, [*rows, *rows[:2], received(doubtful, world.now)])

    async def asked(at: datetime) -> tuple[Any, Any]:
        query = {"vehicle_id": str(world.vehicles["a1"].id), "at": at.isoformat()}
        answer = await client.get(f"{API}/positions/at", params=query)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["vehicle"]["plate"] == world.vehicles["a1"].plate
        return tuple(
            told[side] and (datetime.fromisoformat(told[side]["time"]), told[side]["age_s"])
            for side in ("before", "after")
        )

    second = timedelta(seconds=1)
    for _ in range(2):
        assert await asked(times[0] - second) == (None, (times[0], 1))
        assert await asked(times[0]) == ((times[0], 0), (times[1], 180))
        assert await asked(times[2] - second) == ((times[1], 87 * 60 - 1), (times[2], 1))
        for one, other in pairwise(times[2:]):
            half = one + (other - one) / 2
            age = round((half - one).total_seconds())
            assert await asked(half) == ((one, age), (other, age))
        assert (await asked(world.now))[0] == (
            times[4],
            round((world.now - times[4]).total_seconds()),
        )
        assert (await asked(world.now))[1] is None
        for day in {shanghai_day(t) for t in times}:
            assert await settle_day(sessions, day, world.now)


async def test_the_nearest_at_an_instant_are_told_by_what_was_known_then(
    client: httpx.AsyncClient, database_url: str, world: World
) -> None:
    at = world.now - timedelta(hours=2)

    def heard(key: str, seconds: int, north_m: float) -> Any:
        sent = position(
            at + timedelta(seconds=seconds),
            world.terminals[key].no,
            lat=40.05 + north_m * M,
            lon=110.05,
        )
        return received(sent, world.now)

    rows = [
        heard("a1", -500, 10),
        heard("a1", -60, 5000),
        heard("a1", 1, 1),
        heard("a2", -599, 300),
        heard("a3", -601, 1),
        heard("b1", 0, 40),
    ]
    await store(database_url, rows * 2)
    query = {"latitude": 40.05, "longitude": 110.05, "at": at.isoformat()}
    answer = (await client.get(f"{API}/positions/nearest-at", params=query)).json()
    assert [
        (i["vehicle"]["plate"], round(i["distance_m"]), i["position"]["age_s"])
        for i in answer["items"]
    ] == [
        (world.vehicles["b1"].plate, 40, 0),
        (world.vehicles["a2"].plate, 300, 599),
        (world.vehicles["a1"].plate, 5000, 60),
    ]
    narrowed = await client.get(f"{API}/positions/nearest-at", params={**query, "limit": 1})
    assert len(narrowed.json()["items"]) == 1
