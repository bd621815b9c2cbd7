"""Log-in by an OpenID Connect provider, against a real one in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from fleet.tables import ExternalIdentity, JournalEntry, Person
from kit.database import Sessions, transaction
from kit.settings import Settings
from tests.fleet.identity.conftest import API, Browser, Clock, problem_of
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET
from tests.support.system import ROOT, free_port
from tests.support.waiting import eventually
from tests.support.world import World


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a running provider."""
    port = free_port()
    command = [sys.executable, "-m", "tests.support.oidc_provider", str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(f"{url}/keys"))
        yield url
    finally:
        process.terminate()
        process.wait(20)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def settings(database_url: str, tmp_path: Path, provider: str) -> Settings:
    """Settings that name the provider."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        public_url="http://gongche.test",
        oidc_discovery_url=f"{provider}/.well-known/openid-configuration",
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_username_claim="preferred_username",
    )


def will_say(provider: str, *, forged: bool = False, **claims: object) -> None:
    """Tell the provider which claims to replace in its next ID tokens."""
    body = {"claims": claims, "forged": forged}
    httpx.post(f"{provider}/next", json=body, trust_env=False).raise_for_status()


async def sent(client: httpx.AsyncClient, **query: str) -> str:
    """Go to the provider and return the address to which it sends the browser back."""
    client.cookies.clear()
    start = await client.get(f"{API}/session/oidc/start", params=query)
    assert start.status_code == 303
    assert "HttpOnly" in start.headers["set-cookie"]
    async with httpx.AsyncClient(trust_env=False) as outside:
        back = await outside.get(start.headers["location"])
    return back.headers["location"]


async def round_trip(client: httpx.AsyncClient, **query: str) -> httpx.Response:
    """Go there and back; return the last answer."""
    return await client.get(await sent(client, **query))


def went_home(answer: httpx.Response) -> bool:
    return answer.headers["location"] == "/" and "gongche_session=" in str(answer.headers)


async def test_a_bound_subject_logs_in_and_an_unknown_one_makes_no_account(
    client: httpx.AsyncClient, world: World, provider: str, sessions: Sessions, browser: Browser
) -> None:
    will_say(provider)
    async with sessions() as session:
        people = await session.scalar(select(func.count()).select_from(Person))
    unknown = await round_trip(client)
    assert unknown.headers["location"] == "/#problem=nobody-bound"
    await browser.log_in("secadmin")
    path = f"/people/{world.people['manager'].id}/external-identity"
    bound = await browser.call("PUT", path, {"subject": "subject-1"})
    assert bound.status_code == 200, bound.text
    other = f"/people/{world.people['dispatcher'].id}/external-identity"
    assert (await browser.call("PUT", other, {"subject": "subject-1"})).status_code == 409
    assert went_home(await round_trip(client))
    me = (await client.get(f"{API}/session")).json()
    assert me["person"]["username"] == "manager"
    assert (await browser.call("DELETE", path)).status_code == 204
    assert (await client.get(f"{API}/session")).status_code == 401
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Person)) == people
        actions = set((await session.scalars(select(JournalEntry.action))).all())
    assert {"external_identity.bind", "external_identity.unbind"} <= actions


async def test_the_claim_binds_the_first_subject_of_an_account_and_no_second(
    client: httpx.AsyncClient, world: World, provider: str, sessions: Sessions
) -> None:
    will_say(provider, preferred_username="Manager")
    assert went_home(await round_trip(client))
    will_say(provider, sub="subject-2", preferred_username="manager")
    assert (await round_trip(client)).headers["location"] == "/#problem=nobody-bound"
    async with sessions() as session:
        subjects = (await session.scalars(select(ExternalIdentity.subject))).all()
    assert subjects == ["subject-1"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another-client"], "azp": "another-client"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": int(time.time()) - 3_600},
        {"sub": ""},
        {"forged": True},
    ],
    ids=["nonce", "audience", "party", "issuer", "expired", "subject", "signature"],
)
async def test_an_id_token_that_can_not_be_trusted_is_refused(
    client: httpx.AsyncClient, world: World, provider: str, wrong: dict[str, object]
) -> None:
    will_say(provider, **({"preferred_username": "manager"} | wrong))  # type: ignore[arg-type]
    refused = await round_trip(client)
    assert refused.headers["location"] == "/#problem=oidc-refused"
    assert "gongche_session=" not in str(refused.headers)


async def test_a_state_counts_once_and_in_the_browser_that_was_sent(
    client: httpx.AsyncClient, world: World, provider: str
) -> None:
    will_say(provider, preferred_username="manager")
    back = await sent(client)
    client.cookies.clear()
    stolen = await client.get(back)
    assert stolen.headers["location"] == "/#problem=oidc-refused", "another browser"
    back = await sent(client)
    assert went_home(await client.get(back))
    assert (await client.get(back)).headers["location"] == "/#problem=oidc-refused"
    invented = await client.get(f"{API}/session/oidc/callback?state=x&code=y")
    assert invented.headers["location"] == "/#problem=oidc-refused"


async def test_a_second_factor_is_asked_for_after_the_provider_too(
    client: httpx.AsyncClient, world: World, provider: str, browser: Browser
) -> None:
    will_say(provider, preferred_username="manager")
    await browser.log_in("manager")
    await browser.enrol()
    asked = await round_trip(client)
    assert asked.headers["location"].startswith("/#challenge=")
    assert asked.headers["location"].endswith("&kind=totp")
    assert "gongche_session=" not in str(asked.headers)


async def test_without_a_password_only_a_fresh_proof_at_the_provider_sets_one_or_a_factor(
    client: httpx.AsyncClient, world: World, provider: str, sessions: Sessions, clock: Clock
) -> None:
    async with transaction(sessions) as session:
        (await session.merge(world.people["manager"])).password_hash = None
    password = {"new_password": "ein-neues-Passwort-2026"}
    # A cookie counts from our own pages alone.
    client.headers["Origin"] = "http://gongche.test"

    async def refusals() -> list[str]:
        answers = [
            await client.post(f"{API}/session/password", json=password),
            await client.post(f"{API}/session/second-factor", json={}),
        ]
        return [problem_of(one) if one.is_error else "" for one in answers]

    # The provider remembers them, or does not say since when: the session itself proves nothing.
    will_say(provider, preferred_username="manager")
    assert went_home(await round_trip(client))
    assert await refusals() == ["log-in-too-old"] * 2
    will_say(provider, preferred_username="manager", auth_time=None)
    assert went_home(await round_trip(client, fresh="true"))
    assert await refusals() == ["log-in-too-old"] * 2
    will_say(provider, preferred_username="manager")
    assert went_home(await round_trip(client, fresh="true"))
    clock.advance(minutes=16)
    assert await refusals() == ["log-in-too-old"] * 2
    clock.advance(minutes=-16)
    assert (await client.post(f"{API}/session/second-factor", json={})).status_code == 200
    assert (await client.post(f"{API}/session/password", json=password)).status_code == 204
    # From now on there is a password to be asked for.
    assert await refusals() == ["wrong-password"] * 2
