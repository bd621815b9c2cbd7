"""Passwords are set: by their holder who knows the old one, or by a set-up link."""

import asyncio

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.identity.errors import PasswordRefused
from fleet.identity.password_rules import PasswordFault, faults
from fleet.identity.passwords import hash_password, matches
from fleet.identity.policy import Policy, policy_in_force
from fleet.identity.tables import LogInChallenge, PasswordChange
from fleet.identity.throttle import forgive
from fleet.people.tables import Person


async def require_fit(session: AsyncSession, password: str, username: str) -> None:
    """Raise PasswordRefused, with every fault, unless the policy accepts a first password."""
    _refuse(faults(password, username=username, policy=await policy_in_force(session)))


async def set_password(session: AsyncSession, act: Act, person: Person, password: str) -> None:
    """Give a person a new password and journal it. Raises PasswordRefused with every fault.

    Log-ins that were begun with the old one end. Sessions are not ended here: which of them stay
    is for the caller to say.
    """
    policy = await policy_in_force(session)
    found = faults(password, username=person.username, policy=policy)
    if await _was_used(session, person, password, policy):
        found.append(PasswordFault.USED_BEFORE)
    _refuse(found)
    person.password_hash = await asyncio.to_thread(hash_password, password)
    session.add(PasswordChange(person_no=person.no, at=act.now, password_hash=person.password_hash))
    await session.flush()
    await _forget_old(session, person, keep=max(1, policy.password_history))
    await session.execute(delete(LogInChallenge).where(LogInChallenge.person_no == person.no))
    await forgive(session, person.username)
    act.record(session, "password.set", "person", person.id, after={"username": person.username})
    await session.flush()


async def must_change(session: AsyncSession, act: Act, person: Person) -> bool:
    """Return whether the policy wants a new password of this person now."""
    policy = await policy_in_force(session)
    if policy.password_max_age_days is None or person.password_hash is None:
        return False
    since = await session.scalar(
        select(func.max(PasswordChange.at)).where(PasswordChange.person_no == person.no)
    )
    return policy.has_expired(since or person.recorded_at, act.now)


def _refuse(found: list[PasswordFault]) -> None:
    if found:
        raise PasswordRefused(
            f"The policy refuses this password: {', '.join(found)}.", faults=found
        )


async def _was_used(session: AsyncSession, person: Person, password: str, policy: Policy) -> bool:
    """Whether it is the present one, or one of the policy's last few."""
    earlier = await session.scalars(
        select(PasswordChange.password_hash)
        .where(PasswordChange.person_no == person.no)
        .order_by(PasswordChange.no.desc())
        .limit(policy.password_history)
    )
    hashes = dict.fromkeys([person.password_hash, *earlier])
    for stored in hashes:
        if stored is not None and await matches(password, stored):
            return True
    return False


async def _forget_old(session: AsyncSession, person: Person, *, keep: int) -> None:
    """Delete the hashes that the policy needs no more."""
    kept = (
        select(PasswordChange.no)
        .where(PasswordChange.person_no == person.no)
        .order_by(PasswordChange.no.desc())
        .limit(keep)
    )
    await session.execute(
        delete(PasswordChange).where(
            PasswordChange.person_no == person.no, PasswordChange.no.not_in(kept)
        )
    )
