"""Log-in, lock-out and log-out."""

import httpx
from sqlalchemy import select

from fleet.access import COOKIE
from fleet.tables import JournalEntry, LogIn
from kit.database import Sessions
from tests.support.world import PASSWORD, World, log_in

SESSION = "/api/v1/session"
OURS = {"Sec-Fetch-Site": "same-origin"}


async def attempt(client: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    return await client.post(SESSION, json={"username": username, "password": password})


async def test_log_in_says_who_is_there_and_what_they_may_do(
    client: httpx.AsyncClient, world: World
) -> None:
    answer = await attempt(client, "Approver_A", PASSWORD)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["person"]["username"] == "approver_a"
    assert [(r["role"], r["organisation"]["name"]) for r in body["roles"]] == [
        ("unit_approver", "甲局")
    ]
    assert "request.approve" in body["permissions"]
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    again = await client.get(SESSION)
    assert again.json() == {k: v for k, v in body.items() if k != "token"}


async def test_the_database_holds_no_token(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    token = (await attempt(client, "manager", PASSWORD)).json()["token"]
    async with sessions() as session:
        digests = (await session.scalars(select(LogIn.token_digest))).all()
    assert len(digests) == 1
    assert token.encode() not in digests[0]
    assert len(digests[0]) == 32


async def test_wrong_password_and_unknown_account_get_the_same_answer(
    client: httpx.AsyncClient, world: World
) -> None:
    wrong = await attempt(client, "manager", "not the password")
    unknown = await attempt(client, "nobody", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["type"] == "/problems/log-in-failed"


async def test_repeated_failures_lock_the_account_even_for_the_right_password(
    client: httpx.AsyncClient, world: World
) -> None:
    for _ in range(3):
        assert (await attempt(client, "manager", "wrong")).status_code == 401
    locked = await attempt(client, "manager", PASSWORD)
    assert locked.status_code == 429
    assert locked.json()["type"] == "/problems/too-many-log-ins"
    assert locked.headers["retry-after"] == "900"
    assert (await attempt(client, "dispatcher", PASSWORD)).status_code == 200


async def test_a_success_forgives_earlier_failures(client: httpx.AsyncClient, world: World) -> None:
    for _ in range(2):
        await attempt(client, "manager", "wrong")
    assert (await attempt(client, "manager", PASSWORD)).status_code == 200
    client.cookies.clear()
    for _ in range(2):
        assert (await attempt(client, "manager", "wrong")).status_code == 401
    assert (await attempt(client, "manager", PASSWORD)).status_code == 200


async def test_every_outcome_stands_in_the_journal_with_the_account_name(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await attempt(client, "nobody", "wrong")
    await log_in(client, "manager")
    await client.delete(SESSION)
    async with sessions() as session:
        rows = await session.execute(
            select(JournalEntry.action, JournalEntry.actor_name)
            .where(JournalEntry.action.startswith("session."))
            .order_by(JournalEntry.no)
        )
    assert [tuple(row) for row in rows] == [
        ("session.refuse", "nobody"),
        ("session.begin", "manager"),
        ("session.end", "manager"),
    ]


async def test_a_token_is_worthless_after_log_out(client: httpx.AsyncClient, world: World) -> None:
    await log_in(client, "manager")
    assert (await client.get(SESSION)).status_code == 200
    assert (await client.delete(SESSION)).status_code == 204
    ended = await client.get(SESSION)
    assert ended.status_code == 401
    assert ended.json()["type"] == "/problems/not-logged-in"


async def test_a_disabled_person_is_out_at_once(
    client: httpx.AsyncClient, world: World, sessions: Sessions
) -> None:
    await log_in(client, "manager")
    async with sessions.begin() as session:
        person = await session.merge(world.people["manager"])
        person.disabled_at = world.now
    assert (await client.get(SESSION)).status_code == 401
    assert (await attempt(client, "manager", PASSWORD)).status_code == 401


async def test_a_foreign_page_cannot_use_the_cookie(
    client: httpx.AsyncClient, world: World
) -> None:
    await attempt(client, "manager", PASSWORD)
    assert client.cookies[COOKIE]
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {},
    ):
        refused = await client.delete(SESSION, headers=headers)
        assert refused.status_code == 403, headers
        assert refused.json()["type"] == "/problems/cross-origin"
    assert (await client.get(SESSION)).status_code == 200
    assert (await client.delete(SESSION, headers=OURS)).status_code == 204


async def test_a_foreign_page_cannot_log_a_browser_in(
    client: httpx.AsyncClient, world: World
) -> None:
    answer = await client.post(
        SESSION,
        json={"username": "manager", "password": PASSWORD},
        headers={"Origin": "http://evil.test"},
    )
    assert answer.status_code == 403
