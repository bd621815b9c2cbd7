"""What no honest client sends is refused in one sentence, never answered by an internal error."""

import base64
import json

import httpx
import pytest

from kit.origins import host_of
from kit.paging import BadCursor, decode_cursor, number_in
from tests.support.world import PASSWORD, World, begin_sitting, log_in

API = "/api/v1"


def cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize("username", ["mana\0ger", "\0", "\ud800"])
async def test_a_log_in_with_a_name_that_cannot_be_stored_is_refused(
    client: httpx.AsyncClient, world: World, username: str
) -> None:
    body = json.dumps({"username": username, "password": PASSWORD})
    answer = await client.post(
        f"{API}/session", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (401, 422)
    assert answer.json()["type"].startswith("/problems/")


async def test_nul_in_a_query_that_reaches_the_database_is_an_invalid_request(
    client: httpx.AsyncClient, world: World
) -> None:
    await log_in(client, "manager")
    answer = await client.get(f"{API}/quarantine", params={"phone": "\0"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"


async def test_nul_in_a_body_is_an_invalid_request(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "manager")
    answer = await client.post(
        f"{API}/terminals",
        json={
            "phone": "139\x000",
            "organisation_id": str(world.organisations["bureau"].id),
            "protocol": "jt808",
            "model": "\0",
        },
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", ""])
async def test_an_origin_that_is_no_address_is_a_foreign_page(
    client: httpx.AsyncClient, origin: str
) -> None:
    body = {"username": "manager", "password": PASSWORD}
    answer = await client.post(f"{API}/session", json=body, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/cross-origin"


def test_only_an_origin_with_a_host_has_one() -> None:
    assert host_of("https://cars.example:8443") == "cars.example:8443"
    assert [host_of(one) for one in ("http://[", "null", "")] == [None, None, None]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
    ],
)
@pytest.mark.parametrize("path", ["/trips", "/stops", "/findings"])
async def test_a_period_that_ends_before_it_begins_is_refused(
    client: httpx.AsyncClient, world: World, path: str, start: str, end: str
) -> None:
    await log_in(client, "supervisor")
    await begin_sitting(client)
    asked = {"start": start, "end": end, "vehicle_id": str(world.vehicles["a1"].id)}
    answer = await client.get(API + path, params=asked)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/empty-period"


@pytest.mark.parametrize("month", ["0001-01", "1850-01", "9999-12", "9998-12", "2026-13"])
@pytest.mark.parametrize("path", ["publicity", "publicity.xlsx"])
async def test_a_month_outside_the_calendar_is_refused(
    client: httpx.AsyncClient, world: World, path: str, month: str
) -> None:
    await log_in(client, "supervisor")
    answer = await client.get(f"{API}/reports/{path}", params={"month": month})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/bad-month"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01", "2026-03-01"),
        ("2026-03-01", "9999-12-31"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        ("9999-12-31", "9999-12-31"),
    ],
)
@pytest.mark.parametrize("path", ["/reports/explained", "/findings"])
async def test_days_at_the_edge_of_the_calendar_are_refused(
    client: httpx.AsyncClient, world: World, path: str, start: str, end: str
) -> None:
    await log_in(client, "supervisor")
    answer = await client.get(API + path, params={"start": start, "end": end})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"


@pytest.mark.parametrize("phone", ["\0", "1390\0", "\ud800"])
async def test_a_cursor_that_no_list_gave_out_is_refused(
    client: httpx.AsyncClient, world: World, phone: str
) -> None:
    await log_in(client, "manager")
    asked = {"cursor": cursor("2026-03-01T00:00:00+00:00", phone)}
    answer = await client.get(f"{API}/unknown-terminals", params=asked)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/bad-cursor"


def test_true_is_no_number_of_a_cursor() -> None:
    with pytest.raises(BadCursor):
        number_in(True)
    with pytest.raises(BadCursor):
        decode_cursor(cursor(True), 1)


def test_a_cursor_without_bottom_is_refused() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 50_000).decode()
    with pytest.raises(BadCursor):
        decode_cursor(deep, 1)
