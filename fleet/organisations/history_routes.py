"""Routes by which an organisation's name, place and existence change by date."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.organisations import mergers, schemas, store, tree, views
from fleet.organisations.merged_vehicles import quotas_to_decide
from fleet.organisations.region_store import doubts_of
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from kit.clock import shanghai_day
from kit.web import Address, DbSession, Now

router = APIRouter()

Writer = Annotated[Actor, Allow(Permission.ORGANISATION_WRITE)]


@router.post("/organisations/{id}/names", status_code=201, tags=["organisations"])
async def rename_organisation(
    id: UUID,
    body: schemas.NewOrganisationName,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.OrganisationWritten:
    """Give an organisation another name by date; reports keep the name of their time."""
    one = await _writable(session, actor, id)
    await tree.rename(session, Act(actor, now, address, body.reason), one, body.name, body.start)
    return await _answer(session, one, now)


@router.post("/organisations/{id}/parents", status_code=201, tags=["organisations"])
async def move_organisation(
    id: UUID,
    body: schemas.NewOrganisationParent,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.OrganisationWritten:
    """Put an organisation and all below it under another by date, which may lie ahead."""
    one = await _writable(session, actor, id)
    parent = await _writable(session, actor, body.parent_id)
    await tree.move(session, Act(actor, now, address, body.reason), one, parent, body.start)
    return await _answer(session, one, now)


@router.post("/organisations/{id}/mergers", status_code=201, tags=["organisations"])
async def merge_organisation(
    id: UUID,
    body: schemas.NewMerger,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.OrganisationMerged:
    """Let another organisation take over this one; its quotas end, and are told to be decided."""
    one = await _writable(session, actor, id)
    successor = await _writable(session, actor, body.successor_id)
    succession = await mergers.merge(
        session,
        Act(actor, now, address, body.reason),
        predecessor=one,
        successor=successor,
        at=body.at,
    )
    ended = await quotas_to_decide(session, one.no, successor.no, succession.at, now)
    return schemas.OrganisationMerged(
        **dict(await _answer(session, one, now)),
        quotas_to_decide=[schemas.EndedQuotaOut(**asdict(quota)) for quota in ended],
    )


@router.post("/organisations/{id}/end", tags=["organisations"])
async def end_organisation(
    id: UUID,
    body: schemas.OrganisationEnding,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.OrganisationWritten:
    """End an organisation to which nothing belongs any more; its history stays."""
    one = await _writable(session, actor, id)
    await tree.end(session, Act(actor, now, address, body.reason), one)
    return await _answer(session, one, now)


async def _writable(session: DbSession, actor: Actor, id: UUID) -> Organisation:
    return await store.organisation_in(session, id, actor.scope(Permission.ORGANISATION_WRITE))


async def _answer(session: DbSession, one: Organisation, now: Now) -> schemas.OrganisationWritten:
    row = await store.organisation_row(session, one.id, frozenset({one.no}), now)
    return views.written(row, await doubts_of(session, one, shanghai_day(now)))
