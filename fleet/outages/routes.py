"""Routes of outages (停用)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import narrowed
from fleet.outages import schemas, store, views
from fleet.outages.outages import end_outage, open_outage
from fleet.outages.words import OutageKind
from fleet.permissions import Permission
from fleet.promises import promised_of_vehicle
from fleet.vehicles_in_use import vehicle_in
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter(tags=["outages"])

Keeper = Annotated[Actor, Allow(Permission.OUTAGE_WRITE)]
At = Annotated[InstantIn | None, Query(description="Only those that hold at this instant")]


@router.get("/outages")
async def list_outages(
    actor: Annotated[Actor, Allow(Permission.VEHICLE_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    organisation_id: UUID | None = None,
    vehicle_id: UUID | None = None,
    kind: OutageKind | None = None,
    at: At = None,
) -> schemas.OutagePage:
    """List when vehicles within scope are and were out of use, the last entered first."""
    scope = await narrowed(session, actor.scope(Permission.VEHICLE_READ), organisation_id, now)
    page = await store.outages(
        session, scope, now, at=at, kind=kind, vehicle_id=vehicle_id, part=part
    )
    return schemas.OutagePage(
        items=[views.outage(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/vehicles/{id}/outages", status_code=201)
async def add_outage(
    id: UUID,
    body: schemas.NewOutage,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.OutageOpened:
    """Take a vehicle within scope out of use; name the orders that need another vehicle.

    Nobody is suggested or assigned a vehicle with a defect. Maintenance may be put off by a
    dispatcher who says why.
    """
    scope = actor.scope(Permission.OUTAGE_WRITE)
    used = await vehicle_in(session, id, scope, now)
    made = await open_outage(
        session,
        Act(actor, now, address, body.reason),
        vehicle=used.vehicle,
        organisation_no=used.unit_no,
        kind=body.kind,
        start=body.start,
        end=body.end,
        reason=body.reason,
    )
    promised = await promised_of_vehicle(session, actor, used.vehicle.no, made.period)
    return views.opened(await store.outage_row(session, made.id, scope, now), promised)


@router.post("/outages/{id}/end")
async def finish_outage(
    id: UUID,
    body: schemas.OutageEnd,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.OutageOut:
    """Put a vehicle back in use now, or withdraw an outage before it begins."""
    scope = actor.scope(Permission.OUTAGE_WRITE)
    row = await store.outage_row(session, id, scope, now)
    act = Act(actor, now, address, body.reason)
    await end_outage(session, act, row[0], organisation_no=row.unit_no)
    return views.outage(await store.outage_row(session, id, scope, now))
