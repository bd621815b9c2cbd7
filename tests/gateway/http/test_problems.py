"""Errors are problem documents that tell a stable type, and nothing of the inside."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from gateway.http.app import create_app
from gateway.http.problems import MEDIA_TYPE
from kit.errors import Conflict
from kit.settings import Settings
from tests.support.world import World, client_of, log_in

JSON = {"Content-Type": "application/json"}
AWAY = "postgresql://nobody@127.0.0.1:1/nothing"


class VehicleOnFire(Conflict):
    """The vehicle is on fire."""


async def test_a_domain_error_becomes_its_type_title_status_and_facts() -> None:
    app = create_app(Settings(database_url=AWAY))

    @app.get("/boom")
    async def boom() -> None:
        raise VehicleOnFire("Put it out.", plate="示A10001")

    async with client_of(app) as client:
        answer = await client.get("/boom")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json() == {
        "type": "/problems/vehicle-on-fire",
        "title": "The vehicle is on fire.",
        "status": 409,
        "detail": "Put it out.",
        "plate": "示A10001",
    }


async def test_an_unexpected_error_is_logged_and_tells_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = create_app(Settings(database_url=AWAY))

    @app.get("/boom")
    async def boom() -> None:
        raise ValueError("the secret is 42")

    async with client_of(app) as client:
        answer = await client.get("/boom")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal-error"
    assert "42" not in answer.text
    assert "Content-Security-Policy" in answer.headers
    assert "the secret is 42" in caplog.text


async def test_a_database_that_is_away_answers_503() -> None:
    app = create_app(Settings(database_url=AWAY))
    async with client_of(app) as client:
        answer = await client.get("/api/v1/vehicles", headers={"Authorization": "Bearer x"})
        health = await client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert health.status_code == 503
    assert health.json()["database"] == "away"
    assert health.json()["status"] == "down"


async def test_a_request_of_the_wrong_form_names_its_fields_and_repeats_no_value(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/api/v1/session", json={"username": "x", "password": 987654321})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"
    assert [one["field"] for one in answer.json()["fields"]] == ["password"]
    assert "987654321" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("POST", "/nothing", 404, "not-found"),
        ("GET", "/api/v1/vehicles", 401, "not-logged-in"),
        ("PATCH", "/api/v1/vehicles", 405, "method-not-allowed"),
    ],
)
async def test_refusals_of_the_edge_are_problems_too(
    client: httpx.AsyncClient, method: str, path: str, status: int, kind: str
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["type"] == f"/problems/{kind}"


async def test_a_body_without_end_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/session", json={"username": "x" * 2_000_000})
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/body-too-large"


async def test_a_body_that_does_not_tell_its_length_is_cut_off(
    client: httpx.AsyncClient,
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 100_000

    answer = await client.post("/api/v1/session", content=chunks(), headers=JSON)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == MEDIA_TYPE


async def test_every_answer_carries_the_security_headers(
    app: FastAPI, client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    for path in ("/", "/api/v1/vehicles", "/health", "/api/v1/nothing", "/api/openapi.json"):
        headers = (await client.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
    assert (await client.get("/api/v1/vehicles")).headers["cache-control"] == "no-store"
