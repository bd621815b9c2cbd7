"""Routes of grants: letters that let external supervisors look."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.permissions import Permission
from fleet.supervision import schemas, store
from fleet.supervision.granting import end_grant, give_grant
from fleet.supervision.views import grant_out
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["grants"])


@router.get("/grants")
async def list_grants(
    actor: Annotated[Actor, Allow(Permission.GRANT_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    in_force: bool = False,
) -> schemas.GrantPage:
    """List the letters over organisations within scope, newest first."""
    scope = actor.scope(Permission.GRANT_READ)
    page = await store.grants(session, scope, now if in_force else None, part)
    vehicles = await store.vehicles_of(session, [row[0].no for row in page.items])
    return schemas.GrantPage(
        items=[grant_out(row[0], row[1], row[2], vehicles[row[0].no]) for row in page.items],
        next_cursor=page.next_cursor,
    )


@router.post("/grants", status_code=201)
async def create_grant(
    body: schemas.NewGrant,
    actor: Annotated[Actor, Allow(Permission.GRANT_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.GrantOut:
    """Open an organisation's subtree, or single vehicles in it, to an external supervisor."""
    scope = actor.scope(Permission.GRANT_WRITE)
    return grant_out(*await give_grant(session, Act(actor, now, address), scope, body))


@router.get("/grants/{grant_id}")
async def read_grant(
    grant_id: UUID, actor: Annotated[Actor, Allow(Permission.GRANT_READ)], session: DbSession
) -> schemas.GrantOut:
    """Show one letter and what it opens."""
    row = await store.grant_in(session, grant_id, actor.scope(Permission.GRANT_READ))
    vehicles = await store.vehicles_of(session, [row[0].no])
    return grant_out(*row, vehicles[row[0].no])


@router.post("/grants/{grant_id}/end")
async def close_grant(
    grant_id: UUID,
    body: schemas.GrantEnd,
    actor: Annotated[Actor, Allow(Permission.GRANT_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.GrantOut:
    """End a letter before its time; its holder sees nothing more at once."""
    scope = actor.scope(Permission.GRANT_WRITE)
    row = await store.grant_in(session, grant_id, scope, lock=True)
    await end_grant(session, Act(actor, now, address, body.reason), row[0], body.reason)
    vehicles = await store.vehicles_of(session, [row[0].no])
    return grant_out(*row, vehicles[row[0].no])
