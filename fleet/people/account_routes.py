"""Routes of what an account may do: its roles, and whether it may be used at all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.organisations.store import organisation_in
from fleet.people import schemas, store
from fleet.people.roles import end_role, give_role
from fleet.people.routes import detail
from fleet.people.standing import disable_person, enable_person
from fleet.permissions import Permission
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["people"])

Keeper = Annotated[Actor, Allow(Permission.PERSON_WRITE)]


@router.post("/people/{id}/roles", status_code=201)
async def give_person_role(
    id: UUID,
    body: schemas.RoleGiving,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.PersonDetail:
    """Give a person a role in an organisation within scope; nobody gives one to themselves."""
    scope = actor.scope(Permission.PERSON_WRITE)
    organisation = await organisation_in(session, body.organisation_id, scope)
    person = await store.account_in(session, id, scope, now)
    await store.lock_person(session, person)
    await give_role(
        session,
        Act(actor, now, address),
        person=person,
        role=body.role,
        organisation=organisation,
        since=body.since,
        until=body.until,
    )
    return await detail(session, actor, person, now)


@router.post("/people/{id}/roles/end")
async def end_person_role(
    id: UUID,
    body: schemas.RoleEnding,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.PersonDetail:
    """End a role in an organisation within scope; it takes effect with the next request."""
    scope = actor.scope(Permission.PERSON_WRITE)
    organisation = await organisation_in(session, body.organisation_id, scope)
    person = await store.account_in(session, id, scope, now)
    await store.lock_person(session, person)
    await end_role(
        session,
        Act(actor, now, address, body.reason),
        person=person,
        role=body.role,
        organisation=organisation,
        at=body.at,
    )
    return await detail(session, actor, person, now)


@router.post("/people/{id}/disable")
async def disable_account(
    id: UUID,
    body: schemas.Standing,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.PersonDetail:
    """Disable an account whose every role is within scope, and end its sessions at once."""
    scope = actor.scope(Permission.PERSON_WRITE)
    person = await store.account_in(session, id, scope, now)
    await store.lock_person(session, person)
    await disable_person(session, Act(actor, now, address, body.reason), person, scope)
    return await detail(session, actor, person, now)


@router.post("/people/{id}/enable")
async def enable_account(
    id: UUID,
    body: schemas.Standing,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.PersonDetail:
    """Let a disabled account be used again."""
    scope = actor.scope(Permission.PERSON_WRITE)
    person = await store.account_in(session, id, scope, now)
    await store.lock_person(session, person)
    await enable_person(session, Act(actor, now, address, body.reason), person, scope)
    return await detail(session, actor, person, now)
