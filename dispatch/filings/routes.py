"""Filings (报备) over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from dispatch.cursors import Cursor, Limit, before_id, cursor_after
from dispatch.filings import service, store
from dispatch.filings.schemas import FilingIn, FilingItem, FilingPage
from dispatch.filings.service import filing_items
from dispatch.retrying import RetriedRoute
from fleet.access import Actor, Allow
from fleet.permissions import Permission
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)


@router.get("/filings")
async def list_filings(
    actor: Annotated[Actor, Allow(Permission.FILING_READ)],
    session: DbSession,
    vehicle_id: UUID | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> FilingPage:
    """List the filings of the units in one's scope, newest first."""
    scope = actor.scope(Permission.FILING_READ)
    found = await store.list_filings(session, scope, vehicle_id, before_id(cursor), limit + 1)
    return FilingPage(
        items=await filing_items(session, found[:limit]), next_cursor=cursor_after(found, limit)
    )


@router.post("/filings", status_code=201)
async def create_filing(
    wish: FilingIn,
    actor: Annotated[Actor, Allow(Permission.FILING_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> FilingItem:
    """File a statement that explains a vehicle's absence or use, once it is accepted."""
    filing = await service.file(session, actor, wish, now, address)
    return (await filing_items(session, [filing]))[0]


@router.post("/filings/{filing_id}/accept")
async def accept_filing(
    filing_id: UUID,
    actor: Annotated[Actor, Allow(Permission.FILING_ACCEPT)],
    session: DbSession,
    now: Now,
    address: Address,
) -> FilingItem:
    """Accept a filing; nobody accepts their own."""
    filing = await service.accept(session, actor, filing_id, now, address)
    return (await filing_items(session, [filing]))[0]


@router.post("/filings/{filing_id}/withdraw")
async def withdraw_filing(
    filing_id: UUID,
    actor: Annotated[Actor, Allow(Permission.FILING_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> FilingItem:
    """Withdraw a filing."""
    filing = await service.withdraw(session, actor, filing_id, now, address)
    return (await filing_items(session, [filing]))[0]
