"""API tokens: a program acts for a person, with less than the person may, until a date."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.acts import Act
from fleet.identity.bearers import API_TOKEN_PREFIX, token_digest
from fleet.identity.errors import BeyondOwnPermissions
from fleet.identity.tables import ApiToken
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from kit.errors import BadRequest, NotFound

LONGEST = timedelta(days=366)
MOST = 50


class TokenExpiry(BadRequest):
    """A token ends in the future, and within a year."""


class TooManyTokens(BadRequest):
    """You have 50 tokens; revoke one before you make another."""


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token that has just been made; its text is told once."""

    text: str
    row: ApiToken


async def make_token(
    session: AsyncSession,
    act: Act,
    actor: Actor,
    *,
    name: str,
    permissions: Collection[Permission],
    organisation: Organisation | None,
    expires_at: datetime,
) -> MadeToken:
    """Make a token of the actor's own.

    organisation: the top of the subtree that it may reach; the caller has seen that it lies in
    the actor's scope. Raises BeyondOwnPermissions, TokenExpiry, TooManyTokens.
    """
    if not actor.permissions.issuperset(permissions):
        raise BeyondOwnPermissions
    if not act.now < expires_at <= act.now + LONGEST:
        raise TokenExpiry
    if len(await live_tokens(session, actor.person_no, act.now)) >= MOST:
        raise TooManyTokens
    text = API_TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        token_digest=token_digest(text),
        person_no=actor.person_no,
        name=name,
        permissions=sorted(permissions),
        organisation_no=organisation.no if organisation else None,
        created_at=act.now,
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    act.record(session, "token.make", "api_token", row.id, after=_facts(row, organisation))
    await session.flush()
    return MadeToken(text, row)


async def live_tokens(session: AsyncSession, person_no: int, now: datetime) -> list[ApiToken]:
    """Return a person's tokens that are neither revoked nor ended, newest first."""
    rows = await session.scalars(
        select(ApiToken)
        .where(
            ApiToken.person_no == person_no,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
        .order_by(ApiToken.id.desc())
    )
    return list(rows)


async def revoke_token(session: AsyncSession, act: Act, actor: Actor, id: UUID) -> None:
    """Revoke a token of the actor's own, at once. Raises NotFound."""
    row = await session.scalar(
        select(ApiToken)
        .where(
            ApiToken.id == id,
            ApiToken.person_no == actor.person_no,
            ApiToken.revoked_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        raise NotFound("You have no such token.")
    row.revoked_at = act.now
    act.record(session, "token.revoke", "api_token", row.id, before={"name": row.name})
    await session.flush()


async def revoke_all(session: AsyncSession, person_no: int, now: datetime) -> int:
    """Revoke all tokens of a person; return how many. The caller journals why."""
    revoked = await session.scalars(
        update(ApiToken)
        .where(ApiToken.person_no == person_no, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiToken.no)
    )
    return len(revoked.all())


def _facts(row: ApiToken, organisation: Organisation | None) -> dict[str, object]:
    return {
        "name": row.name,
        "permissions": row.permissions,
        "organisation": organisation.name if organisation else None,
        "expires_at": row.expires_at.isoformat(),
    }
