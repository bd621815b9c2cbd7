"""What slips are written from: read for several orders at once, and told of one by one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.contacts import SEPARATOR
from dispatch.mobilisation.words import MobilisationAction
from dispatch.orders.store import last_step, requests_of_orders
from dispatch.refs import Refs, load_refs
from dispatch.requests.states import RequestAction
from dispatch.requests.store import steps_of_requests
from dispatch.requests.way import waypoints_of as stays_of
from dispatch.slips import store
from dispatch.slips.content import Approval
from dispatch.tables import Order, Request, RequestStep
from dispatch.words import PURPOSE_LABEL, SERVICE_LABEL, Purpose, ServiceKind

_APPROVAL_LABEL: dict[str, str] = {
    RequestAction.SUBMIT: "申请",
    RequestAction.APPROVE: "同意",
    MobilisationAction.MOBILISE: "应急调用",
}

Served = Mapping[UUID, Sequence[Request]]
"""The requests that orders serve, by the order's id."""


@dataclass(frozen=True, slots=True)
class Riders:
    """What a slip prints about passengers; of a vehicle's own needs nothing is known."""

    names: str | None = None
    phones: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class SlipSources:
    """Names, steps and telephone numbers behind the slips of some orders.

    steps: by the request's id, in order; phones: by the person's number, of who has given one
    reasons: by the order's id, why the vehicle needs it itself
    """

    refs: Refs
    steps: Mapping[UUID, Sequence[RequestStep]]
    phones: Mapping[int, str]
    reasons: Mapping[UUID, str | None]

    def riders(self, served: Sequence[Request]) -> Riders:
        """Return who rides."""
        if not served:
            return Riders()
        nos = [request.passenger_no for request in served]
        phones = SEPARATOR.join(self.phones[no] for no in nos if no in self.phones)
        return Riders(
            names="、".join(self.refs.people[no].name for no in nos),
            phones=phones or None,
            count=sum(request.passengers for request in served),
        )

    def purpose(self, order: Order, served: Sequence[Request]) -> str:
        """Return the purposes of the requests, or the vehicle's own need."""
        if order.service_kind is not None:
            label, reason = SERVICE_LABEL[ServiceKind(order.service_kind)], self.reasons[order.id]
            return f"车务派车 · {label}：{reason}" if reason else f"车务派车 · {label}"
        return "；".join(f"{PURPOSE_LABEL[Purpose(r.purpose)]}：{r.purpose_text}" for r in served)

    def approvals(self, served: Sequence[Request]) -> list[Approval]:
        """Return who asked and who approved, in the order in which they did."""
        steps = [step for request in served for step in self.steps.get(request.id, ())]
        return [
            Approval(self.refs.people[step.actor_no].name, _APPROVAL_LABEL[step.action], step.at)
            for step in sorted(steps, key=lambda step: step.no)
            if step.action in _APPROVAL_LABEL and step.actor_no is not None
        ]


async def served_by(session: AsyncSession, orders: Sequence[Order]) -> Served:
    """Return the requests that each of these orders serves."""
    found: defaultdict[UUID, list[Request]] = defaultdict(list)
    for order_id, request in await requests_of_orders(session, [order.id for order in orders]):
        found[order_id].append(request)
    return found


async def read_sources(
    session: AsyncSession, orders: Sequence[Order], served: Served
) -> SlipSources:
    """Return what is behind the slips of these orders, of the requests that are named."""
    requests = [request for order in orders for request in served.get(order.id, ())]
    steps: defaultdict[UUID, list[RequestStep]] = defaultdict(list)
    for step in await steps_of_requests(session, [request.id for request in requests]):
        steps[step.request_id].append(step)
    passengers = [request.passenger_no for request in requests]
    refs = await load_refs(
        session,
        organisations={no for order in orders for no in (order.organisation_no, order.issuer_no)},
        people=[
            *(order.dispatcher_no for order in orders),
            *passengers,
            *(step.actor_no for taken in steps.values() for step in taken),
        ],
        vehicles=[order.vehicle_no for order in orders],
        drivers=[order.driver_no for order in orders],
    )
    reasons = {
        order.id: (await last_step(session, order.id)).reason
        for order in orders
        if order.service_kind is not None
    }
    return SlipSources(refs, steps, await store.phones_of(session, passengers), reasons)


def waypoints_of(served: Sequence[Request]) -> list[str]:
    """Return the names of the places that a ride is planned by, in order."""
    names: list[str] = []
    for request in served:
        names.append(request.pickup_name or request.origin_name)
        for one in stays_of(request.waypoints):
            stay = f"（停留{one.stay_minutes}分钟）" if one.stay_minutes else ""
            names.append(one.name + stay)
        names.append(request.destination_name)
        if request.round_trip:
            names.append(request.origin_name)
    return names
