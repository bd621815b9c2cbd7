"""Routes of people."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.identity.passwords import hash_password
from fleet.lists import Paging
from fleet.organisations.store import narrowed, organisation_in
from fleet.people import schemas, store, views
from fleet.people.accounts import RoleIn, create_person
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
) -> schemas.PersonPage:
    """List the people with a role within scope, by name."""
    scope = await narrowed(session, actor.scope(Permission.PERSON_READ), organisation_id, now)
    page = await store.people(session, scope, now, q, part)
    roles = await store.roles_of(session, [row[0].no for row in page.items], scope, now)
    return schemas.PersonPage(
        items=[views.person(row[0], roles[row[0].no]) for row in page.items],
        next_cursor=page.next_cursor,
    )


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
    password_hash = await asyncio.to_thread(hash_password, body.password) if body.password else None
    person = await create_person(
        session,
        Act(actor, now, address),
        username=body.username,
        name=body.name,
        phone=body.phone,
        roles=roles,
        password_hash=password_hash,
    )
    return views.person(person, [(one.role, one.organisation) for one in roles])
