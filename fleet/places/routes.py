"""Routes of places."""

from typing import Annotated

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import owner_for
from fleet.permissions import Permission
from fleet.places import schemas, store, views
from fleet.places.places import add_place
from fleet.places.watched import watched_scope
from fleet.refs import named
from kit.web import Address, DbSession, Now

router = APIRouter()


Search = Annotated[str | None, Query(max_length=100, description="Part of a name or plate")]


@router.get("/places", tags=["places"])
async def list_places(
    actor: Annotated[Actor, Allow(Permission.PLACE_READ)],
    session: DbSession,
    part: Paging,
    q: Search = None,
) -> schemas.PlacePage:
    """List the places within scope and everybody's, by name."""
    page = await store.places(
        session,
        actor.scope(Permission.PLACE_READ),
        watched=watched_scope(actor),
        q=q,
        part=part,
    )
    return schemas.PlacePage(
        items=[
            views.place(row[0], named(row.organisation_id, row.organisation_name))
            for row in page.items
        ],
        next_cursor=page.next_cursor,
    )


@router.post("/places", status_code=201, tags=["places"])
async def create_place(
    body: schemas.NewPlace,
    actor: Annotated[Actor, Allow(Permission.PLACE_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.PlaceOut:
    """Add a place to an organisation within scope."""
    owner = await owner_for(session, actor, Permission.PLACE_WRITE, body.organisation_id)
    place = await add_place(
        session,
        Act(actor, now, address),
        organisation=owner,
        **body.model_dump(exclude={"organisation_id"}),
    )
    return views.place(place, named(owner.id, owner.name))
