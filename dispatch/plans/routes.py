"""Plans over HTTP: ask for one, look at it, confirm it or lines of it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from dispatch.plans import store
from dispatch.plans.confirming import confirm
from dispatch.plans.making import ask_for_plan
from dispatch.plans.schemas import ConfirmationIn, PlanDetail, PlanIn, PlanItem, PlanPage
from dispatch.plans.tables import Plan
from dispatch.plans.views import plan_detail, plan_items
from dispatch.roads.serving import Roads
from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import named_or_own, narrowed
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.web import Address, AppSessions, DbSession, Now

router = APIRouter(tags=["dispatch"])

Dispatcher = Annotated[Actor, Allow(Permission.ORDER_ASSIGN)]


@router.get("/plans")
async def list_plans(
    actor: Dispatcher,
    session: DbSession,
    now: Now,
    part: Paging,
    organisation_id: UUID | None = None,
    day: date | None = None,
) -> PlanPage:
    """List the plans of the organisations for which one dispatches, the newest first."""
    scope = await narrowed(session, actor.scope(Permission.ORDER_ASSIGN), organisation_id, now)
    page = await store.list_plans(session, scope, day, part)
    return PlanPage(
        items=await plan_items(session, [row[0] for row in page.items]),
        next_cursor=page.next_cursor,
    )


@router.post("/plans", status_code=202)
async def ask_for_a_plan(
    body: PlanIn, actor: Dispatcher, session: DbSession, now: Now, address: Address
) -> PlanItem:
    """Have a day planned in the background; what is proposed is found at the plan."""
    organisation = await named_or_own(session, actor, Permission.ORDER_ASSIGN, body.organisation_id)
    plan = await ask_for_plan(session, Act(actor, now, address), organisation, body.day)
    return (await plan_items(session, [plan]))[0]


@router.get("/plans/{plan_id}")
async def get_plan(plan_id: UUID, actor: Dispatcher, session: DbSession) -> PlanDetail:
    """Return a plan with its lines."""
    return await plan_detail(session, actor, await _plan(session, actor, plan_id))


@router.post("/plans/{plan_id}/confirmation")
async def confirm_plan(
    plan_id: UUID,
    body: ConfirmationIn,
    actor: Dispatcher,
    session: DbSession,
    sessions: AppSessions,
    roads: Roads,
    now: Now,
    address: Address,
) -> PlanDetail:
    """Make orders of what a plan proposes, or of the lines of some requests; tell what was refused.

    A confirmed line is an order, which changes as any other does, and never by a newer plan.
    """
    wanted = set(body.request_ids) if body.request_ids is not None else None
    await confirm(sessions, actor, plan_id, wanted, roads, now, address)
    return await plan_detail(session, actor, await _plan(session, actor, plan_id))


async def _plan(session: DbSession, actor: Actor, plan_id: UUID) -> Plan:
    plan = await store.find_plan(session, plan_id, actor.scope(Permission.ORDER_ASSIGN))
    if plan is None:
        raise NotFound
    return plan
