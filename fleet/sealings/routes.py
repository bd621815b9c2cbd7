"""Routes of sealing windows."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import owner_for
from fleet.permissions import Permission
from fleet.promises import promised_under_sealing
from fleet.sealings import schemas, store, views
from fleet.sealings.sealings import end_sealing, order_sealing, plan, reach_in
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter(tags=["sealings"])

P = Permission


@router.get("/sealings")
async def list_sealings(
    actor: Annotated[Actor, Allow(P.SEALING_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    at: Annotated[InstantIn | None, Query(description="Only those in force then")] = None,
) -> schemas.SealingPage:
    """List the sealings over the organisations within scope, the newest first.

    Those that an organisation above has ordered are among them: they hold below it.
    """
    over = await store.at_and_above(session, actor.scope(P.SEALING_READ), now)
    page = await store.sealings(session, over, at, part)
    return schemas.SealingPage(
        items=[views.sealing(row[0], row[1]) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/sealings/preview")
async def preview_sealing(
    body: schemas.NewSealing,
    actor: Annotated[Actor, Allow(P.SEALING_WRITE)],
    session: DbSession,
    now: Now,
    part: Paging,
) -> schemas.SealingPreview:
    """Show when a sealing would hold and which vehicles it would concern; nothing is changed."""
    scope = actor.scope(P.SEALING_WRITE)
    organisation = await owner_for(session, actor, P.SEALING_WRITE, body.organisation_id)
    planned = await plan(session, body, organisation, now)
    reach = await reach_in(session, body, organisation, scope, now)
    nos = scope & await store.organisations_of(session, reach, now)
    page = await store.concerned(session, reach, nos, now, part)
    sealed, exempt = await store.count_concerned(session, reach, nos, now)
    return schemas.SealingPreview(
        items=[views.vehicle(row) for row in page.items],
        next_cursor=page.next_cursor,
        windows=[schemas.WindowOut(start=w.start, end=w.end) for w in planned.windows],
        provisional=planned.provisional,
        sealed_vehicles=sealed,
        exempt_vehicles=exempt,
    )


@router.post("/sealings", status_code=201)
async def create_sealing(
    body: schemas.NewSealing,
    actor: Annotated[Actor, Allow(P.SEALING_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.SealingOrdered:
    """Order a sealing over an organisation's subtree within scope, or the next version of one.

    What it makes of past days is judged anew; orders that were promised stand, and are counted.
    """
    organisation = await owner_for(session, actor, P.SEALING_WRITE, body.organisation_id)
    scope = actor.scope(P.SEALING_WRITE)
    row = await order_sealing(session, Act(actor, now, address), body, organisation, scope)
    promised = await promised_under_sealing(session, row.no, now)
    return schemas.SealingOrdered(
        **dict(views.sealing(row, organisation)), promised_orders=len(promised)
    )


@router.post("/sealings/{sealing_id}/end")
async def finish_sealing(
    sealing_id: UUID,
    body: schemas.SealingEnd,
    actor: Annotated[Actor, Allow(P.SEALING_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.SealingOut:
    """End a sealing before its time."""
    row, organisation = await store.sealing_in(session, sealing_id, actor.scope(P.SEALING_WRITE))
    await end_sealing(session, Act(actor, now, address, body.reason), row)
    return views.sealing(row, organisation)


@router.get("/sealings/{sealing_id}/vehicles")
async def list_sealing_vehicles(
    sealing_id: UUID,
    actor: Annotated[Actor, Allow(P.SEALING_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
) -> schemas.SealingVehiclePage:
    """List the vehicles within scope that a sealing concerns, by plate, exempt ones marked."""
    scope = actor.scope(P.SEALING_READ)
    row, _ = await store.sealing_in(
        session, sealing_id, await store.at_and_above(session, scope, now)
    )
    reach = await store.reach_of(session, row)
    nos = scope & await store.organisations_of(session, reach, now)
    page = await store.concerned(session, reach, nos, now, part)
    return schemas.SealingVehiclePage(
        items=[views.vehicle(one) for one in page.items], next_cursor=page.next_cursor
    )
