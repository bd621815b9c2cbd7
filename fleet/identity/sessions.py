"""Sessions: a random token each, kept as its digest; begun, listed and ended."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.access import Actor, load_actor
from fleet.acts import Act
from fleet.identity.bearers import token_digest
from fleet.identity.tables import LogIn
from fleet.identity.visits import Visit
from fleet.people.tables import Person
from kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that has begun; the token is known to its holder alone.

    recovery_codes: shown this once, when the log-in has set up a second factor
    """

    token: str
    expires_at: datetime
    actor: Actor
    recovery_codes: Sequence[str] = ()


async def begin_session(
    session: AsyncSession,
    visit: Visit,
    person: Person,
    *,
    second_factor: bool,
    proved_at: datetime | None,
    recovery_codes: Sequence[str] = (),
) -> OpenedSession:
    """Begin a session under a new token; whatever token the browser held is not taken over.

    proved_at: when the person last proved to be themselves, None where nobody knows
    """
    settings = visit.settings
    token = secrets.token_urlsafe(32)
    expires_at = visit.now + timedelta(hours=settings.session_hours)
    await session.execute(
        delete(LogIn).where(LogIn.person_no == person.no, LogIn.expires_at <= visit.now)
    )
    session.add(
        LogIn(
            token_digest=token_digest(token),
            person_no=person.no,
            began_at=visit.now,
            last_seen_at=visit.now,
            expires_at=expires_at,
            idle_s=settings.session_idle_minutes * 60,
            second_factor=second_factor,
            proved_at=proved_at,
            address=visit.address,
            agent=visit.agent,
        )
    )
    await session.flush()
    actor = await load_actor(session, token, visit.now)
    assert actor is not None, "the session that was just begun is there"
    _note(session, "session.begin", actor, visit, None)
    return OpenedSession(token, expires_at, actor, recovery_codes)


async def log_out(session: AsyncSession, visit: Visit, actor: Actor, token: str) -> None:
    """End the session of `token`."""
    await session.execute(delete(LogIn).where(LogIn.token_digest == token_digest(token)))
    _note(session, "session.end", actor, visit, None)


async def end_session(
    session: AsyncSession, act: Act, row: LogIn, organisation_no: int | None
) -> None:
    """End one session of anybody at once; `organisation_no` is where the journal shows it."""
    person = await session.get_one(Person, row.person_no)
    await session.delete(row)
    act.record(
        session,
        "session.end",
        "person",
        person.id,
        organisation_no=organisation_no,
        before={"session": str(row.id), "username": person.username},
    )
    await session.flush()


async def end_sessions(session: AsyncSession, person_no: int, *, but: UUID | None = None) -> int:
    """End all sessions of a person, `but` one; return how many. The caller journals why."""
    ended = await session.scalars(
        delete(LogIn)
        .where(LogIn.person_no == person_no, LogIn.id.is_distinct_from(but))
        .returning(LogIn.id)
    )
    return len(ended.all())


async def session_of(session: AsyncSession, id: UUID) -> LogIn:
    """Return the session with this id, locked. Raises NotFound."""
    row = await session.scalar(select(LogIn).where(LogIn.id == id).with_for_update())
    if row is None:
        raise NotFound("There is no such session within your scope.")
    return row


def _note(
    session: AsyncSession, action: str, actor: Actor, visit: Visit, reason: str | None
) -> None:
    journal.record(
        session,
        actor=actor,
        action=action,
        object_kind="person",
        object_id=actor.person_id,
        organisation_no=actor.grants[0].organisation_no if actor.grants else None,
        now=visit.now,
        address=visit.address,
        reason=reason,
    )
