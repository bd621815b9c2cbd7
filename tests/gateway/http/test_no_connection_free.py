"""What a rush beyond the pool of connections is answered."""

from pathlib import Path

from kit.database import open_engine, open_sessions
from kit.settings import Settings
from tests.dispatch.office import ok, problem, wish
from tests.support.apps import app_over
from tests.support.world import World, client_of, log_in

REQUESTS = "/api/v1/requests"


async def test_whoever_waits_in_vain_for_a_connection_is_told_to_come_again(
    database_url: str, world: World, tmp_path: Path
) -> None:
    engine = open_engine(database_url, pool_size=1, wait_s=0.05)
    settings = Settings(database_url=database_url, data_dir=tmp_path)
    async with client_of(app_over(settings, open_sessions(engine))) as client:
        await log_in(client, "applicant_a")
        async with engine.connect(), engine.connect():
            answer = await client.post(REQUESTS, json=wish())
        problem(answer, "unavailable", 503)
        assert answer.headers["Retry-After"] == "5"
        assert ok(await client.get(REQUESTS, params={"mine": True}))["items"] == []
        ok(await client.post(REQUESTS, json=wish()), 201)
    await engine.dispose()
