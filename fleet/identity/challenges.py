"""Challenges: what a log-in still needs when its password was right."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.identity.bearers import token_digest
from fleet.identity.tables import LogInChallenge
from fleet.people.tables import Person

LIVES = timedelta(minutes=10)
ATTEMPTS = 5


class ChallengeKind(StrEnum):
    """What is asked for: a code, the set-up of a second factor, or a new password."""

    TOTP = "totp"
    ENROL = "enrol"
    NEW_PASSWORD = "new_password"  # noqa: S105  (the word, not a password)


@dataclass(frozen=True, slots=True)
class Challenged:
    """A log-in that needs one more step; the token is known to its holder alone."""

    token: str
    kind: ChallengeKind
    expires_at: datetime


async def challenge(
    session: AsyncSession,
    person: Person,
    kind: ChallengeKind,
    now: datetime,
    *,
    second_factor: bool = False,
    proved_at: datetime | None = None,
) -> Challenged:
    """Ask for one more step.

    second_factor: whether a code was right already; proved_at: as of the session to come
    """
    await session.execute(delete(LogInChallenge).where(LogInChallenge.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(
        LogInChallenge(
            token_digest=token_digest(token),
            person_no=person.no,
            kind=kind,
            second_factor=second_factor,
            proved_at=proved_at,
            expires_at=now + LIVES,
        )
    )
    await session.flush()
    return Challenged(token, kind, now + LIVES)


async def open_challenge(
    session: AsyncSession, token: str, now: datetime
) -> tuple[LogInChallenge, Person] | None:
    """Return the challenge of this token, locked, and whose it is; None when it is good no more."""
    found = await session.scalar(
        select(LogInChallenge)
        .where(LogInChallenge.token_digest == token_digest(token), LogInChallenge.expires_at > now)
        .with_for_update()
    )
    if found is None:
        return None
    person = await session.get_one(Person, found.person_no)
    return None if person.disabled_at is not None else (found, person)


async def count_wrong_answer(session: AsyncSession, row: LogInChallenge) -> None:
    """Count a wrong answer; after a few the log-in starts again from its password."""
    row.failures += 1
    if row.failures >= ATTEMPTS:
        await session.delete(row)
    await session.flush()
