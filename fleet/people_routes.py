"""Routes of organisations, people and the journal."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet import schemas, store, views
from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations import add_organisation
from fleet.passwords import hash_password
from fleet.people import RoleIn, create_person
from fleet.permissions import Permission
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter()

Search = Annotated[str | None, Query(max_length=100, description="Part of a name")]


@router.get("/organisations", tags=["organisations"])
async def list_organisations(
    actor: Annotated[Actor, Allow(Permission.ORGANISATION_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
) -> schemas.OrganisationPage:
    """List the organisations within scope, by name."""
    page = await store.organisations(session, actor.scope(Permission.ORGANISATION_READ), now, part)
    return schemas.OrganisationPage(
        items=[
            views.organisation(row[0], views.named(row.parent_id, row.parent_name))
            for row in page.items
        ],
        next_cursor=page.next_cursor,
    )


@router.post("/organisations", status_code=201, tags=["organisations"])
async def create_organisation(
    body: schemas.NewOrganisation,
    actor: Annotated[Actor, Allow(Permission.ORGANISATION_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.OrganisationOut:
    """Add an organisation under another within scope."""
    parent = await store.owner_for(session, actor, Permission.ORGANISATION_WRITE, body.parent_id)
    row = await add_organisation(
        session,
        Act(actor, now, address),
        name=body.name,
        kind=body.kind,
        region_code=body.region_code,
        uscc=body.uscc,
        parent=parent,
    )
    return views.organisation(row, views.named(parent.id, parent.name))


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
    scope = await store.narrowed(session, actor.scope(Permission.PERSON_READ), organisation_id, now)
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
        RoleIn(one.role, await store.organisation_in(session, one.organisation_id, scope))
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


@router.get("/journal", tags=["journal"])
async def list_journal(
    actor: Annotated[Actor, Allow(Permission.JOURNAL_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    action: Annotated[str | None, Query(max_length=100)] = None,
    object_id: UUID | None = None,
    start: InstantIn | None = None,
    end: InstantIn | None = None,
) -> schemas.JournalPage:
    """List the journal's entries within scope, newest first.

    Entries of no organisation, such as failed log-ins, are shown where the scope holds a root.
    """
    scope = actor.scope(Permission.JOURNAL_READ)
    page = await store.journal_entries(
        session,
        scope,
        with_unowned=await store.covers_a_root(session, scope, now),
        action=action,
        object_id=object_id,
        start=start,
        end=end,
        part=part,
    )
    return schemas.JournalPage(
        items=[views.journal_entry(row) for row in page.items], next_cursor=page.next_cursor
    )
