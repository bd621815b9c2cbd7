"""The second factor: enrolment, log-in by code, replay, recovery, and roles that demand it."""

import pyotp
from sqlalchemy import select

from fleet.tables import JournalEntry, LogIn, RecoveryCode, SecondFactor
from kit.database import Sessions
from tests.fleet.identity.conftest import Browser, Clock, problem_of
from tests.support.world import World


async def challenged(browser: Browser, username: str) -> dict[str, str]:
    answer = await browser.log_in(username)
    assert answer.status_code == 202, answer.text
    assert "set-cookie" not in answer.headers
    body: dict[str, str] = answer.json()
    return body


async def test_a_code_is_asked_for_after_the_password_and_counts_once(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("manager")
    totp, _ = await browser.enrol()
    asked = await challenged(other, "manager")
    assert asked["kind"] == "totp"
    other.token = asked["challenge"]
    assert (await other.call("GET", "/session")).status_code == 401, "a challenge is no session"
    replayed = await other.answer(asked["challenge"], code=other.code(totp))
    assert problem_of(replayed) == "challenge-failed", "the enrolment has spent this code"
    clock.advance(seconds=60)
    assert (await other.answer(asked["challenge"], code=other.code(totp))).status_code == 200
    spent = await other.answer(asked["challenge"], code=other.code(totp))
    assert problem_of(spent) == "challenge-failed", "the challenge is answered"
    again = await challenged(other, "manager")
    refused = await other.answer(again["challenge"], code=other.code(totp))
    assert problem_of(refused) == "challenge-failed", "the code was used before"
    clock.advance(seconds=30)
    assert (await other.answer(again["challenge"], code=other.code(totp))).status_code == 200


async def test_each_recovery_code_stands_in_once(
    browser: Browser, other: Browser, world: World
) -> None:
    await browser.log_in("manager")
    _, codes = await browser.enrol()
    assert len(set(codes)) == 10
    for code, status in ((codes[0], 200), (codes[0], 401), (codes[1].lower(), 200)):
        asked = await challenged(other, "manager")
        assert (await other.answer(asked["challenge"], code=code)).status_code == status
    state = (await browser.call("GET", "/session/second-factor")).json()
    assert state["recovery_codes_left"] == 8
    assert state["since"] is not None


async def test_wrong_codes_end_the_challenge_and_then_lock_the_account(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("manager")
    totp, _ = await browser.enrol()
    asked = await challenged(other, "manager")
    statuses = [
        (await other.answer(asked["challenge"], code=f"00000{n}")).status_code for n in range(5)
    ]
    assert statuses == [401, 401, 401, 429, 429], "log_in_attempts is 3 here"
    assert (await other.log_in("manager")).status_code == 429
    clock.advance(minutes=16)
    asked = await challenged(other, "manager")
    assert (await other.answer(asked["challenge"], code=other.code(totp))).status_code == 200


async def test_a_demanded_factor_ends_sessions_without_it_and_must_be_set_up(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("manager")
    await other.log_in("secadmin")
    policy = (await other.call("GET", "/policy")).json()
    wanted = policy | {"second_factor_roles": ["fleet_manager"]}
    assert (await other.call("PUT", "/policy", wanted)).json() == wanted
    assert (await browser.call("GET", "/session")).status_code == 401, "at once"
    asked = await challenged(browser, "manager")
    assert asked["kind"] == "enrol"
    begun = await browser.call(
        "POST", "/session/challenge/enrolment", {"challenge": asked["challenge"]}
    )
    assert begun.json()["qr_svg"].startswith("<svg")
    assert begun.json()["uri"].startswith("otpauth://totp/")
    totp = pyotp.TOTP(begun.json()["secret"])
    assert (await browser.answer(asked["challenge"], code="000000")).status_code == 401
    opened = await browser.answer(asked["challenge"], code=browser.code(totp))
    assert opened.status_code == 200
    assert len(opened.json()["recovery_codes"]) == 10
    assert (await browser.call("GET", "/session")).status_code == 200
    again = await browser.call(
        "POST", "/session/challenge/enrolment", {"challenge": asked["challenge"]}
    )
    assert again.status_code == 401
    assert (await challenged(other, "manager"))["kind"] == "totp"


async def test_removal_needs_password_and_code_and_an_administrator_can_reset(
    browser: Browser, other: Browser, clock: Clock, world: World
) -> None:
    await browser.log_in("manager")
    _, codes = await browser.enrol()
    unproved = await browser.call("POST", "/session/second-factor", {"password": "x"})
    assert problem_of(unproved) == "wrong-password"
    begun = await browser.call("POST", "/session/second-factor", {"password": "test-only-password"})
    assert problem_of(begun) == "second-factor-there"
    removal = "/session/second-factor/removal"
    clock.advance(seconds=60)
    wrong = await browser.call(
        "POST", removal, {"password": "test-only-password", "code": "000000"}
    )
    assert problem_of(wrong) == "wrong-code"
    right = {"password": "test-only-password", "code": codes[0]}
    assert (await browser.call("POST", removal, right)).status_code == 204
    assert (await other.log_in("manager")).status_code == 200
    await other.enrol()
    await browser.log_in("secadmin")
    person = world.people["manager"].id
    reset = await browser.call("DELETE", f"/people/{person}/second-factor")
    assert reset.status_code == 204
    assert (await other.call("GET", "/session")).status_code == 401
    assert (await other.log_in("manager")).status_code == 200
    assert (await other.call("DELETE", f"/people/{person}/second-factor")).status_code == 403


async def test_the_database_holds_neither_secret_nor_code(
    browser: Browser, world: World, sessions: Sessions
) -> None:
    await browser.log_in("manager")
    totp, _ = await browser.enrol()
    async with sessions() as session:
        (factor,) = (await session.scalars(select(SecondFactor))).all()
        digests = (await session.scalars(select(RecoveryCode.code_digest))).all()
        (row,) = (await session.scalars(select(LogIn))).all()
        actions = (await session.scalars(select(JournalEntry.action))).all()
    assert totp.byte_secret() not in factor.sealed_secret
    assert {len(one) for one in digests} == {32}
    assert row.second_factor
    assert {"second_factor.begin", "second_factor.confirm", "recovery_codes.renew"} <= set(actions)
