"""Log-in by a provider: an existing person is found by a bound subject, and never made.

The browser keeps a secret, from which verifier and nonce follow; the database keeps the digest of
the state, which is deleted by the first answer that names it.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.errors import flush_or_refuse
from fleet.identity.bearers import token_digest
from fleet.identity.errors import AlreadyBound, NobodyBound, OidcRefused
from fleet.identity.log_in import Outcome, go_on
from fleet.identity.oidc import Provider, Subject
from fleet.identity.tables import ExternalIdentity, OidcAttempt
from fleet.identity.throttle import note_refusal
from fleet.identity.visits import Visit
from fleet.people.tables import Person

LIVES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Departure:
    """A browser on its way to the provider: `secret` stays with it."""

    state: str
    secret: str


def new_departure() -> Departure:
    """Return what a browser takes along."""
    return Departure(secrets.token_urlsafe(32), secrets.token_urlsafe(48))


async def depart(session: AsyncSession, visit: Visit, departure: Departure) -> None:
    """Remember that a log-in is on its way."""
    await session.execute(delete(OidcAttempt).where(OidcAttempt.expires_at <= visit.now))
    session.add(
        OidcAttempt(state_digest=token_digest(departure.state), expires_at=visit.now + LIVES)
    )
    await session.flush()


async def arrive(session: AsyncSession, visit: Visit, state: str) -> bool:
    """Return whether this state is on its way; it never is again."""
    expires_at = await session.scalar(
        delete(OidcAttempt)
        .where(OidcAttempt.state_digest == token_digest(state))
        .returning(OidcAttempt.expires_at)
    )
    return expires_at is not None and expires_at > visit.now


async def log_in_subject(session: AsyncSession, visit: Visit, subject: Subject) -> Outcome:
    """Begin the session of the person to whom the subject is bound, or say what is needed."""
    person = await _bound(session, subject) or await _bind_by_name(session, visit, subject)
    if person is None:
        note_refusal(session, visit, subject.username or subject.id, "no account is bound")
        return NobodyBound()
    if person.disabled_at is not None:
        note_refusal(session, visit, person.username, "the account is disabled")
        return NobodyBound()
    checked = visit.settings.oidc_checks_second_factor
    return await go_on(session, visit, person, second_factor=checked, proved_at=subject.proved_at)


async def binding_of(session: AsyncSession, person: Person, issuer: str) -> ExternalIdentity | None:
    """Return the subject of `issuer` that is bound to a person."""
    return await session.scalar(
        select(ExternalIdentity).where(
            ExternalIdentity.person_no == person.no, ExternalIdentity.issuer == issuer
        )
    )


async def bind(
    session: AsyncSession, act: Act, person: Person, provider: Provider, subject: str
) -> ExternalIdentity:
    """Bind a subject to a person, in place of an earlier one. Raises AlreadyBound."""
    earlier = await binding_of(session, person, provider.issuer)
    before = earlier.subject if earlier is not None else None
    if earlier is not None:
        await session.delete(earlier)
        await session.flush()
    row = ExternalIdentity(
        person_no=person.no, issuer=provider.issuer, subject=subject, bound_at=act.now
    )
    session.add(row)
    await flush_or_refuse(session, {"uq_external_identity_issuer_subject": AlreadyBound})
    act.record(
        session,
        "external_identity.bind",
        "person",
        person.id,
        before={"subject": before},
        after={"username": person.username, "issuer": row.issuer, "subject": subject},
    )
    await session.flush()
    return row


async def unbind(session: AsyncSession, act: Act, person: Person, row: ExternalIdentity) -> None:
    """Take a subject's account away."""
    await session.delete(row)
    act.record(
        session,
        "external_identity.unbind",
        "person",
        person.id,
        before={"username": person.username, "issuer": row.issuer, "subject": row.subject},
    )
    await session.flush()


def refused(session: AsyncSession, visit: Visit, reason: str) -> OidcRefused:
    """Journal an answer of the provider that can't be trusted, and return the refusal."""
    note_refusal(session, visit, "oidc", reason)
    return OidcRefused()


async def _bound(session: AsyncSession, subject: Subject) -> Person | None:
    return await session.scalar(
        select(Person)
        .join(ExternalIdentity, ExternalIdentity.person_no == Person.no)
        .where(ExternalIdentity.issuer == subject.issuer, ExternalIdentity.subject == subject.id)
    )


async def _bind_by_name(session: AsyncSession, visit: Visit, subject: Subject) -> Person | None:
    """Bind a new subject to the account that its claim names, unless another subject has it."""
    if subject.username is None:
        return None
    taken = select(ExternalIdentity.person_no).where(ExternalIdentity.issuer == subject.issuer)
    person = await session.scalar(
        select(Person)
        .where(Person.username == subject.username.lower(), Person.no.not_in(taken))
        .with_for_update()
    )
    if person is None:
        return None
    session.add(
        ExternalIdentity(
            person_no=person.no,
            issuer=subject.issuer,
            subject=subject.id,
            bound_at=visit.now,
        )
    )
    visit.act(reason="first log-in by the provider").record(
        session,
        "external_identity.bind",
        "person",
        person.id,
        after={"username": person.username, "issuer": subject.issuer, "subject": subject.id},
    )
    await flush_or_refuse(session, {"uq_external_identity_person_no_issuer": AlreadyBound})
    return person
