"""Routes of organisations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations import history_routes, mandate_routes, region_routes, schemas, store, views
from fleet.organisations.region_store import doubts_of
from fleet.organisations.tree import add_organisation, correct
from fleet.permissions import Permission
from fleet.refs import named
from fleet.words import OrganisationKind
from kit.clock import shanghai_day
from kit.web import Address, DbSession, Now

router = APIRouter()
for _part in (history_routes, mandate_routes, region_routes):
    router.include_router(_part.router)

Reader = Annotated[Actor, Allow(Permission.ORGANISATION_READ)]
Writer = Annotated[Actor, Allow(Permission.ORGANISATION_WRITE)]
Search = Annotated[str | None, Query(max_length=100, description="Part of a name, also a past one")]


@router.get("/organisations", tags=["organisations"])
async def list_organisations(
    actor: Reader,
    session: DbSession,
    now: Now,
    part: Paging,
    q: Search = None,
    kind: OrganisationKind | None = None,
    parent_id: Annotated[UUID | None, Query(description="Only those right below it")] = None,
    with_ended: Annotated[bool, Query(description="Also those that have ended")] = False,
) -> schemas.OrganisationPage:
    """List the organisations within scope, by name."""
    scope = actor.scope(Permission.ORGANISATION_READ)
    parent = await store.organisation_in(session, parent_id, scope) if parent_id else None
    page = await store.organisations(
        session,
        scope,
        now,
        part,
        q=q,
        kind=kind,
        parent_no=parent.no if parent else None,
        with_ended=with_ended,
    )
    return schemas.OrganisationPage(
        items=[
            views.organisation(row[0], named(row.parent_id, row.parent_name)) for row in page.items
        ],
        next_cursor=page.next_cursor,
    )


@router.post("/organisations", status_code=201, tags=["organisations"])
async def create_organisation(
    body: schemas.NewOrganisation, actor: Writer, session: DbSession, now: Now, address: Address
) -> schemas.OrganisationWritten:
    """Add an organisation under another within scope; doubtful codes are told as warnings."""
    parent = await store.owner_for(session, actor, Permission.ORGANISATION_WRITE, body.parent_id)
    made = await add_organisation(
        session,
        Act(actor, now, address),
        name=body.name,
        kind=body.kind,
        region_code=body.region_code,
        uscc=body.uscc,
        parent=parent,
    )
    # It stands below the actor's scope, which was drawn before it was there.
    row = await store.organisation_row(session, made.id, frozenset({made.no}), now)
    return views.written(row, await doubts_of(session, made, shanghai_day(now)))


@router.get("/organisations/{id}", tags=["organisations"])
async def read_organisation(
    id: UUID, actor: Reader, session: DbSession, now: Now
) -> schemas.OrganisationDetail:
    """Show an organisation with its names, parents, predecessors and successor."""
    row = await store.organisation_row(session, id, actor.scope(Permission.ORGANISATION_READ), now)
    no: int = row[0].no
    parents = await store.parents_of(session, no)
    return views.detail(
        row,
        await doubts_of(session, row[0], shanghai_day(now)),
        await store.names_of(session, no),
        parents,
        await store.by_no(session, [one.parent_no for one in parents]),
        await store.successions_of(session, no),
    )


@router.patch("/organisations/{id}", tags=["organisations"])
async def change_organisation(
    id: UUID,
    body: schemas.OrganisationChange,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.OrganisationWritten:
    """Correct an organisation's kind and codes; its name and place have dates of their own."""
    scope = actor.scope(Permission.ORGANISATION_WRITE)
    one = await store.organisation_in(session, id, scope)
    changes = body.model_dump(exclude={"reason"}, exclude_unset=True)
    if changes.get("kind") is None:
        changes.pop("kind", None)
    await correct(session, Act(actor, now, address, body.reason), one, changes)
    row = await store.organisation_row(session, id, scope, now)
    return views.written(row, await doubts_of(session, one, shanghai_day(now)))
