"""Routes of retention and of legal holds."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import covers_a_root
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from fleet.refs import Named, VehicleRef
from fleet.retention import schemas, store, views
from fleet.retention.holds import place_hold, release_hold, set_rules
from kit.errors import NotFound
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["retention"])

P = Permission


@router.get("/retention")
async def read_retention(
    _actor: Annotated[Actor, Allow(P.RETENTION_READ)], session: DbSession, now: Now
) -> schemas.RetentionOut:
    """Show how long each kind of data is kept, and what the newest run has erased."""
    rules = await store.rules_in_force(session, now)
    return views.retention(rules, await store.last_run(session), now)


@router.put("/retention")
async def set_retention(
    body: schemas.NewRules,
    actor: Annotated[Actor, Allow(P.RETENTION_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.RetentionOut:
    """Say how long kinds of data are kept; it holds for the whole database."""
    if not await covers_a_root(session, actor.scope(P.RETENTION_WRITE), now):
        raise NotFound("Retention is set from a root of the organisations' tree.")
    await set_rules(session, Act(actor, now, address, body.reason), body)
    rules = await store.rules_in_force(session, now)
    return views.retention(rules, await store.last_run(session), now)


@router.get("/holds")
async def list_holds(
    actor: Annotated[Actor, Allow(P.HOLD_READ)],
    session: DbSession,
    part: Paging,
    open_only: Annotated[bool, Query(description="Only those not released")] = False,
) -> schemas.HoldPage:
    """List the legal holds within scope, the newest first."""
    page = await store.holds(session, actor.scope(P.HOLD_READ), open_only=open_only, part=part)
    return schemas.HoldPage(
        items=[views.hold_row(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/holds", status_code=201)
async def create_hold(
    body: schemas.NewHold,
    actor: Annotated[Actor, Allow(P.HOLD_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.HoldOut:
    """Keep a vehicle's or a person's data from erasure, by a case or letter number."""
    act = Act(actor, now, address, body.reason)
    hold, vehicle, person = await place_hold(session, act, body, actor.scope(P.HOLD_WRITE))
    organisation = await session.get_one(Organisation, hold.organisation_no)
    return views.hold(
        hold,
        views.organisation_name(organisation),
        VehicleRef(id=vehicle.id, plate=vehicle.plate) if vehicle else None,
        Named(id=person.id, name=person.name) if person else None,
        Named(id=actor.person_id, name=actor.name),
    )


@router.post("/holds/{hold_id}/release", status_code=204)
async def end_hold(
    hold_id: UUID,
    body: schemas.HoldRelease,
    actor: Annotated[Actor, Allow(P.HOLD_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> None:
    """Release a hold; the next run of retention takes what has had its time."""
    act = Act(actor, now, address, body.reason)
    await release_hold(session, act, hold_id, actor.scope(P.HOLD_WRITE))
