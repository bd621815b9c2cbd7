"""Routes by which a security administrator helps people in: links, second factors, subjects.

Each opens a whole account, so nobody does it by an API token, for themselves without the proofs
that one's own account asks for, or for somebody who also has roles outside the scope.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, Allow
from fleet.identity import schemas
from fleet.identity.oidc import provider_of
from fleet.identity.oidc_log_in import bind, binding_of, unbind
from fleet.identity.proofs import InPerson
from fleet.identity.second_factor import remove_factor
from fleet.identity.sessions import end_sessions
from fleet.identity.set_up import issue_link
from fleet.identity.tables import ExternalIdentity
from fleet.identity.visits import OnVisit, Visit
from fleet.people.errors import OwnAccount
from fleet.people.standing import check_whole
from fleet.people.store import lock_person, person_in
from fleet.people.tables import Person
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.web import DbSession

router = APIRouter(prefix="/people/{person_id}")

Administrator = Annotated[Actor, Allow(Permission.PERSON_WRITE)]


@router.post("/set-up-link", status_code=201)
async def create_set_up_link(
    person_id: UUID, actor: Administrator, _self: InPerson, session: DbSession, visit: OnVisit
) -> schemas.SetUpLinkOut:
    """Issue a link by which a person sets a password, once; it is shown this once."""
    person = await _whole_person(session, visit, actor, person_id)
    link = await issue_link(session, visit.act(actor), person, visit.settings)
    return schemas.SetUpLinkOut(url=link.url, expires_at=link.expires_at)


@router.delete("/second-factor", status_code=204)
async def reset_second_factor(
    person_id: UUID, actor: Administrator, _self: InPerson, session: DbSession, visit: OnVisit
) -> None:
    """Remove the second factor of a person who has lost it; their sessions end."""
    person = await _whole_person(session, visit, actor, person_id)
    await remove_factor(session, visit.act(actor), person)
    await end_sessions(session, person.no)


@router.get("/external-identity")
async def read_external_identity(
    person_id: UUID, actor: Administrator, session: DbSession, visit: OnVisit
) -> schemas.ExternalIdentityOut:
    """Say which subject of the provider a person is."""
    person = await _person(session, visit, actor, person_id)
    return _view(await _binding(session, visit, person))


@router.put("/external-identity")
async def put_external_identity(
    person_id: UUID,
    body: schemas.ExternalIdentityIn,
    actor: Administrator,
    _self: InPerson,
    session: DbSession,
    visit: OnVisit,
) -> schemas.ExternalIdentityOut:
    """Let a subject of the provider log in as this person."""
    person = await _whole_person(session, visit, actor, person_id)
    provider = provider_of(visit.settings)
    return _view(await bind(session, visit.act(actor), person, provider, body.subject))


@router.delete("/external-identity", status_code=204)
async def delete_external_identity(
    person_id: UUID, actor: Administrator, _self: InPerson, session: DbSession, visit: OnVisit
) -> None:
    """Let the provider's subject log in as this person no more; their sessions end."""
    person = await _whole_person(session, visit, actor, person_id)
    await unbind(session, visit.act(actor), person, await _binding(session, visit, person))
    await end_sessions(session, person.no)


async def _person(session: AsyncSession, visit: Visit, actor: Actor, id: UUID) -> Person:
    return await person_in(session, id, actor.scope(Permission.PERSON_WRITE), visit.now)


async def _whole_person(session: AsyncSession, visit: Visit, actor: Actor, id: UUID) -> Person:
    """Return a person who is somebody else, locked, and with every role within scope.

    Raises NotFound, OwnAccount, BelongsElsewhere.
    """
    person = await _person(session, visit, actor, id)
    if person.no == actor.person_no:
        raise OwnAccount
    await lock_person(session, person)
    await check_whole(session, visit.act(actor), person, actor.scope(Permission.PERSON_WRITE))
    return person


async def _binding(session: AsyncSession, visit: Visit, person: Person) -> ExternalIdentity:
    row = await binding_of(session, person, provider_of(visit.settings).issuer)
    if row is None:
        raise NotFound("No subject of the provider is bound to this person.")
    return row


def _view(row: ExternalIdentity) -> schemas.ExternalIdentityOut:
    return schemas.ExternalIdentityOut(
        issuer=row.issuer, subject=row.subject, bound_at=row.bound_at
    )
