"""Whoever looks after the accounts of one unit opens no account that reaches beyond it."""

from datetime import timedelta

from sqlalchemy.dialects.postgresql import Range

from fleet.tables import PersonRole
from fleet.words import Role
from kit.database import Sessions, transaction
from tests.fleet.identity.conftest import Browser, Clock, problem_of
from tests.support.world import World

NEW = "a-quite-other-secret-9"
SUBJECT = {"subject": "somebody"}


async def test_an_administrator_below_opens_no_account_with_a_role_above(
    browser: Browser, sessions: Sessions, world: World
) -> None:
    unit = world.organisations["a"]
    async with transaction(sessions) as session:
        session.add_all(
            PersonRole(
                person_no=world.people[username].no,
                organisation_no=unit.no,
                role=role,
                period=Range(world.since, None, bounds="[)"),
            )
            for username, role in (
                ("clerk_a", Role.SECURITY_ADMINISTRATOR),
                ("manager", Role.APPLICANT),
            )
        )
    await browser.log_in("clerk_a")
    manager, below, own = (
        f"/people/{world.people[username].id}" for username in ("manager", "applicant_a", "clerk_a")
    )
    for account, problem in ((manager, "belongs-elsewhere"), (own, "own-account")):
        for method, path, body in (
            ("POST", "/set-up-link", None),
            ("DELETE", "/second-factor", None),
            ("PUT", "/external-identity", SUBJECT),
            ("DELETE", "/external-identity", None),
        ):
            refused = await browser.call(method, account + path, body)
            assert (refused.status_code, problem_of(refused)) == (403, problem), path
    assert (await browser.call("POST", f"{below}/set-up-link")).status_code == 201


async def test_an_api_token_opens_no_account(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("secadmin")
    wanted = {
        "name": "账号同步",
        "permissions": ["person.write"],
        "expires_at": (clock.now + timedelta(days=30)).isoformat(),
    }
    other.token = (await browser.call("POST", "/tokens", wanted)).json()["token"]
    account = f"/people/{world.people['manager'].id}"
    for method, path, body in (
        ("POST", "/set-up-link", None),
        ("DELETE", "/second-factor", None),
        ("PUT", "/external-identity", SUBJECT),
    ):
        refused = await other.call(method, account + path, body)
        assert problem_of(refused) == "token-not-enough", path


async def test_a_log_in_begun_with_the_old_password_ends_with_it(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await other.log_in("secadmin")
    policy = (await other.call("GET", "/policy")).json()
    rules = policy | {"password_max_age_days": 30}
    assert (await other.call("PUT", "/policy", rules)).status_code == 200
    clock.advance(days=31)
    challenge = (await browser.log_in("manager")).json()["challenge"]
    own = (await other.log_in("secadmin")).json()["challenge"]
    assert (await other.answer(own, new_password=NEW)).status_code == 200
    account = f"/people/{world.people['manager'].id}"
    url = (await other.call("POST", f"{account}/set-up-link")).json()["url"]
    used = {"token": url.partition("=")[2], "password": NEW}
    assert (await other.call("POST", "/session/set-up", used)).status_code == 200
    late = await browser.answer(challenge, new_password="the-thief's-own-secret-1")
    assert problem_of(late) == "challenge-failed"
    assert (await browser.log_in("manager", NEW)).status_code == 200
