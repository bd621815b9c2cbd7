"""Routes of drivers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import narrowed, organisation_in
from fleet.people import driver_store, schemas, store, views
from fleet.people.drivers import add_driver
from fleet.permissions import Permission
from fleet.refs import Named
from kit.web import Address, DbSession, Now

router = APIRouter()


Search = Annotated[str | None, Query(max_length=100, description="Part of a name or plate")]


@router.get("/drivers", tags=["drivers"])
async def list_drivers(
    actor: Annotated[Actor, Allow(Permission.DRIVER_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    q: Search = None,
    organisation_id: UUID | None = None,
) -> schemas.DriverPage:
    """List the drivers of units within scope, by name."""
    scope = await narrowed(session, actor.scope(Permission.DRIVER_READ), organisation_id, now)
    page = await driver_store.drivers(session, scope, now, q, part)
    return schemas.DriverPage(
        items=[
            views.driver(row[0], row[1], Named(id=row.unit_id, name=row.unit_name))
            for row in page.items
        ],
        next_cursor=page.next_cursor,
    )


@router.post("/drivers", status_code=201, tags=["drivers"])
async def create_driver(
    body: schemas.NewDriver,
    actor: Annotated[Actor, Allow(Permission.DRIVER_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.DriverOut:
    """Let a person within scope drive for a unit within scope."""
    unit = await organisation_in(
        session, body.organisation_id, actor.scope(Permission.DRIVER_WRITE)
    )
    person = await store.person_in(
        session, body.person_id, actor.scope(Permission.PERSON_READ), now
    )
    driver = await add_driver(
        session,
        Act(actor, now, address),
        person=person,
        licence_class=body.licence_class,
        licence_until=body.licence_until,
        organisation=unit,
    )
    return views.driver(driver, person, Named(id=unit.id, name=unit.name))
