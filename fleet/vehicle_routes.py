"""Routes of vehicles, drivers and places."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet import schemas, store, vehicle_store, views
from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.permissions import Permission
from fleet.session_schemas import Named
from fleet.vehicles import add_driver, add_place, add_vehicle
from fleet.words import Holding
from kit.web import Address, AppSettings, DbSession, Now

router = APIRouter()

Search = Annotated[str | None, Query(max_length=100, description="Part of a name or plate")]

# Who looks for stops at watched places, or keeps the register of places.
_SEES_WATCHED = frozenset({Permission.PLACE_WRITE, Permission.FINDING_READ})


@router.get("/vehicles", tags=["vehicles"])
async def list_vehicles(
    actor: Annotated[Actor, Allow(Permission.VEHICLE_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    q: Search = None,
    organisation_id: UUID | None = None,
    holding: Holding | None = None,
) -> schemas.VehiclePage:
    """List the vehicles that units within scope use now, by plate."""
    scope = await store.narrowed(
        session, actor.scope(Permission.VEHICLE_READ), organisation_id, now
    )
    page = await vehicle_store.vehicles(session, scope, now, q=q, holding=holding, part=part)
    return schemas.VehiclePage(
        items=[views.vehicle(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.get("/vehicles/{id}", tags=["vehicles"])
async def read_vehicle(
    id: UUID, actor: Annotated[Actor, Allow(Permission.VEHICLE_READ)], session: DbSession, now: Now
) -> schemas.VehicleOut:
    """Show a vehicle."""
    row = await vehicle_store.vehicle_row(session, id, actor.scope(Permission.VEHICLE_READ), now)
    return views.vehicle(row)


@router.post("/vehicles", status_code=201, tags=["vehicles"])
async def create_vehicle(
    body: schemas.NewVehicle,
    actor: Annotated[Actor, Allow(Permission.VEHICLE_WRITE)],
    session: DbSession,
    settings: AppSettings,
    now: Now,
    address: Address,
) -> schemas.VehicleOut:
    """Add a vehicle to a unit within scope."""
    scope = actor.scope(Permission.VEHICLE_WRITE)
    unit = await store.organisation_in(session, body.organisation_id, scope)
    base = (
        await vehicle_store.place_in(session, body.base_id, actor.scope(Permission.PLACE_READ))
        if body.base_id
        else None
    )
    vehicle = await add_vehicle(
        session,
        Act(actor, now, address),
        organisation=unit,
        base=base,
        demo=settings.demo,
        **body.model_dump(exclude={"organisation_id", "base_id"}),
    )
    return views.vehicle(await vehicle_store.vehicle_row(session, vehicle.id, scope, now))


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
    scope = await store.narrowed(session, actor.scope(Permission.DRIVER_READ), organisation_id, now)
    page = await vehicle_store.drivers(session, scope, now, q, part)
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
    unit = await store.organisation_in(
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


@router.get("/places", tags=["places"])
async def list_places(
    actor: Annotated[Actor, Allow(Permission.PLACE_READ)],
    session: DbSession,
    part: Paging,
    q: Search = None,
) -> schemas.PlacePage:
    """List the places within scope and everybody's, by name."""
    page = await vehicle_store.places(
        session,
        actor.scope(Permission.PLACE_READ),
        watched=bool(actor.permissions & _SEES_WATCHED),
        q=q,
        part=part,
    )
    return schemas.PlacePage(
        items=[
            views.place(row[0], views.named(row.organisation_id, row.organisation_name))
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
    owner = await store.owner_for(session, actor, Permission.PLACE_WRITE, body.organisation_id)
    place = await add_place(
        session,
        Act(actor, now, address),
        organisation=owner,
        **body.model_dump(exclude={"organisation_id"}),
    )
    return views.place(place, views.named(owner.id, owner.name))
