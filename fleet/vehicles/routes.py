"""Routes of vehicles: the register."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import narrowed, owner_for
from fleet.permissions import Permission
from fleet.places.store import place_in
from fleet.quotas.words import ExcessKind
from fleet.vehicles import schemas, store, views
from fleet.vehicles.attributes import ATTRIBUTE_NAMES, Attributes
from fleet.vehicles.changes import change_vehicle
from fleet.vehicles.register import add_vehicle
from fleet.vehicles.secrecy import refusal_key_of
from fleet.vehicles.uses import move_base
from fleet.vehicles.words import LifeState
from fleet.words import Category, Energy, Holding
from kit.clock import day_start
from kit.web import Address, AppSettings, DbSession, Now

router = APIRouter()


Search = Annotated[str | None, Query(max_length=100, description="Part of a plate or model")]
UseTypeIn = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


@router.get("/vehicles", tags=["vehicles"])
async def list_vehicles(
    actor: Annotated[Actor, Allow(Permission.VEHICLE_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    q: Search = None,
    organisation_id: UUID | None = None,
    holding: Holding | None = None,
    category: Category | None = None,
    energy: Energy | None = None,
    use_type: UseTypeIn = None,
    state: LifeState | None = None,
    excess: ExcessKind | None = None,
    documents_expired: bool | None = None,
    gone: bool = False,
) -> schemas.VehiclePage:
    """List the vehicles that units within scope use now, or that have left them, by plate."""
    scope = await narrowed(session, actor.scope(Permission.VEHICLE_READ), organisation_id, now)
    filters = store.Filters(
        q=q,
        holding=holding,
        category=category,
        energy=energy,
        use_type=use_type,
        state=state,
        excess=excess,
        documents_expired=documents_expired,
        gone=gone,
    )
    page = await store.vehicles(session, scope, now, filters, part)
    assets = actor.scope(Permission.VEHICLE_ASSET_READ)
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
    unit = await owner_for(session, actor, Permission.VEHICLE_WRITE, body.organisation_id)
    places = actor.scope(Permission.PLACE_READ)
    base = await place_in(session, body.base_id, places) if body.base_id else None
    replaces = (
        (await store.vehicle_row(session, body.replaces_id, scope, now))[0]
        if body.replaces_id
        else None
    )
    attributes = body.model_dump(include=set(ATTRIBUTE_NAMES))
    others = body.model_dump(
        exclude={"organisation_id", "base_id", "replaces_id", "since", *ATTRIBUTE_NAMES}
    )
    vehicle = await add_vehicle(
        session,
        Act(actor, now, address),
        organisation=unit,
        base=base,
        replaces=replaces,
        since=day_start(body.since) if body.since else None,
        attributes=Attributes(**attributes),
        demo=settings.demo,
        police_o=settings.police_plates,
        refusal_key=refusal_key_of(settings),
        **others,
    )
    row = await store.vehicle_row(session, vehicle.id, scope, now)
    return views.vehicle(row, actor.scope(Permission.VEHICLE_ASSET_READ))


@router.patch("/vehicles/{id}", tags=["vehicles"])
async def change_vehicle_fields(
    id: UUID,
    body: schemas.VehicleChanges,
    actor: Annotated[Actor, Allow(Permission.VEHICLE_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.VehicleOut:
    """Change fields of a vehicle within scope; what stood before is kept in its events."""
    scope = actor.scope(Permission.VEHICLE_WRITE)
    vehicle = (await store.vehicle_row(session, id, scope, now))[0]
    act = Act(actor, now, address)
    changes = body.model_dump(exclude_unset=True)
    if "base_id" in changes:
        base_id, places = changes.pop("base_id"), actor.scope(Permission.PLACE_READ)
        base = await place_in(session, base_id, places) if base_id else None
        await move_base(session, act, vehicle, base=base)
    if changes or not body.model_fields_set:
        await change_vehicle(session, act, vehicle, changes)
    row = await store.vehicle_row(session, id, scope, now)
    return views.vehicle(row, actor.scope(Permission.VEHICLE_ASSET_READ))
