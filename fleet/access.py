"""Who may see and do what is decided here and nowhere else.

A route names its permission in its signature: `actor: Annotated[Actor, Allow(P.VEHICLE_READ)]`.
The actor then carries the organisations in which the permission holds, and every query of the
room is filtered by them. An object outside them does not exist for the actor (404, not 403).
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.permissions import ROLE_MATTER, ROLE_PERMISSIONS, Permission
from fleet.words import Role
from kit.errors import Forbidden, NotFound, NotLoggedIn
from kit.web import DbSession, Now

COOKIE = "gongche_session"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role of a person in an organisation, and the organisations over which it works."""

    role: Role
    organisation_no: int
    scope: frozenset[int]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is logged in, with everything that they are at this instant."""

    person_no: int
    person_id: UUID
    username: str
    name: str
    grants: tuple[Grant, ...] = field(default=())

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that the actor may do somewhere."""
        return frozenset().union(*(ROLE_PERMISSIONS[g.role] for g in self.grants))

    @property
    def roles(self) -> frozenset[Role]:
        """All that the actor is somewhere."""
        return frozenset(g.role for g in self.grants)

    def scope(self, permission: Permission) -> frozenset[int]:
        """Return the numbers of the organisations in which the actor has this permission."""
        return frozenset().union(
            *(g.scope for g in self.grants if permission in ROLE_PERMISSIONS[g.role])
        )

    def home(self, permission: Permission) -> int:
        """Return the organisation for which the actor acts by this permission (the first).

        Raises Forbidden.
        """
        for grant in self.grants:
            if permission in ROLE_PERMISSIONS[grant.role]:
                return grant.organisation_no
        raise Forbidden

    def require(self, permission: Permission, organisation_no: int | None) -> None:
        """Raise NotFound unless the actor has this permission in that organisation."""
        if organisation_no not in self.scope(permission):
            raise NotFound


def token_digest(token: str) -> bytes:
    """Return the digest under which a session's token is kept (SHA-256)."""
    return hashlib.sha256(token.encode()).digest()


_PERSON = text("""
    SELECT p.no, p.id, p.username, p.name
    FROM log_in l JOIN person p ON p.no = l.person_no
    WHERE l.token_digest = :digest AND l.expires_at > :now AND p.disabled_at IS NULL
""")

# A role without a matter works in the subtree of its organisation; one with a matter works in
# its own organisation and in the subtrees over which that organisation holds the mandate.
_GRANTS = text("""
    WITH RECURSIVE granted AS (
        SELECT r.role, r.organisation_no, r.organisation_no AS root,
               NOT (r.role = ANY(:mandated)) AS whole
        FROM person_role r WHERE r.person_no = :person_no AND r.period @> CAST(:now AS timestamptz)
        UNION ALL
        SELECT r.role, r.organisation_no, m.over_no, true
        FROM person_role r
        JOIN mandate m ON m.holder_no = r.organisation_no AND m.period @> CAST(:now AS timestamptz)
        WHERE r.person_no = :person_no AND r.period @> CAST(:now AS timestamptz)
          AND (CAST(:matters AS jsonb) ->> r.role) = m.matter
    ), reach AS (
        SELECT role, organisation_no, root AS no, whole FROM granted
        UNION
        SELECT reach.role, reach.organisation_no, p.organisation_no, true
        FROM reach JOIN organisation_parent p
          ON reach.whole AND p.parent_no = reach.no AND p.period @> CAST(:now AS timestamptz)
    )
    SELECT role, organisation_no, array_agg(DISTINCT no) AS scope
    FROM reach GROUP BY role, organisation_no ORDER BY organisation_no, role
""")


async def load_actor(session: AsyncSession, token: str, now: datetime) -> Actor | None:
    """Return who holds this session token now, or None if nobody does."""
    row = (
        await session.execute(_PERSON, {"digest": token_digest(token), "now": now})
    ).one_or_none()
    if row is None:
        return None
    grants = await session.execute(
        _GRANTS,
        {
            "person_no": row.no,
            "now": now,
            "mandated": [r.value for r in ROLE_MATTER],
            "matters": json.dumps({r.value: m.value for r, m in ROLE_MATTER.items()}),
        },
    )
    return Actor(
        person_no=row.no,
        person_id=row.id,
        username=row.username,
        name=row.name,
        grants=tuple(Grant(Role(g.role), g.organisation_no, frozenset(g.scope)) for g in grants),
    )


def presented_token(request: Request) -> str | None:
    """Return the session token of a request: the bearer header first, then the cookie."""
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return header[7:].strip()
    return request.cookies.get(COOKIE)


async def current_actor(request: Request, session: DbSession, now: Now) -> Actor:
    """Return who makes this request. Raises NotLoggedIn."""
    token = presented_token(request)
    actor = await load_actor(session, token, now) if token else None
    if actor is None:
        raise NotLoggedIn
    return actor


class PermissionCheck:
    """The dependency behind `Allow`; the route table is read for it by tests."""

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    async def __call__(self, request: Request, session: DbSession, now: Now) -> Actor:
        """Return the actor, who has the permission somewhere. Raises NotLoggedIn, Forbidden."""
        actor = await current_actor(request, session, now)
        if self.permission is not None and self.permission not in actor.permissions:
            raise Forbidden
        return actor


def Allow(permission: Permission) -> Any:  # noqa: N802  (reads as a word in a signature)
    """Declare that a route needs this permission."""
    return Depends(PermissionCheck(permission), scope="function")


def AllowAnyone() -> Any:  # noqa: N802
    """Declare that a route needs a log-in and nothing else: it speaks of the actor alone."""
    return Depends(PermissionCheck(None), scope="function")
