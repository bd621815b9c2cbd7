"""How the routes of log-in answer: refusals are kept, tokens become cookies."""

from datetime import datetime
from typing import TypeVar

from fastapi import Response
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import COOKIE, Actor
from fleet.identity.challenges import Challenged
from fleet.identity.log_in import Outcome
from fleet.identity.schemas import Account, ChallengeOut, NewSession, RoleOut
from fleet.organisations.tables import Organisation
from fleet.people.role_store import givers_of
from fleet.refs import Named
from kit.errors import DomainError
from kit.settings import Settings

T = TypeVar("T")


async def kept(session: AsyncSession, outcome: T | DomainError) -> T:
    """Return the outcome; a refusal is raised after what it counted has been committed."""
    if isinstance(outcome, DomainError):
        await session.commit()
        raise outcome
    return outcome


async def log_in_answer(
    session: AsyncSession,
    response: Response,
    settings: Settings,
    outcome: Outcome,
    now: datetime,
) -> NewSession | JSONResponse:
    """Answer 200 with the session and its cookie, or 202 with what is needed; or refuse."""
    if isinstance(outcome, DomainError):
        await session.commit()
        raise outcome
    if isinstance(outcome, Challenged):
        asked = ChallengeOut(
            challenge=outcome.token, kind=outcome.kind, expires_at=outcome.expires_at
        )
        return JSONResponse(asked.model_dump(mode="json"), status_code=202)
    set_cookie(response, settings, outcome.token)
    opened = NewSession(
        token=outcome.token,
        expires_at=outcome.expires_at,
        person=account(outcome.actor),
        roles=await role_list(session, outcome.actor, now),
        permissions=sorted(outcome.actor.permissions),
    )
    if outcome.recovery_codes:
        opened.recovery_codes = list(outcome.recovery_codes)
    return opened


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Give the browser its token, out of the pages' reach (ASVS 5.0, 3.3)."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_hours * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_encrypted(settings),
    )


def clear_cookie(response: Response) -> None:
    """Take the token from the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def is_encrypted(settings: Settings) -> bool:
    """Return whether people reach us by TLS."""
    return settings.public_url.startswith("https://")


def account(actor: Actor) -> Account:
    """Show the actor's account."""
    return Account(id=actor.person_id, name=actor.name, username=actor.username)


async def role_list(session: AsyncSession, actor: Actor, now: datetime) -> list[RoleOut]:
    """Show what the actor is, where, and by whose delegation (代理) when it is not their own."""
    nos = {grant.organisation_no for grant in actor.grants}
    rows = await session.scalars(select(Organisation).where(Organisation.no.in_(nos)))
    names = {row.no: Named(id=row.id, name=row.name) for row in rows}
    held = dict.fromkeys((g.role, g.organisation_no) for g in actor.grants)
    givers = await givers_of(session, actor.person_no, now)
    return [
        RoleOut(role=role, organisation=names[no], delegated_by=givers.get((role, no)))
        for role, no in held
    ]
