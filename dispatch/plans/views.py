"""Plans as the API shows them."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.plans.schemas import PlanDetail, PlanItem, PlanLineOut
from dispatch.plans.store import lines_of
from dispatch.plans.tables import Plan
from dispatch.refs import Refs, load_refs
from dispatch.schemas import PeriodOut
from fleet.access import Actor
from fleet.permissions import Permission


async def plan_items(session: AsyncSession, plans: Sequence[Plan]) -> list[PlanItem]:
    """Return plans as lists show them."""
    refs = await _refs(session, plans)
    return [PlanItem.model_validate(_fields(plan, refs)) for plan in plans]


async def plan_detail(session: AsyncSession, actor: Actor, plan: Plan) -> PlanDetail:
    """Return a plan with the lines of the requests for whose units the actor dispatches."""
    scope = actor.scope(Permission.ORDER_ASSIGN)
    rows = [row for row in await lines_of(session, plan.id) if row[1].organisation_no in scope]
    refs = await load_refs(
        session,
        organisations=[request.organisation_no for _, request in rows],
        vehicles=[line.vehicle_no for line, _ in rows],
        drivers=[line.driver_no for line, _ in rows],
    )
    lines = [
        PlanLineOut.model_validate(
            {
                "request_id": line.request_id,
                "state": line.state,
                "promised": line.promised,
                "ride": PeriodOut.model_validate(
                    {"start": request.period.lower, "end": request.period.upper}
                ),
                "unit": refs.organisations[request.organisation_no],
                "vehicle": refs.vehicles[line.vehicle_no] if line.vehicle_no else None,
                "driver": refs.drivers[line.driver_no] if line.driver_no else None,
                "empty_m": line.empty_m,
                "order_id": line.order_id,
                "sentence": line.sentence,
                "objections": line.objections or [],
                "shared_group": line.shared_group,
                "pick_up_at": line.pick_up_at,
            }
        )
        for line, request in rows
    ]
    broken = plan.first_broken
    is_seen = broken is not None and any(
        str(request.id) == broken["request_id"] for _, request in rows
    )
    fields = _fields(plan, await _refs(session, [plan]))
    return PlanDetail.model_validate(
        fields | {"lines": lines, "first_broken": broken if is_seen else None}
    )


async def _refs(session: AsyncSession, plans: Sequence[Plan]) -> Refs:
    return await load_refs(
        session,
        organisations=[plan.organisation_no for plan in plans],
        people=[plan.asked_by_no for plan in plans],
    )


def _fields(plan: Plan, refs: Refs) -> dict[str, object]:
    return {
        "id": plan.id,
        "state": plan.state,
        "organisation": refs.organisations[plan.organisation_no],
        "day": plan.day,
        "asked_by": refs.people[plan.asked_by_no],
        "automatic": plan.automatic,
        "asked_at": plan.asked_at,
        "proposed_at": plan.proposed_at,
        "sentence": plan.sentence,
        "figures": plan.figures,
    }
