"""Routes of log-in, session and log-out."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import COOKIE, Actor, AllowAnyone, presented_token
from fleet.identity.schemas import Account, Credentials, NewSession, RoleOut, SessionOut
from fleet.identity.sessions import log_in, log_out, session_end
from fleet.organisations.tables import Organisation
from fleet.refs import Named
from kit.database import Sessions, transaction
from kit.errors import DomainError, NotLoggedIn
from kit.settings import Settings
from kit.web import Address, AppSettings, DbSession, Now

router = APIRouter(tags=["session"])


@router.post("/session")
async def open_session(
    credentials: Credentials,
    request: Request,
    response: Response,
    settings: AppSettings,
    now: Now,
    address: Address,
) -> NewSession:
    """Log in; the token comes as a cookie too."""
    sessions: Sessions = request.app.state.sessions
    # A transaction of its own: a failure is counted although the request is refused.
    async with transaction(sessions) as session:
        outcome = await log_in(
            session,
            username=credentials.username,
            password=credentials.password,
            settings=settings,
            now=now,
            address=address,
        )
        if not isinstance(outcome, DomainError):
            roles = await _roles(session, outcome.actor)
    if isinstance(outcome, DomainError):
        raise outcome
    _set_cookie(response, settings, outcome.token)
    return NewSession(
        token=outcome.token,
        expires_at=outcome.expires_at,
        person=_account(outcome.actor),
        roles=roles,
        permissions=sorted(outcome.actor.permissions),
    )


@router.get("/session")
async def read_session(
    actor: Annotated[Actor, AllowAnyone()], request: Request, session: DbSession
) -> SessionOut:
    """Say who is logged in, and what they are and may do."""
    expires_at = await session_end(session, presented_token(request) or "")
    if expires_at is None:
        raise NotLoggedIn
    return SessionOut(
        expires_at=expires_at,
        person=_account(actor),
        roles=await _roles(session, actor),
        permissions=sorted(actor.permissions),
    )


@router.delete("/session", status_code=204)
async def close_session(
    actor: Annotated[Actor, AllowAnyone()],
    request: Request,
    response: Response,
    session: DbSession,
    now: Now,
    address: Address,
) -> None:
    """Log out."""
    await log_out(session, actor, presented_token(request) or "", now=now, address=address)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def _set_cookie(response: Response, settings: Settings, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_hours * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https://"),
    )


def _account(actor: Actor) -> Account:
    return Account(id=actor.person_id, name=actor.name, username=actor.username)


async def _roles(session: AsyncSession, actor: Actor) -> list[RoleOut]:
    nos = {grant.organisation_no for grant in actor.grants}
    rows = await session.scalars(select(Organisation).where(Organisation.no.in_(nos)))
    names = {row.no: Named(id=row.id, name=row.name) for row in rows}
    return [RoleOut(role=g.role, organisation=names[g.organisation_no]) for g in actor.grants]
