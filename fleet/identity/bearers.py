"""Who bears a token: a session of a person, or an API token that may do less than its person.

This is the one place that turns a token into somebody. It knows nothing of roles and scopes;
`fleet.access` asks it first and then decides what the bearer may see and do.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.permissions import Permission

API_TOKEN_PREFIX = "gct_"  # noqa: S105  (by which scanners of leaked secrets know one)

# Being seen is noted this rarely, so that a busy session writes little.
_NOTED_EVERY = timedelta(minutes=1)


class BearerKind(StrEnum):
    """What a token is."""

    SESSION = "session"
    API_TOKEN = "api_token"  # noqa: S105  (the word, not a token)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody whose token is good at this instant.

    id: of the session or the API token; expires_at: when it ends, however busy
    permissions: the most that it may do, None for all that the person may
    organisation_no: the top of the subtree that it may reach, None for all
    """

    id: UUID
    kind: BearerKind
    person_no: int
    person_id: UUID
    username: str
    name: str
    expires_at: datetime
    permissions: frozenset[Permission] | None = None
    organisation_no: int | None = None


def token_digest(token: str) -> bytes:
    """Return the digest under which a token is kept (SHA-256 of at least 128 random bits)."""
    # Half a surrogate pair, which JSON can spell, is in no token of ours and must not fail.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def bearer_of(
    session: AsyncSession,
    token: str,
    now: datetime,
    *,
    touch: bool = True,
) -> Bearer | None:
    """Return who bears `token` at `now`, or None: unknown, ended, idle too long, or disabled.

    A person whose role demands a second factor bears a session only if it was begun with one.
    touch: whether this counts as a request, before which the session was idle
    """
    facts: dict[str, object] = {"digest": token_digest(token), "now": now}
    if token.startswith(API_TOKEN_PREFIX):
        return await _of_api_token(session, facts, touch=touch)
    return await _of_session(session, facts, touch=touch)


async def is_good(session: AsyncSession, id: UUID, now: datetime) -> bool:
    """Return whether `bearer_of` would find the session or API token with this id at `now`."""
    return bool(await session.scalar(_IS_GOOD, {"id": id, "now": now}))


# The roles that demand a second factor stand in the newest policy.
_DEMANDED = """
    EXISTS (
        SELECT 1 FROM held_role r
        WHERE r.person_no = p.no AND r.period @> CAST(:now AS timestamptz)
          AND (SELECT s.rules -> 'second_factor_roles' FROM security_policy s
               ORDER BY s.no DESC LIMIT 1) ? r.role
    )
"""

_GOOD_SESSIONS = f"""
    FROM log_in l JOIN person p ON p.no = l.person_no
    WHERE l.expires_at > :now AND p.disabled_at IS NULL
      AND coalesce(l.last_seen_at, l.began_at) + make_interval(secs => l.idle_s)
          > CAST(:now AS timestamptz)
      AND (l.second_factor OR NOT {_DEMANDED})
"""
_GOOD_TOKENS = """
    FROM api_token t JOIN person p ON p.no = t.person_no
    WHERE t.expires_at > :now AND t.revoked_at IS NULL AND p.disabled_at IS NULL
"""

_SESSION = text(f"""
    SELECT l.id AS bearer_id, p.no, p.id, p.username, p.name, l.expires_at,
           coalesce(l.last_seen_at, l.began_at) AS seen_at
    {_GOOD_SESSIONS} AND l.token_digest = :digest
""")

_API_TOKEN = text(f"""
    SELECT t.id AS bearer_id, p.no, p.id, p.username, p.name, t.expires_at,
           t.last_used_at AS seen_at, t.permissions, t.organisation_no
    {_GOOD_TOKENS} AND t.token_digest = :digest
""")

_IS_GOOD = text(f"""
    SELECT EXISTS (SELECT {_GOOD_SESSIONS} AND l.id = :id)
        OR EXISTS (SELECT {_GOOD_TOKENS} AND t.id = :id)
""")

# Nobody waits for the note: a row that another request is noting is passed over.
_SEEN = text("""
    UPDATE log_in SET last_seen_at = :now WHERE token_digest IN (
        SELECT token_digest FROM log_in WHERE token_digest = :digest FOR UPDATE SKIP LOCKED)
""")
_USED = text("""
    UPDATE api_token SET last_used_at = :now WHERE no IN (
        SELECT no FROM api_token WHERE token_digest = :digest FOR UPDATE SKIP LOCKED)
""")


async def _of_session(
    session: AsyncSession, facts: dict[str, object], *, touch: bool
) -> Bearer | None:
    row = (await session.execute(_SESSION, facts)).one_or_none()
    if row is None:
        return None
    if touch and _is_due(row.seen_at, facts["now"]):
        await session.execute(_SEEN, facts)
    return Bearer(
        row.bearer_id, BearerKind.SESSION, row.no, row.id, row.username, row.name, row.expires_at
    )


async def _of_api_token(
    session: AsyncSession, facts: dict[str, object], *, touch: bool
) -> Bearer | None:
    row = (await session.execute(_API_TOKEN, facts)).one_or_none()
    if row is None:
        return None
    if touch and _is_due(row.seen_at, facts["now"]):
        await session.execute(_USED, facts)
    known = frozenset(Permission)
    return Bearer(
        row.bearer_id,
        BearerKind.API_TOKEN,
        row.no,
        row.id,
        row.username,
        row.name,
        row.expires_at,
        # A permission that this version no longer knows gives nothing.
        frozenset(Permission(one) for one in row.permissions if one in known),
        row.organisation_no,
    )


def _is_due(seen_at: datetime | None, now: object) -> bool:
    assert isinstance(now, datetime)
    return seen_at is None or now - seen_at >= _NOTED_EVERY
