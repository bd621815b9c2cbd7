"""A deadlock never surfaces: the whole request is run again."""

import asyncio
from pathlib import Path

import pytest
from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dispatch.retrying import RetriedRoute, retried
from gateway.http.app import create_app
from kit.database import Sessions, sqlstate, transaction
from kit.settings import Settings
from kit.web import DbSession
from tests.support.world import client_of


async def test_two_requests_that_lock_crosswise_both_succeed(
    database_url: str, sessions: Sessions, tmp_path: Path
) -> None:
    async with transaction(sessions) as session:
        await session.execute(text("CREATE TABLE thing (no int PRIMARY KEY, n int NOT NULL)"))
        await session.execute(text("INSERT INTO thing VALUES (1, 0), (2, 0)"))
    router = APIRouter(route_class=RetriedRoute)
    both_hold_one = asyncio.Barrier(2)
    attempts = 0

    @router.post("/cross/{first}/{second}")
    async def cross(first: int, second: int, session: DbSession) -> None:
        nonlocal attempts
        attempts += 1
        increment = text("UPDATE thing SET n = n + 1 WHERE no = :no")
        await session.execute(increment, {"no": first})
        if attempts <= 2:
            await both_hold_one.wait()
        await session.execute(increment, {"no": second})

    app = create_app(Settings(database_url=database_url, data_dir=tmp_path), sessions=sessions)
    app.include_router(router)
    async with client_of(app) as client:
        answers = await asyncio.gather(client.post("/cross/1/2"), client.post("/cross/2/1"))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert attempts == 3
    async with sessions() as session:
        counts = (await session.scalars(text("SELECT n FROM thing ORDER BY no"))).all()
    assert counts == [2, 2]


async def test_error_that_is_no_deadlock_is_raised_at_once(sessions: Sessions) -> None:
    attempts = 0

    async def unit() -> None:
        nonlocal attempts
        attempts += 1
        async with transaction(sessions) as session:
            await session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError) as caught:
        await retried(unit)
    assert (sqlstate(caught.value), attempts) == ("22012", 1)
