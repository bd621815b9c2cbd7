"""A hundred ask over HTTP at once for ten vehicles: ten are promised, ninety told what else."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from kit.database import Sessions, open_engine, open_sessions, transaction
from kit.settings import Settings
from tests.dispatch.capacity.promising import add_pool_vehicles, held
from tests.dispatch.conftest import open_session_of
from tests.dispatch.office import API, Office
from tests.dispatch.test_bookings import awaiting, hours
from tests.support.apps import app_over
from tests.tracking.received import soon

AT_ONCE = 100


@pytest.fixture
async def served(database_url: str, sessions: Sessions, tmp_path: Path) -> AsyncIterator[str]:
    """The address of the application on loopback, with as many connections as a server has."""
    engine = open_engine(database_url)
    settings = Settings(database_url=database_url, data_dir=tmp_path, demo=True)
    app = app_over(settings, open_sessions(engine))
    # The live feed would need a bus, so there is no lifespan.
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    )
    task = asyncio.create_task(server.serve())
    await soon(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task
    await engine.dispose()


async def test_a_hundred_promises_at_once_over_http_are_ten_and_ninety_refused_with_alternatives(
    office: Office, served: str
) -> None:
    await add_pool_vehicles(office, 8)
    async with transaction(office.sessions) as session:
        rows = [awaiting(office.world, hours(9, 11)) for _ in range(AT_ONCE)]
        session.add_all(rows)
    token = await open_session_of(office.sessions, office.world.people["dispatcher"])
    pool = str(office.world.organisations["bureau"].id)
    body = {"revision": 3, "organisation_id": pool}
    limits = httpx.Limits(max_connections=AT_ONCE)
    bearer = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        base_url=served, headers=bearer, limits=limits, timeout=None
    ) as client:
        paths = [f"{API}/requests/{row.id}/reservation" for row in rows]
        answers = await asyncio.gather(*(client.post(path, json=body) for path in paths))
    assert Counter(one.status_code for one in answers) == {201: 10, 409: 90}
    assert len(await held(office)) == 10
    for one in answers:
        if one.status_code == 409:
            problem = one.json()
            assert problem["type"] == "/problems/capacity-full"
            instead = problem["alternatives"]
            assert len(instead["other_times"]) == 2
            assert {pool["organisation"]["name"] for pool in instead["other_pools"]} == {
                "甲局", "乙局",
            }  # fmt: skip
