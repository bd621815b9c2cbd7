"""Routes of a vehicle's life: its events, and the acts that make them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.documents.store import document_no_of
from fleet.lists import Paging
from fleet.organisations.store import owner_for
from fleet.permissions import Permission
from fleet.places.store import place_in
from fleet.vehicles import life_store, schemas, store, views
from fleet.vehicles.disposals import dispose, strike_off
from fleet.vehicles.errors import MethodMissing
from fleet.vehicles.events import record_step
from fleet.vehicles.plate_changes import change_plate
from fleet.vehicles.renewals import renew
from fleet.vehicles.secrecy import (
    plate_refusals,
    refusal_key_of,
    replace_plate_refusals,
)
from fleet.vehicles.tables import Vehicle, VehicleEvent
from fleet.vehicles.uses import transfer
from fleet.vehicles.words import EventKind
from kit.web import Address, AppSettings, DbSession, Now

router = APIRouter()

Writer = Annotated[Actor, Allow(Permission.VEHICLE_WRITE)]
Reader = Annotated[Actor, Allow(Permission.VEHICLE_READ)]


@router.get("/vehicles/{id}/events", tags=["vehicles"])
async def list_vehicle_events(
    id: UUID, actor: Reader, session: DbSession, now: Now, part: Paging
) -> schemas.VehicleEventPage:
    """List what happened to a vehicle, in the order of the days."""
    row = await store.vehicle_row(session, id, actor.scope(Permission.VEHICLE_READ), now)
    assets = row.unit_no in actor.scope(Permission.VEHICLE_ASSET_READ)
    page = await life_store.events(session, row[0].no, part)
    return schemas.VehicleEventPage(
        items=[views.life_event(one, assets=assets) for one in page.items],
        next_cursor=page.next_cursor,
    )


@router.post("/vehicles/{id}/events", status_code=201, tags=["vehicles"])
async def add_vehicle_event(
    id: UUID,
    body: schemas.NewEvent,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.VehicleOut:
    """Record that a registered vehicle is allocated, or an allocated one put in use."""
    vehicle, document_no = await _named(session, actor, id, body.document_id, now)
    await record_step(
        session,
        Act(actor, now, address, body.reason),
        vehicle,
        EventKind(body.kind),
        body.day,
        document_no=document_no,
    )
    return await _shown(session, actor, id, now)


@router.post("/vehicles/{id}/transfers", status_code=201, tags=["vehicles"])
async def transfer_vehicle(
    id: UUID,
    body: schemas.NewTransfer,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.VehicleEventOut:
    """Hand a vehicle over to another unit within scope, now or from an instant of the past on."""
    vehicle, document_no = await _named(session, actor, id, body.document_id, now)
    to = await owner_for(session, actor, Permission.VEHICLE_WRITE, body.organisation_id)
    places = actor.scope(Permission.PLACE_READ)
    base = await place_in(session, body.base_id, places) if body.base_id else None
    act = Act(actor, now, address, body.reason)
    event = await transfer(
        session, act, vehicle, to=to, base=base, at=body.at, document_no=document_no
    )
    return await _event_shown(session, actor, event)


@router.post("/vehicles/{id}/renewals", status_code=201, tags=["vehicles"])
async def renew_vehicle(
    id: UUID,
    body: schemas.NewRenewal,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.VehicleOut:
    """Record that a vehicle is renewed: its place in the quota is free for the next."""
    vehicle, document_no = await _named(session, actor, id, body.document_id, now)
    act = Act(actor, now, address, body.reason)
    await renew(session, act, vehicle, day=body.day, document_no=document_no)
    return await _shown(session, actor, id, now)


@router.post("/vehicles/{id}/disposals", status_code=201, tags=["vehicles"])
async def dispose_of_vehicle(
    id: UUID,
    body: schemas.NewDisposal,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.VehicleEventOut:
    """Dispose of a vehicle, or strike off one that was entered in error; its history stays."""
    vehicle, document_no = await _named(session, actor, id, body.document_id, now)
    act = Act(actor, now, address, body.reason)
    if body.struck_off:
        event = await strike_off(session, act, vehicle, at=body.at)
    elif body.method is None:
        raise MethodMissing
    else:
        event = await dispose(
            session,
            act,
            vehicle,
            method=body.method,
            income_fen=body.income_fen,
            at=body.at,
            document_no=document_no,
        )
    return await _event_shown(session, actor, event)


@router.get("/vehicles/{id}/plates", tags=["vehicles"])
async def list_vehicle_plates(
    id: UUID, actor: Reader, session: DbSession, now: Now
) -> schemas.PlateList:
    """List all plates that a vehicle has borne, the latest first."""
    row = await store.vehicle_row(session, id, actor.scope(Permission.VEHICLE_READ), now)
    held = await life_store.plates(session, row[0])
    return schemas.PlateList(items=[views.plate_held(one) for one in held])


@router.post("/vehicles/{id}/plates", status_code=201, tags=["vehicles"])
async def change_vehicle_plate(
    id: UUID,
    body: schemas.NewPlate,
    actor: Writer,
    session: DbSession,
    settings: AppSettings,
    now: Now,
    address: Address,
) -> schemas.VehicleOut:
    """Give a vehicle another plate, now or from an instant of the past on."""
    vehicle, _ = await _named(session, actor, id, None, now)
    await change_plate(
        session,
        Act(actor, now, address, body.reason),
        vehicle,
        plate=body.plate,
        plate_colour=body.plate_colour,
        at=body.at,
        demo=settings.demo,
        police_o=settings.police_plates,
        refusal_key=refusal_key_of(settings),
    )
    return await _shown(session, actor, id, now)


@router.get("/plate-refusals", tags=["vehicles"])
async def read_plate_refusals(
    _actor: Annotated[Actor, Allow(Permission.POLICY_READ)], session: DbSession
) -> schemas.PlateRefusalsOut:
    """Tell how many plates are refused; which ones, nobody can read."""
    count, recorded_at = await plate_refusals(session)
    return schemas.PlateRefusalsOut(count=count, recorded_at=recorded_at)


@router.put("/plate-refusals", tags=["vehicles"])
async def put_plate_refusals(
    body: schemas.NewPlateRefusals,
    actor: Annotated[Actor, Allow(Permission.POLICY_WRITE)],
    session: DbSession,
    settings: AppSettings,
    now: Now,
    address: Address,
) -> schemas.PlateRefusalsOut:
    """Replace the list of refused plates by digests that were made outside this system."""
    count = await replace_plate_refusals(
        session,
        Act(actor, now, address),
        key_check=bytes.fromhex(body.key_check),
        digests=[bytes.fromhex(one) for one in body.digests],
        key=refusal_key_of(settings),
    )
    return schemas.PlateRefusalsOut(count=count, recorded_at=now)


async def _named(
    session: AsyncSession, actor: Actor, id: UUID, document_id: UUID | None, now: Now
) -> tuple[Vehicle, int | None]:
    """Return the vehicle to write to, and the number of its document."""
    row = await store.vehicle_row(session, id, actor.scope(Permission.VEHICLE_WRITE), now)
    vehicle: Vehicle = row[0]
    return vehicle, await document_no_of(session, vehicle.no, document_id)


async def _shown(session: AsyncSession, actor: Actor, id: UUID, now: Now) -> schemas.VehicleOut:
    row = await store.vehicle_row(session, id, actor.scope(Permission.VEHICLE_WRITE), now)
    return views.vehicle(row, actor.scope(Permission.VEHICLE_ASSET_READ))


async def _event_shown(
    session: AsyncSession, actor: Actor, event: VehicleEvent
) -> schemas.VehicleEventOut:
    row = await life_store.event_row(session, event.no)
    return views.life_event(
        row, assets=event.organisation_no in actor.scope(Permission.VEHICLE_ASSET_READ)
    )
