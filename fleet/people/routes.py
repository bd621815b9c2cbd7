"""Routes of people."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.identity.password_changes import require_fit
from fleet.identity.passwords import hash_password
from fleet.lists import Paging
from fleet.organisations.store import narrowed, organisation_in
from fleet.people import role_store, schemas, store, views
from fleet.people.accounts import RoleIn, create_person
from fleet.people.standing import change_person
from fleet.people.tables import Person
from fleet.permissions import Permission
from kit.web import Address, DbSession, Now

router = APIRouter()


Search = Annotated[str | None, Query(max_length=100, description="Part of a name")]


@router.get("/people", tags=["people"])
async def list_people(
    actor: Annotated[Actor, Allow(Permission.PERSON_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    q: Search = None,
    organisation_id: UUID | None = None,
    disabled: bool | None = None,
) -> schemas.PersonPage:
    """List the people with a role within scope, by name."""
    scope = await narrowed(session, actor.scope(Permission.PERSON_READ), organisation_id, now)
    page = await store.people(session, scope, now, q=q, disabled=disabled, part=part)
    nos = [row[0].no for row in page.items]
    roles = await store.roles_of(session, nos, scope, now)
    belonging = await store.organisations_of(session, nos, now)
    return schemas.PersonPage(
        items=[
            views.person(row[0], roles[row[0].no], actor, belonging[row[0].no])
            for row in page.items
        ],
        next_cursor=page.next_cursor,
    )


@router.get("/people/{id}", tags=["people"])
async def read_person(
    id: UUID, actor: Annotated[Actor, Allow(Permission.PERSON_READ)], session: DbSession, now: Now
) -> schemas.PersonDetail:
    """Show a person who has a role within scope, with the roles there that have not ended."""
    scope = actor.scope(Permission.PERSON_READ)
    if Permission.PERSON_WRITE in actor.permissions:
        person = await store.account_in(session, id, scope, now)
    else:
        person = await store.person_in(session, id, scope, now)
    return await detail(session, actor, person, now)


@router.post("/people", status_code=201, tags=["people"])
async def add_person(
    body: schemas.NewPerson,
    actor: Annotated[Actor, Allow(Permission.PERSON_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.PersonOut:
    """Add an account with its roles, all within scope."""
    scope = actor.scope(Permission.PERSON_WRITE)
    roles = [
        RoleIn(one.role, await organisation_in(session, one.organisation_id, scope))
        for one in body.roles
    ]
    password_hash = None
    if body.password:
        await require_fit(session, body.password, body.username)
        password_hash = await asyncio.to_thread(hash_password, body.password)
    person = await create_person(
        session,
        Act(actor, now, address),
        username=body.username,
        name=body.name,
        phone=body.phone,
        roles=roles,
        password_hash=password_hash,
    )
    return views.person(
        person,
        [(one.role, one.organisation) for one in roles],
        actor,
        {one.organisation.no for one in roles},
    )


@router.patch("/people/{id}", tags=["people"])
async def update_person(
    id: UUID,
    body: schemas.PersonChange,
    actor: Annotated[Actor, Allow(Permission.PERSON_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.PersonDetail:
    """Change the name or the phone number of a person whose every role is within scope."""
    scope = actor.scope(Permission.PERSON_WRITE)
    person = await store.account_in(session, id, scope, now)
    await store.lock_person(session, person)
    await change_person(session, Act(actor, now, address), person, body, scope)
    return await detail(session, actor, person, now)


async def detail(
    session: DbSession, actor: Actor, person: Person, now: Now
) -> schemas.PersonDetail:
    """Return a person as the reader may see them."""
    scope = actor.scope(Permission.PERSON_READ)
    roles = await role_store.held_roles(session, person.no, scope, now)
    belonging = await store.organisations_of(session, [person.no], now)
    return views.person_detail(person, roles, actor, belonging[person.no])
