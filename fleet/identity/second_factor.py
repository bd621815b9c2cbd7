"""A person's second factor: begun, confirmed by a code, asked for, removed.

The secret is sealed for its person; a code counts once, and so does each recovery code.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.identity import totp
from fleet.identity.bearers import token_digest
from fleet.identity.errors import NoSecondFactor, SecondFactorThere
from fleet.identity.policy import policy_in_force
from fleet.identity.tables import RecoveryCode, SecondFactor
from fleet.people.tables import Person
from kit.errors import Unavailable
from kit.secrets import SealBroken, Sealer, SecretKeyUnfit, sealer_of
from kit.settings import Settings


class SecondFactorSealed(Unavailable):
    """The key that seals second factors is missing, or another than before; tell the operator."""


def sealer_for(settings: Settings) -> Sealer:
    """Return the installation's sealer. Raises SecondFactorSealed where its key is unfit."""
    try:
        return sealer_of(settings)
    except SecretKeyUnfit as error:
        raise SecondFactorSealed from error


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that waits for its first code: shown to its person alone."""

    secret: str
    uri: str
    qr_svg: str


async def factor_of(session: AsyncSession, person_no: int) -> SecondFactor | None:
    """Return a person's confirmed second factor, locked, so that codes are tried in turn."""
    return await session.scalar(
        select(SecondFactor)
        .where(SecondFactor.person_no == person_no, SecondFactor.confirmed_at.is_not(None))
        .with_for_update()
    )


_HELD = text("SELECT role FROM held_role WHERE person_no = :no AND period @> :now")


async def is_demanded(session: AsyncSession, person_no: int, now: datetime) -> bool:
    """Return whether the policy demands a second factor for a role that the person holds."""
    demanding = (await policy_in_force(session)).second_factor_roles
    held = await session.scalars(
        _HELD.bindparams(bindparam("now", type_=DateTime(timezone=True))),
        {"no": person_no, "now": now},
    )
    return not demanding.isdisjoint(held)


async def recovery_codes_left(session: AsyncSession, person_no: int) -> int:
    """Return how many recovery codes a person has not used."""
    left = select(func.count()).where(
        RecoveryCode.person_no == person_no, RecoveryCode.used_at.is_(None)
    )
    return await session.scalar(left) or 0


async def begin_enrolment(
    session: AsyncSession, act: Act, person: Person, sealer: Sealer
) -> Enrolment:
    """Make a secret for a person, in place of one that no code has confirmed.

    Raises SecondFactorThere.
    """
    row = await session.get(SecondFactor, person.no, with_for_update=True)
    if row is not None and row.confirmed_at is not None:
        raise SecondFactorThere
    secret = totp.new_secret()
    sealed = sealer.seal(secret, context=_context(person))
    if row is None:
        session.add(SecondFactor(person_no=person.no, sealed_secret=sealed, begun_at=act.now))
    else:
        row.sealed_secret, row.begun_at, row.last_step = sealed, act.now, None
    _record(session, act, "second_factor.begin", person)
    await session.flush()
    uri = totp.provisioning_uri(secret, person.username)
    return Enrolment(totp.in_base32(secret), uri, totp.qr_svg(uri))


async def confirm_enrolment(
    session: AsyncSession, act: Act, person: Person, sealer: Sealer, code: str
) -> list[str] | None:
    """Put the begun factor in use if `code` is right; return its recovery codes, else None.

    Raises NoSecondFactor when none was begun, SecondFactorThere when it is in use already.
    """
    row = await session.get(SecondFactor, person.no, with_for_update=True)
    if row is None:
        raise NoSecondFactor
    if row.confirmed_at is not None:
        raise SecondFactorThere
    step = totp.accepted_step(_secret(row, person, sealer), code, act.now, row.last_step)
    if step is None:
        return None
    row.confirmed_at, row.last_step = act.now, step
    _record(session, act, "second_factor.confirm", person)
    return await renew_recovery_codes(session, act, person)


async def accepts(
    session: AsyncSession, act: Act, person: Person, sealer: Sealer, code: str
) -> bool:
    """Return whether `code` is the factor's now, or a recovery code; either is spent by this.

    Raises NoSecondFactor.
    """
    row = await factor_of(session, person.no)
    if row is None:
        raise NoSecondFactor
    step = totp.accepted_step(_secret(row, person, sealer), code, act.now, row.last_step)
    if step is not None:
        row.last_step = step
        await session.flush()
        return True
    return await _spend_recovery_code(session, act, person, code)


async def renew_recovery_codes(session: AsyncSession, act: Act, person: Person) -> list[str]:
    """Return new recovery codes, told this once; earlier ones end."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.person_no == person.no))
    codes = totp.new_recovery_codes()
    session.add_all(
        RecoveryCode(person_no=person.no, code_digest=_digest(person.no, code)) for code in codes
    )
    _record(session, act, "recovery_codes.renew", person)
    await session.flush()
    return codes


async def remove_factor(session: AsyncSession, act: Act, person: Person) -> None:
    """Remove a person's second factor and its recovery codes. Raises NoSecondFactor."""
    row = await session.get(SecondFactor, person.no, with_for_update=True)
    if row is None:
        raise NoSecondFactor
    await session.delete(row)
    await session.execute(delete(RecoveryCode).where(RecoveryCode.person_no == person.no))
    _record(session, act, "second_factor.remove", person)
    await session.flush()


async def _spend_recovery_code(session: AsyncSession, act: Act, person: Person, typed: str) -> bool:
    spent = await session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.code_digest == _digest(person.no, typed),
            RecoveryCode.person_no == person.no,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=act.now)
        .returning(RecoveryCode.no)
    )
    if spent is None:
        return False
    _record(session, act, "recovery_code.use", person)
    await session.flush()
    return True


def _digest(person_no: int, code: str) -> bytes:
    return token_digest(f"{person_no}:{totp.plain_recovery_code(code)}")


def _secret(row: SecondFactor, person: Person, sealer: Sealer) -> bytes:
    try:
        return sealer.open(row.sealed_secret, context=_context(person))
    except SealBroken as error:
        raise SecondFactorSealed from error


def _context(person: Person) -> str:
    return f"second_factor:{person.id}"


def _record(session: AsyncSession, act: Act, action: str, person: Person) -> None:
    act.record(session, action, "person", person.id, after={"username": person.username})
