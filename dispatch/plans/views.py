"""Plans as the API shows them."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.alternatives import to_share_with
from dispatch.orders.promise_store import promised_pickups
from dispatch.plans.schemas import PlanDetail, PlanItem, PlanLineOut
from dispatch.plans.store import lines_of, pairs_of
from dispatch.plans.tables import Plan
from dispatch.refs import Refs, load_refs
from dispatch.schemas import PeriodOut
from dispatch.tables import Request
from fleet.access import Actor
from fleet.permissions import Permission
from kit.columns import JsonObject


async def plan_items(session: AsyncSession, plans: Sequence[Plan]) -> list[PlanItem]:
    """Return plans as lists show them."""
    refs = await _refs(session, plans)
    return [PlanItem.model_validate(_fields(plan, refs)) for plan in plans]


async def plan_detail(session: AsyncSession, actor: Actor, plan: Plan) -> PlanDetail:
    """Return a plan with the lines of the requests for whose units the actor dispatches."""
    scope = actor.scope(Permission.ORDER_ASSIGN)
    rows = [row for row in await lines_of(session, plan.id) if row[1].organisation_no in scope]
    pairs = await pairs_of(session, [line for line, _ in rows])
    told = await promised_pickups(session, [line.request_id for line, _ in rows if line.order_id])
    refs = await load_refs(
        session,
        organisations=[request.organisation_no for _, request in rows],
        vehicles=[vehicle_no for vehicle_no, _ in pairs.values()],
        drivers=[driver_no for _, driver_no in pairs.values()],
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
                "vehicle": refs.vehicles[no] if (no := pairs[line.no][0]) else None,
                "driver": refs.drivers[no] if (no := pairs[line.no][1]) else None,
                "empty_m": line.empty_m,
                "order_id": line.order_id,
                "sentence": line.sentence,
                "objections": line.objections or [],
                "shared_group": line.shared_group,
                "pick_up_at": told.get(line.request_id, line.pick_up_at),
            }
        )
        for line, request in rows
    ]
    requests = [request for _, request in rows]
    broken = await _first_broken(session, actor, plan.first_broken, requests)
    fields = _fields(plan, await _refs(session, [plan]))
    return PlanDetail.model_validate(fields | {"lines": lines, "first_broken": broken})


async def _first_broken(
    session: AsyncSession, actor: Actor, told: JsonObject | None, requests: Sequence[Request]
) -> JsonObject | None:
    """Return the promise that breaks first, with the rides to share that the reader may read of."""
    own = [one for one in requests if told and str(one.id) == told["request_id"]]
    if told is None or not own:
        return None
    alternatives = told["alternatives"]
    if not isinstance(alternatives, dict):
        return told
    sharing = await to_share_with(session, actor, own[0])
    now = {"to_share_with": [one.model_dump(mode="json") for one in sharing]}
    return {**told, "alternatives": alternatives | now}


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
