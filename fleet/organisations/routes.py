"""Routes of organisations."""

from typing import Annotated

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations import schemas, store, views
from fleet.organisations.tree import add_organisation
from fleet.permissions import Permission
from fleet.refs import named
from kit.web import Address, DbSession, Now

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
            views.organisation(row[0], named(row.parent_id, row.parent_name)) for row in page.items
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
    return views.organisation(row, named(parent.id, parent.name))
