"""A request is found in the log by the id that its answer tells."""

import json

import pytest

from gateway.http.app import create_app
from kit.log import JsonLines
from kit.settings import Settings
from tests.support.world import client_of

AWAY = "postgresql://nobody@127.0.0.1:1/nothing"


async def test_the_line_of_a_failed_request_bears_the_id_that_its_answer_tells(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = create_app(Settings(database_url=AWAY))
    caplog.handler.setFormatter(JsonLines("api"))

    @app.get("/boom")
    async def boom() -> None:
        raise ValueError("it burns")

    async with client_of(app) as client:
        answers = [await client.get("/boom", headers={"X-Request-Id": "mine"}) for _ in range(2)]
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert [line["request"] for line in lines if line["message"] == "request failed"] == ids
    assert len({*ids, "mine"}) == 3
