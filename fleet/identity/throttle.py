"""Guessing is slowed: failures are counted by account name, whether it exists or not, and address.

Sources: OWASP ASVS 5.0, 6.1.1 and 6.3.1; GB/T 22239-2019 level 3, 8.1.4.1 b).
"""

from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.errors import TooManyLogIns
from fleet.identity.tables import LogInFailure
from fleet.identity.visits import Visit
from kit.database import sqlstate

# Attempts on one account are checked one after the other, so that many at once count as many.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('log_in:' || :username))")

_LOCK_NOT_AVAILABLE = "55P03"
_TURN_S = 2


async def refusal_to_try(
    session: AsyncSession, visit: Visit, username: str
) -> TooManyLogIns | None:
    """Wait for this account's turn; return why it may not be tried now, or None if it may."""
    settings = visit.settings
    try:
        await session.execute(text(f"SET LOCAL lock_timeout = '{_TURN_S}s'"))
        await session.execute(_ONE_AT_A_TIME, {"username": username})
        await session.execute(text("SET LOCAL lock_timeout = DEFAULT"))
    except OperationalError as error:
        if sqlstate(error) == _LOCK_NOT_AVAILABLE:
            return TooManyLogIns(retry_after_s=_TURN_S)
        raise
    since = visit.now - timedelta(minutes=settings.log_in_lock_minutes)
    of_name = select(func.count()).where(LogInFailure.username == username, LogInFailure.at > since)
    of_address = select(func.count()).where(
        LogInFailure.address == visit.network, LogInFailure.at > since
    )
    locked = (await session.scalar(of_name) or 0) >= settings.log_in_attempts
    if not locked and visit.network is not None:
        locked = (await session.scalar(of_address) or 0) >= settings.log_in_attempts_per_address
    if not locked:
        return None
    # Journalled too, but they don't lengthen the lock.
    note_refusal(session, visit, username, "locked out")
    return TooManyLogIns(retry_after_s=settings.log_in_lock_minutes * 60)


async def count_failure(session: AsyncSession, visit: Visit, username: str, reason: str) -> None:
    """Count a failure and journal it; forget those that no lock can rest on any more."""
    longest = timedelta(minutes=visit.settings.log_in_lock_minutes)
    await session.execute(delete(LogInFailure).where(LogInFailure.at <= visit.now - longest))
    session.add(LogInFailure(username=username, at=visit.now, address=visit.network))
    note_refusal(session, visit, username, reason)
    await session.flush()


async def forgive(session: AsyncSession, username: str) -> None:
    """Forget the failures of an account: its holder has come."""
    await session.execute(delete(LogInFailure).where(LogInFailure.username == username))


def note_refusal(session: AsyncSession, visit: Visit, username: str, reason: str) -> None:
    """Journal a refused log-in with the account name that was given."""
    journal.record(
        session,
        actor=None,
        actor_name=username,
        action="session.refuse",
        object_kind="person",
        object_id=None,
        now=visit.now,
        address=visit.address,
        reason=reason,
    )
