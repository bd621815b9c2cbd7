"""A trip on the roads of the map in use, over HTTP."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range

from dispatch.roads.map_matching.valhalla import Valhalla
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.ids import new_id
from kit.settings import Settings
from tests.dispatch.office import Office, ok, problem
from tests.dispatch.roads.map_matching.drawn import degrees, town
from tests.dispatch.roads.map_matching.valhalla_service import ROAD, Service
from tests.dispatch.roads.speeds.test_learning import put_into_use
from tests.support.apps import app_over
from tests.support.waiting import eventually
from tests.support.world import begin_sitting
from tests.tracking.received import position, received, store
from tracking.tables import Trip

# A road with a corner that the positions cut.
NETWORK = town({1: (0, 0), 2: (500, 0), 3: (500, 500)}, {1: [1, 2], 2: [2, 3]})
PLACES = [(100.0, 3.0), (200.0, -2.0), (300.0, 2.0), (450.0, 0.0), (500.0, 50.0), (502.0, 200.0)]


@pytest.fixture
def app(database_url: str, sessions: Sessions, tmp_path: Path) -> FastAPI:
    """The application, without a map at first."""
    settings = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    settings.maps_dir.mkdir(parents=True)
    return app_over(settings, sessions)


async def transactions_held(sessions: Sessions) -> int | None:
    """How many transactions of this database wait for whoever began them."""
    held = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    )
    async with transaction(sessions) as session:
        return await session.scalar(held)


async def test_a_trip_follows_the_road_and_without_a_map_its_positions(
    office: Office, app: FastAPI, database_url: str, service: Service
) -> None:
    vehicle, terminal = office.world.vehicles["a1"], office.world.terminals["a1"]
    begins = (utc_now() - timedelta(hours=2)).replace(microsecond=0)
    at = [begins + timedelta(seconds=10 * n) for n in range(len(PLACES))]
    ends = [degrees(PLACES[0]), degrees(PLACES[-1])]
    await store(
        database_url,
        [
            received(position(time, terminal.no, lat=lat, lon=lon), time)
            for time, (lat, lon) in zip(at, map(degrees, PLACES), strict=True)
        ],
    )
    trip = Trip(
        id=new_id(),
        vehicle_no=vehicle.no,
        organisation_no=office.world.organisations["a"].no,
        period=Range(at[0], at[-1], bounds="[)"),
        start_latitude=ends[0][0],
        start_longitude=ends[0][1],
        end_latitude=ends[1][0],
        end_longitude=ends[1][1],
        distance_m=620,
        odometer_m=None,
        max_speed_kmh=36.0,
        gaps=0,
        offsets_s=[0, 50],
        pair_m=[620],
    )
    async with transaction(office.sessions) as session:
        session.add(trip)
    await begin_sitting(await office.client("supervisor"))
    path = f"/trips/{trip.id}/matched"
    raw = ok(await office.get("supervisor", path))
    assert (raw["label"], raw["confidence"], raw["distance_m"]) == ("raw", None, 620)
    assert raw["engine"] is None
    assert len(raw["geometry"]["coordinates"][0]) == len(PLACES)

    put_into_use(NETWORK, app.state.settings.maps_dir)
    matched = ok(await office.get("supervisor", path))
    assert (matched["label"], matched["trip_id"]) == ("matched", str(trip.id))
    assert matched["engine"] == "own"
    assert matched["length_m"] == pytest.approx(600, abs=2)
    assert raw["length_m"] == pytest.approx(570, abs=5)
    assert matched["confidence"] > 0.9
    corner = degrees((500, 0))
    [line] = matched["geometry"]["coordinates"]
    assert any((lat, lon) == pytest.approx(corner, abs=1e-6) for lon, lat in line)

    app.state.valhalla = Valhalla(service.url, 20)
    elsewhere = ok(await office.get("supervisor", path))
    assert (elsewhere["label"], elsewhere["engine"]) == ("matched", "valhalla")
    assert elsewhere["geometry"]["coordinates"] == [[[lon, lat] for lat, lon in ROAD]]
    assert elsewhere["length_m"] == pytest.approx(223, abs=1)

    service.may_answer.clear()
    waiting = asyncio.create_task(office.get("supervisor", path))
    await asyncio.to_thread(eventually, lambda: len(service.asked) == 2)
    assert await transactions_held(office.sessions) == 0
    service.may_answer.set()
    assert ok(await waiting) == elsewhere

    service.status = 503
    assert ok(await office.get("supervisor", path)) == matched

    assert (await office.get("applicant_a", path)).status_code == 403
    unknown = await office.get("supervisor", f"/trips/{new_id()}/matched")
    problem(unknown, "not-found", 404)
