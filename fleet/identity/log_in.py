"""Log-in, step by step: the password, the second factor, a new password when the old has expired.

A refusal is returned and not raised, so that the edge commits what was counted before it answers.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.errors import LogInFailed
from fleet.identity.challenges import (
    Challenged,
    ChallengeKind,
    challenge,
    count_wrong_answer,
    open_challenge,
)
from fleet.identity.errors import ChallengeFailed
from fleet.identity.password_changes import must_change, set_password
from fleet.identity.passwords import matches
from fleet.identity.second_factor import (
    Enrolment,
    accepts,
    begin_enrolment,
    confirm_enrolment,
    factor_of,
    is_demanded,
    sealer_for,
)
from fleet.identity.sessions import OpenedSession, begin_session, end_sessions
from fleet.identity.tables import LogInChallenge
from fleet.identity.throttle import count_failure, forgive, refusal_to_try
from fleet.identity.visits import Visit
from fleet.people.tables import Person
from kit.errors import DomainError

Outcome = OpenedSession | Challenged | DomainError


async def log_in(session: AsyncSession, visit: Visit, username: str, password: str) -> Outcome:
    """Begin a session by password, or say what else is needed, or why not."""
    username = username.strip().lower()
    refusal = await refusal_to_try(session, visit, username)
    if refusal is not None:
        return refusal
    person = await session.scalar(select(Person).where(Person.username == username))
    usable = person is not None and person.disabled_at is None
    stored = person.password_hash if person is not None and usable else None
    if not await matches(password, stored) or person is None:
        await count_failure(session, visit, username, "wrong name or password")
        return LogInFailed()
    return await go_on(session, visit, person, second_factor=False, proved_at=visit.now)


async def go_on(
    session: AsyncSession,
    visit: Visit,
    person: Person,
    *,
    second_factor: bool,
    proved_at: datetime | None,
    recovery_codes: list[str] | None = None,
) -> OpenedSession | Challenged:
    """Take the next step of a log-in whose person has proved to be themselves so far.

    proved_at: when they did, which a provider may have kept in mind for long; None if unknown
    """
    now = visit.now
    if not second_factor:
        if await factor_of(session, person.no) is not None:
            return await challenge(session, person, ChallengeKind.TOTP, now, proved_at=proved_at)
        if await is_demanded(session, person.no, now):
            return await challenge(session, person, ChallengeKind.ENROL, now, proved_at=proved_at)
    if await must_change(session, visit.act(), person):
        return await challenge(
            session,
            person,
            ChallengeKind.NEW_PASSWORD,
            now,
            second_factor=second_factor,
            proved_at=proved_at,
        )
    await forgive(session, person.username)
    return await begin_session(
        session,
        visit,
        person,
        second_factor=second_factor,
        proved_at=proved_at,
        recovery_codes=recovery_codes or (),
    )


async def enrol(session: AsyncSession, visit: Visit, token: str) -> Enrolment | DomainError:
    """Begin the second factor that a log-in demands, for whoever holds its challenge."""
    found = await open_challenge(session, token, visit.now)
    if found is None or found[0].kind != ChallengeKind.ENROL:
        return ChallengeFailed()
    return await begin_enrolment(session, visit.act(), found[1], sealer_for(visit.settings))


async def answer(
    session: AsyncSession, visit: Visit, token: str, *, code: str | None, new_password: str | None
) -> Outcome:
    """Take the answer to a challenge, and the next step when it is right.

    Raises PasswordRefused, after which the challenge can be answered again.
    """
    found = await open_challenge(session, token, visit.now)
    if found is None:
        return ChallengeFailed()
    row, person = found
    refusal = await refusal_to_try(session, visit, person.username)
    if refusal is not None:
        return refusal
    if row.kind == ChallengeKind.NEW_PASSWORD:
        if new_password is None:
            return ChallengeFailed()
        second_factor, proved_at = row.second_factor, row.proved_at
        await set_password(session, visit.act(), person, new_password)
        await end_sessions(session, person.no)
        return await go_on(session, visit, person, second_factor=second_factor, proved_at=proved_at)
    codes = await _codes_for(session, visit, row, person, code or "")
    if codes is None:
        await count_wrong_answer(session, row)
        await count_failure(session, visit, person.username, "wrong code")
        return ChallengeFailed()
    # The code of a factor that was there before proves them now; that of a new one nothing yet.
    proved_at = visit.now if row.kind == ChallengeKind.TOTP else row.proved_at
    await session.delete(row)
    return await go_on(
        session, visit, person, second_factor=True, proved_at=proved_at, recovery_codes=codes
    )


async def _codes_for(
    session: AsyncSession, visit: Visit, row: LogInChallenge, person: Person, code: str
) -> list[str] | None:
    """Return the recovery codes that a right code brings (none but at enrolment), else None."""
    sealer = sealer_for(visit.settings)
    if row.kind == ChallengeKind.ENROL:
        return await confirm_enrolment(session, visit.act(), person, sealer, code)
    return [] if await accepts(session, visit.act(), person, sealer, code) else None
