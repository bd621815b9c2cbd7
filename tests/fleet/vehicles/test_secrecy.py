"""A secret vehicle is refused, and its plate stands nowhere afterwards."""

import logging

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text

from fleet.vehicles.secrecy import plate_digest
from kit.database import driver_url
from kit.settings import Settings
from tests.fleet.vehicles.cars import API, car
from tests.support.world import World, log_in

KEY = "a key of the operator"
PLATE = "示AKVXJ9"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"plate_refusal_key": KEY})


def everything_in(database_url: str) -> str:
    """All rows of all tables as text."""
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        rows = [
            str(row)
            for table in tables
            for row in connection.execute(text(f'SELECT t::text FROM "{table}" t'))
        ]
    engine.dispose()
    return "\n".join(rows)


async def test_a_refused_secret_vehicle_leaves_no_plate(
    client: httpx.AsyncClient,
    world: World,
    database_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await log_in(client, "secadmin")
    listed = {
        "key_check": plate_digest("", KEY.encode()).hex(),
        "digests": [plate_digest(PLATE, KEY.encode()).hex()],
    }
    put = await client.put(f"{API}/plate-refusals", json=listed)
    assert put.status_code == 200, put.text
    assert (await client.get(f"{API}/plate-refusals")).json()["count"] == 1

    await log_in(client, "manager")
    told = ""
    for changes in (
        {"plate": PLATE},
        {"plate": "示Ａ·KVXJ9", "plate_colour": "yellow"},
        {"plate": "示AWVXJ8", "secrecy": "secret"},
    ):
        answer = await client.post(f"{API}/vehicles", json=car(world, **changes))
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/secret-vehicle-refused"
        told += answer.text
    a1 = world.vehicles["a1"].id
    moved = await client.post(
        f"{API}/vehicles/{a1}/plates", json={"plate": PLATE, "plate_colour": "blue"}
    )
    assert moved.json()["type"] == "/problems/secret-vehicle-refused"
    left = told + moved.text + caplog.text + everything_in(database_url)
    assert "示A10001" in left
    assert "KVXJ9" not in left
    assert "WVXJ8" not in left


async def test_a_list_of_another_key_stops_the_register_rather_than_being_passed_over(
    client: httpx.AsyncClient, world: World, app: FastAPI, settings: Settings
) -> None:
    await log_in(client, "secadmin")
    foreign = {"key_check": plate_digest("", b"another").hex(), "digests": []}
    assert (await client.put(f"{API}/plate-refusals", json=foreign)).status_code == 503
    good = {"key_check": plate_digest("", KEY.encode()).hex(), "digests": []}
    assert (await client.put(f"{API}/plate-refusals", json=good)).status_code == 200
    await log_in(client, "manager")
    app.state.settings = settings.model_copy(update={"plate_refusal_key": None})
    answer = await client.post(f"{API}/vehicles", json=car(world))
    assert answer.json()["type"] == "/problems/plate-refusals-unreadable"


async def test_only_a_count_of_secret_vehicles_is_kept(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "authority")
    unit = world.organisations["a"].id
    address = f"{API}/secret-vehicle-counts/{unit}"
    assert (await client.put(address, json={"count": 3})).json()["count"] == 3
    assert (await client.put(address, json={"count": 3, "plate": PLATE})).status_code == 422
    listed = (await client.get(f"{API}/secret-vehicle-counts")).json()["items"]
    assert [(one["organisation"]["name"], one["count"]) for one in listed] == [("甲局", 3)]
    await log_in(client, "manager")
    assert (await client.put(address, json={"count": 4})).status_code == 403
