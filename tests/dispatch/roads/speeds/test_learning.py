"""`gongche map learn` against a real database: what is kept, withheld, and takes effect."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from dispatch.roads.importing.extract import Bounds
from dispatch.roads.in_use import MapInUse
from dispatch.roads.network import RoadNetwork
from dispatch.roads.road_travel_times import RoadTravelTimes
from dispatch.roads.speeds.following import SpeedsFollower
from dispatch.roads.speeds.learning import Days
from dispatch.roads.versions import Manifest, publish, write_manifest
from gateway.cli.commands import app
from kit.clock import day_start, shanghai_day
from kit.database import open_engine, open_sessions, plain_url
from tests.dispatch.roads.map_matching.drawn import degrees, town
from tests.support.world import World
from tests.tracking.received import position, received, store
from tracking.path.positions import JudgedPosition

# Two streets, not joined; the second is driven by one vehicle only.
NETWORK = town({1: (0, 0), 2: (1000, 0), 3: (0, 500), 4: (1000, 500)}, {1: [1, 2], 2: [3, 4]})


def put_into_use(network: RoadNetwork, maps_dir: Path) -> None:
    """A version without basemap and places: nothing here asks for them."""
    built = maps_dir / ".importing"
    built.mkdir(parents=True)
    network.save(built)
    write_manifest(
        built,
        Manifest("drawn.osm", "0" * 64, Bounds(43, 114, 44, 115), 4, 4, 1.0, 0, {}),
    )
    publish(built, maps_dir, "0" * 64)


def drive(terminal_no: int, begins: datetime, *, north: float) -> list[JudgedPosition]:
    """A kilometre at 36 km/h, a position every ten seconds."""
    found = []
    for n in range(11):
        lat, lon = degrees((100.0 * n, north))
        at = begins + timedelta(seconds=10 * n)
        found.append(received(position(at, terminal_no, lat=lat, lon=lon, speed_kmh=36), at))
    return found


def learn(url: str, data_dir: Path, *options: str) -> Result:
    return CliRunner().invoke(
        app,
        ["map", "learn", *options],
        env={"GONGCHE_DATABASE_URL": url, "GONGCHE_DATA_DIR": str(data_dir)},
    )


async def follow(url: str, maps_dir: Path) -> RoadTravelTimes:
    """What a process answers from after it has looked once."""
    engine = open_engine(url)
    in_use = MapInUse(maps_dir)
    await SpeedsFollower(open_sessions(engine), in_use).look()
    await engine.dispose()
    travel = in_use.travel_times()
    assert isinstance(travel, RoadTravelTimes)
    return travel


def test_speeds_are_learned_once_told_and_taken_into_use(
    database_url: str, world: World, tmp_path: Path
) -> None:
    maps_dir = tmp_path / "maps"
    put_into_use(NETWORK, maps_dir)
    day = shanghai_day(world.now) - timedelta(days=3)
    at = day_start(day) + timedelta(hours=8)
    terminals = [world.terminals[name].no for name in ("a1", "a2", "a3")]
    rows = [row for no in terminals for row in drive(no, at, north=3)]
    rows += drive(terminals[0], at + timedelta(hours=1), north=503)
    asyncio.run(store(database_url, rows))

    done = learn(database_url, tmp_path, "--since", str(day), "--until", str(day))
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        f"{day} to {day}: 44 positions, 4 km on roads; speeds of 1 ways and hours learned, "
        "1 withheld that fewer than three vehicles have driven."
    ]
    hour = day.weekday() * 24 + 8
    with psycopg.connect(plain_url(database_url), autocommit=True) as connection:
        speeds = connection.execute(
            "SELECT way_id, hour_of_week, weight, round(pace_sum_s_km), count, vehicles, version"
            " FROM road_speed"
        ).fetchall()
        assert speeds == [(1, hour, 3.0, 300, 3, 3, 1)]
        journal = connection.execute(
            "SELECT payload FROM journal WHERE action = 'road_speed.learn'"
        ).fetchall()
    assert len(journal) == 1
    told = json.loads(journal[0][0])["after"]
    assert (told["positions"], told["kept"], told["withheld"]) == (44, 1, 1)

    again = learn(database_url, tmp_path, "--since", str(day), "--until", str(day))
    assert again.output.splitlines() == [
        "Learned from before: 1 of these 1 days.",
        "There is nothing new to learn from.",
    ]
    later = learn(database_url, tmp_path, "--until", str(day + timedelta(days=1)))
    assert later.output.startswith(f"{day + timedelta(days=1)} to {day + timedelta(days=1)}: 0")

    before = day - timedelta(days=2)
    earlier = learn(database_url, tmp_path, "--since", str(before), "--until", str(before))
    assert earlier.output.startswith(f"{before} to {before}: 0"), earlier.output
    between = learn(database_url, tmp_path, "--until", str(day)).output.splitlines()
    gap = day - timedelta(days=1)
    assert [line.partition(":")[0] for line in between] == [f"{gap} to {gap}"]

    yesterday = day + timedelta(days=2)
    beyond = learn(database_url, tmp_path, "--until", "2999-12-31").output.splitlines()
    assert beyond[0] == f"{yesterday} is the last day that has ended: it is learned up to there."
    assert beyond[1].startswith(f"{yesterday} to {yesterday}: 0")

    travel = asyncio.run(follow(database_url, maps_dir))
    ends = degrees((0, 0)), degrees((1000, 0))
    map_s, driven_s = 144.0, 100.0
    assert travel.route(*ends).duration_s == pytest.approx(map_s, rel=0.01)
    expected = (5 * map_s + 3 * driven_s) / 8
    assert travel.at(at).route(*ends).duration_s == pytest.approx(expected, rel=0.01)
    assert travel.at(at).speeds_version == 5
    assert travel.at(at + timedelta(hours=1)).route(*ends) == travel.route(*ends)


def test_without_a_map_nothing_can_be_learned(database_url: str, tmp_path: Path) -> None:
    refused = learn(database_url, tmp_path)
    assert refused.exit_code == 2
    assert "there is no map yet" in refused.output


def test_many_days_are_learned_in_windows_of_four_weeks() -> None:
    first = shanghai_day(datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    windows = list(Days(first, first + timedelta(days=59)).windows())
    assert [len(list(window)) for window in windows] == [28, 28, 4]
    assert [day for window in windows for day in window] == [
        first + timedelta(days=n) for n in range(60)
    ]


def test_days_that_were_passed_over_are_learned_later() -> None:
    first = shanghai_day(datetime.fromisoformat("2026-01-01T00:00:00+00:00"))

    def days(since: int, until: int) -> Days:
        return Days(first + timedelta(days=since), first + timedelta(days=until))

    asked = days(0, 9)
    assert asked.without([]) == [asked]
    assert asked.without([days(7, 8), days(2, 4)]) == [days(0, 1), days(5, 6), days(9, 9)]
    assert asked.without([days(-5, 0), days(9, 20)]) == [days(1, 8)]
    assert asked.without([days(-9, 30)]) == []
    assert asked.without([days(-9, -5), days(12, 15)]) == [asked]
    assert days(3, 2).without([]) == []
