"""Passwords: what the policy refuses, how they are changed, and links that set them once."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from fleet.identity.errors import TwoAdministrators
from fleet.identity.password_rules import PasswordFault, faults
from fleet.identity.policy import Policy
from fleet.identity.separation import refuse_two_administrators
from fleet.tables import JournalEntry
from fleet.words import Role
from kit.database import Sessions
from tests.fleet.identity.conftest import Browser, Clock, problem_of
from tests.support.world import PASSWORD, World

NEW = "green bamboo by the river"


@pytest.mark.parametrize(
    "password",
    [
        *("password123", "P@ssw0rd2024!", "Admin@12345", "1234567890", "qwertyuiop"),
        *("aaaaaaaaaaaa", "1qaz2wsx3edc", "woaini1314", "gongche2024", "abcdefghij"),
        *("adminadmin", "20240101..!"),
    ],
)
def test_what_guessers_try_first_is_refused(password: str) -> None:
    assert PasswordFault.TOO_COMMON in faults(password, username="li", policy=Policy())


@pytest.mark.parametrize("password", [PASSWORD, NEW, "Tq7-frost-Lantern", "石榴树下有七只白猫咪喵"])
def test_what_nobody_guesses_is_accepted(password: str) -> None:
    assert faults(password, username="li", policy=Policy()) == []


def test_the_switches_of_level_three_are_obeyed() -> None:
    strict = Policy(password_classes=4, password_max_age_days=90)
    assert faults(NEW, username="li", policy=strict) == [PasswordFault.TOO_FEW_CLASSES]
    assert faults("Green bamboo 9", username="li", policy=strict) == []
    assert faults("wang-likes-tea", username="Wang", policy=Policy()) == [
        PasswordFault.HOLDS_USERNAME
    ]


@given(st.text(max_size=128), st.text(min_size=1, max_size=32))
def test_any_text_gets_a_verdict(password: str, username: str) -> None:
    found = faults(password, username=username, policy=Policy())
    assert (PasswordFault.TOO_SHORT in found) == (len(password) < 10)


@given(st.sets(st.sampled_from(list(Role))))
def test_two_of_the_three_administrators_are_never_one_person(roles: set[Role]) -> None:
    three = {r for r in roles if r.endswith("_administrator")}
    if len(three) > 1:
        with pytest.raises(TwoAdministrators):
            refuse_two_administrators(roles)
    else:
        refuse_two_administrators(roles)


async def test_a_changed_password_ends_the_other_sessions(
    browser: Browser, other: Browser, world: World, sessions: Sessions
) -> None:
    await browser.log_in("manager")
    await other.log_in("manager")
    change = "/session/password"
    wrong = {"current_password": "wrong", "new_password": NEW}
    assert problem_of(await browser.call("POST", change, wrong)) == "wrong-password"
    short = {"current_password": PASSWORD, "new_password": "manager"}
    refused = await browser.call("POST", change, short)
    assert refused.status_code == 422
    assert refused.json()["faults"] == ["too_short", "too_common", "holds_username"]
    same = {"current_password": PASSWORD, "new_password": PASSWORD}
    assert (await browser.call("POST", change, same)).json()["faults"] == ["used_before"]
    right = {"current_password": PASSWORD, "new_password": NEW}
    assert (await browser.call("POST", change, right)).status_code == 204
    assert (await browser.call("GET", "/session")).status_code == 200
    assert (await other.call("GET", "/session")).status_code == 401
    assert (await other.log_in("manager")).status_code == 401
    assert (await other.log_in("manager", NEW)).status_code == 200
    async with sessions() as session:
        entries = (await session.scalars(select(JournalEntry))).all()
    assert "password.set" in {one.action for one in entries}
    assert NEW not in "".join(f"{one.before}{one.after}{one.reason}" for one in entries)


async def test_wrong_current_passwords_lock_the_account(browser: Browser, world: World) -> None:
    await browser.log_in("manager")
    wrong = {"current_password": "wrong", "new_password": NEW}
    statuses = [
        (await browser.call("POST", "/session/password", wrong)).status_code for _ in range(4)
    ]
    assert statuses == [403, 403, 403, 429]


async def test_an_expired_password_is_changed_at_log_in_where_the_policy_says_so(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await other.log_in("secadmin")
    policy = (await other.call("GET", "/policy")).json()
    rules = policy | {"password_max_age_days": 30, "password_history": 2}
    assert (await other.call("PUT", "/policy", rules)).status_code == 200
    clock.advance(days=31)
    asked = (await browser.log_in("manager")).json()
    assert asked["kind"] == "new_password"
    challenge = asked["challenge"]
    refused = await browser.answer(challenge, new_password=PASSWORD)
    assert refused.json()["faults"] == ["used_before"]
    assert (await browser.answer(challenge, new_password=NEW)).status_code == 200
    assert (await browser.log_in("manager", NEW)).status_code == 200
    back = {"current_password": NEW, "new_password": PASSWORD}
    assert (await browser.call("POST", "/session/password", back)).status_code == 204, (
        "only passwords set here are remembered"
    )
    again = {"current_password": PASSWORD, "new_password": NEW}
    assert (await browser.call("POST", "/session/password", again)).json()["faults"] == [
        "used_before"
    ]


async def test_a_set_up_link_works_once_and_ends_what_was_open(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("manager")
    await other.log_in("secadmin")
    person = world.people["manager"].id
    link = (await other.call("POST", f"/people/{person}/set-up-link")).json()
    head, _, token = link["url"].partition("/set-up#token=")
    assert head.startswith("http")
    body = {"token": token, "password": "short"}
    assert problem_of(await other.call("POST", "/session/set-up", body)) == "password-refused"
    body = {"token": token, "password": NEW}
    used = await other.call("POST", "/session/set-up", body)
    assert used.json() == {"username": "manager"}
    again = await other.call("POST", "/session/set-up", body)
    assert problem_of(again) == "set-up-link-useless"
    assert (await browser.call("GET", "/session")).status_code == 401
    assert (await browser.log_in("manager", NEW)).status_code == 200
    late = (await other.call("POST", f"/people/{person}/set-up-link")).json()["url"]
    assert datetime.fromisoformat(link["expires_at"]) > datetime.now(UTC)
    clock.advance(hours=25)
    body = {"token": late.partition("=")[2], "password": NEW}
    assert problem_of(await other.call("POST", "/session/set-up", body)) == "set-up-link-useless"
    assert (await browser.call("POST", f"/people/{person}/set-up-link")).status_code in (401, 403)


async def test_one_address_is_locked_after_many_accounts(browser: Browser, world: World) -> None:
    statuses = [(await browser.log_in(f"guess{n}", "wrong")).status_code for n in range(6)]
    assert statuses == [401, 401, 401, 401, 401, 429]
