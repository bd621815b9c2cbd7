"""Routes of mandates."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations import mandate_schemas, mandate_store, store, views
from fleet.organisations.mandates import end_mandate, give_mandate
from fleet.permissions import Permission
from fleet.words import Matter
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter()

Writer = Annotated[Actor, Allow(Permission.MANDATE_WRITE)]


@router.get("/mandates", tags=["mandates"])
async def list_mandates(
    actor: Annotated[Actor, Allow(Permission.ORGANISATION_READ)],
    session: DbSession,
    part: Paging,
    organisation_id: UUID | None = None,
    matter: Matter | None = None,
    at: InstantIn | None = None,
) -> mandate_schemas.MandatePage:
    """List the mandates over or of organisations within scope; those in force at `at`, or all."""
    scope = actor.scope(Permission.ORGANISATION_READ)
    one = await store.organisation_in(session, organisation_id, scope) if organisation_id else None
    page = await mandate_store.mandates(
        session,
        scope,
        organisation_nos=[one.no] if one else None,
        matter=matter,
        at=at,
        part=part,
    )
    return mandate_schemas.MandatePage(
        items=[views.mandate(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/mandates", status_code=201, tags=["mandates"])
async def create_mandate(
    body: mandate_schemas.NewMandate, actor: Writer, session: DbSession, now: Now, address: Address
) -> mandate_schemas.MandateOut:
    """Give an organisation a power over another; both stand within scope."""
    scope = actor.scope(Permission.MANDATE_WRITE)
    given = await give_mandate(
        session,
        Act(actor, now, address, body.reason),
        holder=await store.organisation_in(session, body.holder_id, scope),
        over=await store.organisation_in(session, body.over_id, scope),
        matter=body.matter,
        since=body.start,
        until=body.end,
    )
    return views.mandate(await mandate_store.mandate_row(session, given.id, scope))


@router.post("/mandates/{id}/end", tags=["mandates"])
async def end_a_mandate(
    id: UUID,
    body: mandate_schemas.MandateEnding,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> mandate_schemas.MandateOut:
    """End a mandate; what was decided by it stays."""
    scope = actor.scope(Permission.MANDATE_WRITE)
    row = await mandate_store.mandate_row(session, id, scope)
    actor.require(Permission.MANDATE_WRITE, row[2].no)
    await end_mandate(
        session,
        Act(actor, now, address, body.reason),
        mandate=row[0],
        holder=row[1],
        over=row[2],
        until=body.end,
    )
    return views.mandate(row)
