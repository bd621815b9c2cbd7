"""Orders as the API shows them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders import store
from dispatch.orders.promise_store import promised_pickups
from dispatch.orders.runs import Run, runs_of_orders
from dispatch.orders.schemas import (
    CallOut,
    OrderItem,
    OrderRunOut,
    OrderStepOut,
    ServedRequest,
    SlipRef,
)
from dispatch.orders.states import OrderAction, OrderState, course, legal_actions
from dispatch.parts import order_parts
from dispatch.refs import Refs, load_refs
from dispatch.requests.views import destination, origin, pickup
from dispatch.requests.way import waypoints_of
from dispatch.schemas import PeriodOut
from dispatch.shared_rides.apart import awaits_confirmation
from dispatch.shared_rides.places import call_place
from dispatch.shared_rides.seeing import seen_of
from dispatch.shared_rides.store import calls_of_orders, units_ever_aboard
from dispatch.slips.content import number_text
from dispatch.slips.store import slips_of_orders
from dispatch.tables import Order, OrderStep, OrderWaypoint, Request, Slip
from dispatch.words import OrderKind, Part
from fleet.access import Actor


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around the orders of one page, by the order's id."""

    requests: dict[UUID, list[Request]]
    steps: dict[UUID, list[OrderStep]]
    slips: dict[UUID, Slip]
    driver_people: dict[int, int]
    runs: dict[UUID, list[Run]]
    told: dict[UUID, datetime]
    units: dict[UUID, frozenset[int]]
    calls: dict[UUID, list[OrderWaypoint]]
    refs: Refs


async def order_items(
    session: AsyncSession, actor: Actor, orders: Sequence[Order]
) -> list[OrderItem]:
    """Return orders with requests, steps and slips, and what the actor may do to each."""
    around = await _load_around(session, orders)
    return [_item(order, around, actor) for order in orders]


async def order_item(session: AsyncSession, actor: Actor, order: Order) -> OrderItem:
    """Return one order as `order_items` does."""
    return (await order_items(session, actor, [order]))[0]


async def _load_around(session: AsyncSession, orders: Sequence[Order]) -> _Around:
    ids = [order.id for order in orders]
    requests: dict[UUID, list[Request]] = defaultdict(list)
    for order_id, request in await store.requests_of_orders(session, ids):
        requests[order_id].append(request)
    steps: dict[UUID, list[OrderStep]] = defaultdict(list)
    for step in await store.steps_of_orders(session, ids):
        steps[step.order_id].append(step)
    runs = await runs_of_orders(session, orders)
    driven = [run for parts in runs.values() for run in parts]
    refs = await load_refs(
        session,
        organisations=[no for o in orders for no in (o.organisation_no, o.issuer_no)],
        people=[
            *(o.dispatcher_no for o in orders),
            *(r.passenger_no for served in requests.values() for r in served),
            *(s.actor_no for taken in steps.values() for s in taken),
        ],
        vehicles=[*(o.vehicle_no for o in orders), *(run.vehicle_no for run in driven)],
        drivers=[*(o.driver_no for o in orders), *(run.driver_no for run in driven)],
    )
    served = [request.id for one in requests.values() for request in one]
    return _Around(
        requests=requests,
        steps=steps,
        slips=await slips_of_orders(session, ids),
        driver_people=await store.person_nos_of_drivers(session, [o.driver_no for o in orders]),
        runs=runs,
        told=await promised_pickups(session, served),
        units=await units_ever_aboard(session, ids),
        calls=await calls_of_orders(session, ids),
        refs=refs,
    )


def _item(order: Order, around: _Around, actor: Actor) -> OrderItem:
    refs, served = around.refs, around.requests.get(order.id, [])
    driver_person_no = around.driver_people.get(order.driver_no or 0)
    parts = order_parts(actor, order, driver_person_no, {r.passenger_no for r in served})
    seen = seen_of(actor, order, served, around.units.get(order.id, frozenset()), parts)
    slip = around.slips.get(order.id)
    told = [around.told[r.id] for r in seen.requests if r.id in around.told]
    return OrderItem.model_validate(
        {
            "id": order.id,
            "kind": order.kind,
            "state": order.state,
            "revision": order.revision,
            "unit": refs.organisations[order.organisation_no],
            "issuer": refs.organisations[order.issuer_no],
            "vehicle": refs.vehicles[order.vehicle_no] if order.vehicle_no else None,
            "driver": refs.drivers[order.driver_no] if order.driver_no else None,
            "dispatcher": refs.people[order.dispatcher_no],
            "period": {"start": order.period.lower, "end": order.period.upper},
            "cross_unit": order.cross_unit,
            "service_kind": order.service_kind,
            "departed_at": order.departed_at,
            "returned_at": order.returned_at,
            "odometer_out_m": order.odometer_out_m,
            "odometer_in_m": order.odometer_in_m,
            "no_show_at": order.no_show_at,
            "promised_pickup_at": min(told, default=None),
            "slip": slip_ref(slip) if slip else None,
            "runs": [_run(run, refs) for run in around.runs.get(order.id, [])],
            "requests": [_served(request, refs) for request in seen.requests],
            "calls": _calls(around.calls.get(order.id, []), served, seen.requests),
            "steps": [
                _step(step, refs, seen.hides(step)) for step in around.steps.get(order.id, [])
            ],
            "actions": _actions(order, actor, parts, served),
        }
    )


def _actions(
    order: Order, actor: Actor, parts: frozenset[Part], served: Sequence[Request]
) -> list[OrderAction]:
    kind = course(OrderKind(order.kind), order.no_show_at)
    found = legal_actions(kind, OrderState(order.state), parts)
    if awaits_confirmation(served, actor.person_no):
        return found
    return [one for one in found if one is not OrderAction.CONFIRM]


def slip_ref(slip: Slip) -> SlipRef:
    """Return a slip by its number as printed."""
    return SlipRef(
        id=slip.id, number_text=number_text(slip.year, slip.number), void_at=slip.void_at
    )


def _run(run: Run, refs: Refs) -> OrderRunOut:
    return OrderRunOut(
        vehicle=refs.vehicles[run.vehicle_no] if run.vehicle_no is not None else None,
        driver=refs.drivers[run.driver_no] if run.driver_no is not None else None,
        start=run.start,
        end=run.end,
        odometer_out_m=run.odometer_out_m,
        odometer_in_m=run.odometer_in_m,
    )


def _served(request: Request, refs: Refs) -> ServedRequest:
    return ServedRequest.model_validate(
        {
            "id": request.id,
            "purpose": request.purpose,
            "purpose_text": request.purpose_text,
            "passengers": request.passengers,
            "origin": origin(request),
            "destination": destination(request),
            "pickup": pickup(request),
            "waypoints": waypoints_of(request.waypoints),
            "passenger": refs.people[request.passenger_no],
            "period": PeriodOut.model_validate(
                {"start": request.period.lower, "end": request.period.upper}
            ),
        }
    )


def _calls(
    calls: Sequence[OrderWaypoint], served: Sequence[Request], seen: Sequence[Request]
) -> list[CallOut]:
    """Return the calls for those who are seen; whoever rides alone has none."""
    if len(served) < 2:
        return []
    riders = {request.id: request for request in seen}
    return [
        CallOut(
            request_id=rider.id,
            is_pick_up=call.is_pick_up,
            is_return=call.is_return,
            place=call_place(call, rider),
            passengers=rider.passengers,
            at=call.at,
        )
        for call in calls
        if (rider := riders.get(call.request_id)) is not None
    ]


def _step(step: OrderStep, refs: Refs, is_hidden: bool) -> OrderStepOut:
    return OrderStepOut(
        action=step.action,
        from_state=step.from_state,
        to_state=step.to_state,
        actor=refs.people[step.actor_no] if step.actor_no is not None and not is_hidden else None,
        at=step.tapped_at,
        recorded_at=step.recorded_at,
        odometer_m=step.odometer_m,
        latitude=step.latitude,
        longitude=step.longitude,
        reason=None if is_hidden else step.reason,
    )
