"""Routes of vehicles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import narrowed, organisation_in
from fleet.permissions import Permission
from fleet.places.store import place_in
from fleet.vehicles import schemas, store, views
from fleet.vehicles.attributes import ATTRIBUTE_NAMES, Attributes
from fleet.vehicles.register import add_vehicle
from fleet.words import Holding
from kit.web import Address, AppSettings, DbSession, Now

router = APIRouter()


Search = Annotated[str | None, Query(max_length=100, description="Part of a name or plate")]


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
    scope = await narrowed(session, actor.scope(Permission.VEHICLE_READ), organisation_id, now)
    assets = actor.scope(Permission.VEHICLE_ASSET_READ)
    page = await store.vehicles(session, scope, now, q=q, holding=holding, part=part)
    return schemas.VehiclePage(
        items=[views.vehicle(row, assets) for row in page.items], next_cursor=page.next_cursor
    )


@router.get("/vehicles/{id}", tags=["vehicles"])
async def read_vehicle(
    id: UUID, actor: Annotated[Actor, Allow(Permission.VEHICLE_READ)], session: DbSession, now: Now
) -> schemas.VehicleOut:
    """Show a vehicle."""
    row = await store.vehicle_row(session, id, actor.scope(Permission.VEHICLE_READ), now)
    return views.vehicle(row, actor.scope(Permission.VEHICLE_ASSET_READ))


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
    unit = await organisation_in(session, body.organisation_id, scope)
    base = (
        await place_in(session, body.base_id, actor.scope(Permission.PLACE_READ))
        if body.base_id
        else None
    )
    vehicle = await add_vehicle(
        session,
        Act(actor, now, address),
        organisation=unit,
        base=base,
        demo=settings.demo,
        attributes=Attributes(**body.model_dump(include=set(ATTRIBUTE_NAMES))),
        **body.model_dump(exclude={"organisation_id", "base_id", *ATTRIBUTE_NAMES}),
    )
    row = await store.vehicle_row(session, vehicle.id, scope, now)
    return views.vehicle(row, actor.scope(Permission.VEHICLE_ASSET_READ))
