"""Log-in, sessions and log-out.

A session is a random token, kept as its digest. Failures are counted by account name, whether it
exists or not, and every outcome stands in the journal with the name.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.access import Actor, load_actor, token_digest
from fleet.errors import LogInFailed, TooManyLogIns
from fleet.identity.passwords import matches
from fleet.identity.tables import LogIn, LogInFailure
from fleet.people.tables import Person
from kit.database import sqlstate
from kit.settings import Settings

# Attempts on one account are checked one after the other, so that many at once count as many.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('log_in:' || :username))")


_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that has begun; the token is known to its holder alone."""

    token: str
    expires_at: datetime
    actor: Actor


async def log_in(
    session: AsyncSession,
    *,
    username: str,
    password: str,
    settings: Settings,
    now: datetime,
    address: str | None,
) -> OpenedSession | LogInFailed | TooManyLogIns:
    """Begin a session, or return why not; a refusal is returned so that its count is committed."""
    username = username.strip().lower()
    try:
        await _wait_for_turn(session, username)
    except OperationalError as error:
        if sqlstate(error) == _LOCK_NOT_AVAILABLE:
            return TooManyLogIns(retry_after_s=2)
        raise
    since = now - timedelta(minutes=settings.log_in_lock_minutes)
    if await _failures(session, username, since) >= settings.log_in_attempts:
        # Locked-out attempts are journalled too, but don't lengthen the lock.
        _note(session, "session.refuse", None, username, now, address, "locked out")
        return TooManyLogIns(retry_after_s=settings.log_in_lock_minutes * 60)
    person = await session.scalar(select(Person).where(Person.username == username))
    usable = person is not None and person.disabled_at is None
    stored = person.password_hash if person is not None and usable else None
    if not await matches(password, stored) or person is None:
        session.add(LogInFailure(username=username, at=now, address=address))
        _note(session, "session.refuse", None, username, now, address, "wrong name or password")
        return LogInFailed()
    return await _begin(session, person, settings, now, address)


async def log_out(
    session: AsyncSession, actor: Actor, token: str, *, now: datetime, address: str | None
) -> None:
    """End the session of `token`."""
    await session.execute(delete(LogIn).where(LogIn.token_digest == token_digest(token)))
    _note(session, "session.end", actor, actor.username, now, address, None)


async def session_end(session: AsyncSession, token: str) -> datetime | None:
    """Return when the session of `token` ends; None when there is none."""
    ends: datetime | None = await session.scalar(
        select(LogIn.expires_at).where(LogIn.token_digest == token_digest(token))
    )
    return ends


async def _wait_for_turn(session: AsyncSession, username: str) -> None:
    await session.execute(text("SET LOCAL lock_timeout = '2s'"))
    await session.execute(_ONE_AT_A_TIME, {"username": username})


async def _failures(session: AsyncSession, username: str, since: datetime) -> int:
    counted = await session.scalar(
        select(func.count())
        .select_from(LogInFailure)
        .where(LogInFailure.username == username, LogInFailure.at > since)
    )
    return counted or 0


async def _begin(
    session: AsyncSession, person: Person, settings: Settings, now: datetime, address: str | None
) -> OpenedSession:
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(hours=settings.session_hours)
    await session.execute(delete(LogInFailure).where(LogInFailure.username == person.username))
    await session.execute(
        delete(LogIn).where(LogIn.person_no == person.no, LogIn.expires_at <= now)
    )
    session.add(
        LogIn(
            token_digest=token_digest(token),
            person_no=person.no,
            began_at=now,
            expires_at=expires_at,
            address=address,
        )
    )
    await session.flush()
    actor = await load_actor(session, token, now)
    assert actor is not None, "the session that was just begun is there"
    _note(session, "session.begin", actor, person.username, now, address, None)
    return OpenedSession(token, expires_at, actor)


def _note(
    session: AsyncSession,
    action: str,
    actor: Actor | None,
    username: str,
    now: datetime,
    address: str | None,
    reason: str | None,
) -> None:
    journal.record(
        session,
        actor=actor,
        actor_name=username,
        action=action,
        object_kind="person",
        object_id=actor.person_id if actor else None,
        organisation_no=actor.grants[0].organisation_no if actor and actor.grants else None,
        now=now,
        address=address,
        reason=reason,
    )
