"""Routes of auto-dispatch: who answers for it, and what drivers are asked.

Its mode and limits are rules (`/rules/values`).
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dispatch.automatic import schemas
from dispatch.automatic.answering import answer, proposals_of
from dispatch.automatic.appointing import appoint, appointment, appointments, end_appointment
from fleet.access import Actor, Allow, AllowAnyone
from fleet.acts import Act
from fleet.lists import AnyRow, Paging
from fleet.organisations.store import narrowed, organisation_in
from fleet.people.store import person_in
from fleet.permissions import Permission
from fleet.refs import Named
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter(tags=["dispatch"])

Appointer = Annotated[Actor, Allow(Permission.DUTY_DISPATCHER_WRITE)]
At = Annotated[InstantIn | None, Query(description="Only who is appointed at this instant")]


@router.get("/duty-dispatchers")
async def list_duty_dispatchers(
    actor: Annotated[Actor, Allow(Permission.ROSTER_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    organisation_id: UUID | None = None,
    at: At = None,
) -> schemas.DutyDispatcherPage:
    """List who is appointed duty dispatcher of the organisations within scope."""
    scope = await narrowed(session, actor.scope(Permission.ROSTER_READ), organisation_id, now)
    page = await appointments(session, scope, at, part)
    return schemas.DutyDispatcherPage(
        items=[_shown(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/duty-dispatchers", status_code=201)
async def appoint_duty_dispatcher(
    body: schemas.NewDutyDispatcher,
    actor: Appointer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.DutyDispatcherOut:
    """Appoint a dispatcher to answer for automatic assignments of an organisation within scope."""
    scope = actor.scope(Permission.DUTY_DISPATCHER_WRITE)
    made = await appoint(
        session,
        Act(actor, now, address, body.reason),
        organisation=await organisation_in(session, body.organisation_id, scope),
        person=await person_in(session, body.person_id, scope, now),
        start=body.start,
        end=body.end,
    )
    return _shown(await appointment(session, made.id))


@router.post("/duty-dispatchers/{id}/end")
async def end_duty_dispatcher(
    id: UUID, actor: Appointer, session: DbSession, now: Now, address: Address
) -> schemas.DutyDispatcherOut:
    """End an appointment now, or withdraw it before it begins."""
    scope = actor.scope(Permission.DUTY_DISPATCHER_WRITE)
    await end_appointment(session, Act(actor, now, address), id, scope)
    return _shown(await appointment(session, id))


@router.get("/proposals")
async def list_proposals(
    actor: Annotated[Actor, AllowAnyone(widened_by=(Permission.ORDER_DRIVE,))],
    session: DbSession,
    now: Now,
) -> schemas.ProposalPage:
    """List which of one's own accepted orders one is asked to exchange now."""
    return schemas.ProposalPage(items=await proposals_of(session, actor, now))


@router.post("/proposals/{id}/answer")
async def answer_proposal(
    id: UUID,
    body: schemas.ProposalAnswerIn,
    actor: Annotated[Actor, AllowAnyone(widened_by=(Permission.ORDER_DRIVE,))],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ProposalOut:
    """Agree to an exchange that one is asked about, or decline it; once for each."""
    return await answer(session, Act(actor, now, address), id, actor, agree=body.agree)


def _shown(row: AnyRow) -> schemas.DutyDispatcherOut:
    one = row[0]
    return schemas.DutyDispatcherOut(
        id=one.id,
        organisation=Named(id=row.organisation_id, name=row.organisation_name),
        person=Named(id=row.person_id, name=row.person_name),
        start=one.period.lower,
        end=one.period.upper,
        withdrawn_at=one.withdrawn_at,
    )
