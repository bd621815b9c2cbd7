"""Routes of custody (领用登记)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.custody import schemas, store, views
from fleet.custody.holding import Holder, add_item, end_item, hand_over
from fleet.custody.words import CustodyKind
from fleet.lists import Paging
from fleet.organisations.store import Scope, narrowed, organisation_in
from fleet.people.store import person_in
from fleet.permissions import Permission
from fleet.places.store import place_in
from fleet.vehicles_in_use import vehicle_in
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter(tags=["custodies"])

Reader = Annotated[Actor, Allow(Permission.CUSTODY_READ)]
Keeper = Annotated[Actor, Allow(Permission.CUSTODY_WRITE)]
At = Annotated[InstantIn | None, Query(description="Who held what at this instant (default: now)")]
HolderId = Annotated[UUID | None, Query(description="A person, a place or an organisation")]


@router.get("/custodies")
async def list_custodies(
    actor: Reader,
    session: DbSession,
    now: Now,
    part: Paging,
    organisation_id: UUID | None = None,
    vehicle_id: UUID | None = None,
    holder_id: HolderId = None,
    kind: CustodyKind | None = None,
    at: At = None,
) -> schemas.CustodyPage:
    """List the keys, licences and cards of vehicles within scope, with their holder at `at`."""
    scope = await narrowed(session, actor.scope(Permission.CUSTODY_READ), organisation_id, now)
    page = await store.custodies(
        session,
        scope,
        now,
        at=at or now,
        kind=kind,
        vehicle_id=vehicle_id,
        holder_id=holder_id,
        part=part,
    )
    return schemas.CustodyPage(
        items=[views.item(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.get("/custodies/{id}/holders")
async def list_holders(
    id: UUID, actor: Reader, session: DbSession, now: Now, part: Paging
) -> schemas.HoldingPage:
    """List who held an item, the newest first, without a gap."""
    row = await store.item_row(session, id, actor.scope(Permission.CUSTODY_READ), now)
    page = await store.holders(session, row[0].no, part)
    return schemas.HoldingPage(
        items=[views.holding(one, one[0]) for one in page.items], next_cursor=page.next_cursor
    )


@router.post("/custodies", status_code=201)
async def add_custody_item(
    body: schemas.NewCustodyItem,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.CustodyItemOut:
    """Enter an item of a vehicle within scope with its first holder."""
    scope = actor.scope(Permission.CUSTODY_WRITE)
    used = await vehicle_in(session, body.vehicle_id, scope, now)
    holder = await _holder(session, body.holder, scope, now)
    made = await add_item(
        session,
        Act(actor, now, address),
        vehicle=used.vehicle,
        organisation_no=used.unit_no,
        kind=body.kind,
        label=body.label,
        number=body.number,
        holder=holder,
        note=body.note,
    )
    return views.item(await store.item_row(session, made.id, scope, now))


@router.post("/custodies/{id}/handovers", status_code=201)
async def hand_over_item(
    id: UUID,
    body: schemas.HandOver,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.CustodyItemOut:
    """Pass an item on to another holder within scope."""
    scope = actor.scope(Permission.CUSTODY_WRITE)
    row = await store.item_row(session, id, scope, now)
    await hand_over(
        session,
        Act(actor, now, address),
        row[0],
        to=await _holder(session, body.to, scope, now),
        organisation_no=row.unit_no,
        at=body.at,
        note=body.note,
    )
    return views.item(await store.item_row(session, id, scope, now))


@router.post("/custodies/{id}/end")
async def end_custody_item(
    id: UUID,
    body: schemas.ItemEnd,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.CustodyItemOut:
    """Take an item out of use: lost, worn out, or given back."""
    scope = actor.scope(Permission.CUSTODY_WRITE)
    row = await store.item_row(session, id, scope, now)
    act = Act(actor, now, address, body.reason)
    await end_item(session, act, row[0], organisation_no=row.unit_no)
    return views.item(await store.item_row(session, id, scope, now))


async def _holder(
    session: AsyncSession, said: schemas.HolderIn, scope: Scope, now: datetime
) -> Holder:
    if said.person_id is not None:
        return Holder(await person_in(session, said.person_id, scope, now))
    if said.place_id is not None:
        return Holder(await place_in(session, said.place_id, scope))
    assert said.organisation_id is not None
    return Holder(await organisation_in(session, said.organisation_id, scope))
