"""Set-up links: whoever opens one sets a password, once.

The token stands in the link's fragment, which no server, log or referrer sees.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.identity.api_tokens import revoke_all
from fleet.identity.bearers import token_digest
from fleet.identity.errors import SetUpLinkUseless
from fleet.identity.password_changes import set_password
from fleet.identity.sessions import end_sessions
from fleet.identity.tables import SetUpLink
from fleet.identity.throttle import note_refusal
from fleet.identity.visits import Visit
from fleet.people.tables import Person
from kit.settings import Settings


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A link that is told once."""

    url: str
    expires_at: datetime


async def issue_link(
    session: AsyncSession, act: Act, person: Person, settings: Settings
) -> IssuedLink:
    """Return a new link for a person; earlier ones end."""
    token = secrets.token_urlsafe(32)
    expires_at = act.now + timedelta(hours=settings.set_up_hours)
    await session.execute(
        update(SetUpLink)
        .where(SetUpLink.person_no == person.no, SetUpLink.expires_at > act.now)
        .values(expires_at=act.now)
    )
    session.add(
        SetUpLink(
            token_digest=token_digest(token),
            person_no=person.no,
            issued_at=act.now,
            expires_at=expires_at,
        )
    )
    act.record(
        session,
        "set_up.issue",
        "person",
        person.id,
        after={"username": person.username, "expires_at": expires_at.isoformat()},
    )
    await session.flush()
    return IssuedLink(f"{settings.public_url.rstrip('/')}/set-up#token={token}", expires_at)


async def use_link(
    session: AsyncSession, visit: Visit, token: str, password: str
) -> Person | SetUpLinkUseless:
    """Set the password of the link's person; every session and API token of theirs ends.

    Raises PasswordRefused, after which the link stays good.
    """
    act = visit.act()
    link = await session.scalar(
        select(SetUpLink).where(SetUpLink.token_digest == token_digest(token)).with_for_update()
    )
    if link is None or link.used_at is not None or link.expires_at <= act.now:
        note_refusal(session, visit, "", "useless set-up link")
        return SetUpLinkUseless()
    person = await session.get_one(Person, link.person_no)
    if person.disabled_at is not None:
        note_refusal(session, visit, person.username, "set-up link of a disabled account")
        return SetUpLinkUseless()
    await set_password(session, act, person, password)
    link.used_at = act.now
    ended = await end_sessions(session, person.no)
    revoked = await revoke_all(session, person.no, act.now)
    act.record(
        session,
        "set_up.use",
        "person",
        person.id,
        after={"username": person.username, "sessions_ended": ended, "tokens_revoked": revoked},
    )
    await session.flush()
    return person
