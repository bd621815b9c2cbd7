"""Proofs that the holder of a session is still its person, before what opens doors is changed.

Source: OWASP ASVS 5.0, 7.5.1. An API token can give none.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, AllowAnyone, presented_token
from fleet.errors import TooManyLogIns
from fleet.identity.bearers import API_TOKEN_PREFIX
from fleet.identity.errors import LogInTooOld, TokenNotEnough, WrongCode, WrongPassword
from fleet.identity.passwords import matches
from fleet.identity.second_factor import accepts, sealer_for
from fleet.identity.sessions import session_of
from fleet.identity.throttle import count_failure, refusal_to_try
from fleet.identity.visits import Visit
from fleet.people.tables import Person

FRESH = timedelta(minutes=15)


def by_token(request: Request) -> bool:
    """Return whether a request is made by an API token."""
    return (presented_token(request) or "").startswith(API_TOKEN_PREFIX)


async def _in_person(actor: Annotated[Actor, AllowAnyone()], request: Request) -> Actor:
    if by_token(request):
        raise TokenNotEnough
    return actor


InPerson = Annotated[Actor, Depends(_in_person, scope="function")]
"""Somebody with a session of their own, and no API token. Raises TokenNotEnough."""


async def person_behind(session: AsyncSession, actor: Actor) -> Person:
    """Return the actor's own row."""
    return await session.get_one(Person, actor.person_no)


async def password_refusal(
    session: AsyncSession, visit: Visit, actor: Actor, person: Person, password: str | None
) -> TooManyLogIns | WrongPassword | LogInTooOld | None:
    """Return why `password` proves nothing, which then counts as a failure; None when it does.

    A person without a password has proved themselves to the provider, or by a code, just now; that
    a provider has remembered them is no proof, and an administrator's set-up link is the other way.
    """
    if person.password_hash is None:
        assert actor.bearer_id is not None
        proved_at = (await session_of(session, actor.bearer_id)).proved_at
        is_fresh = proved_at is not None and visit.now - proved_at < FRESH
        return None if is_fresh else LogInTooOld()
    refusal = await refusal_to_try(session, visit, person.username)
    if refusal is not None:
        return refusal
    if password is None or not await matches(password, person.password_hash):
        await count_failure(session, visit, person.username, "wrong current password")
        return WrongPassword()
    return None


async def code_refusal(
    session: AsyncSession, visit: Visit, actor: Actor, person: Person, code: str
) -> TooManyLogIns | WrongCode | None:
    """Return why `code` proves nothing, which then counts as a failure; None when it does.

    Raises NoSecondFactor.
    """
    refusal = await refusal_to_try(session, visit, person.username)
    if refusal is not None:
        return refusal
    if not await accepts(session, visit.act(actor), person, sealer_for(visit.settings), code):
        await count_failure(session, visit, person.username, "wrong code")
        return WrongCode()
    return None
