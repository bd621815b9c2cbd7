"""Requests as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.notes import newest_notes, note_out
from dispatch.eligibility.ride_length import way_m
from dispatch.missions.store import rides_of_missions
from dispatch.orders.promise_store import promised_pickups
from dispatch.parts import request_parts
from dispatch.refs import Refs, load_refs
from dispatch.requests.schemas import OrderBrief, RequestDetail, RequestItem
from dispatch.requests.states import OF_WHOLE_MISSION, RequestState, legal_actions
from dispatch.requests.store import (
    orders_of_requests,
    series_of_requests,
    steps_of_requests,
)
from dispatch.requests.way import places_of, waypoints_of
from dispatch.schemas import PeriodOut, StepOut, Waypoint
from dispatch.tables import Order, Request, RequestStep
from fleet.access import Actor


async def request_items(
    session: AsyncSession, actor: Actor, requests: Sequence[Request]
) -> list[RequestItem]:
    """Return requests as lists show them, with what the actor may do to each."""
    orders = await orders_of_requests(session, [r.id for r in requests])
    refs = await _refs(session, requests, list(orders.values()), [])
    told = await promised_pickups(session, [r.id for r in requests])
    notes = await newest_notes(session, [r.id for r in requests])
    series = await series_of_requests(session, [r.id for r in requests])
    missions = await rides_of_missions(session, [r.id for r in requests])
    return [
        RequestItem.model_validate(
            _fields(r, orders.get(r.id), told.get(r.id), refs)
            | {
                "actions": _actions(r, actor, of_mission=r.id in missions),
                "auto_dispatch": note_out(notes.get(r.id)),
                "series_id": series.get(r.id),
            }
        )
        for r in requests
    ]


async def request_detail(session: AsyncSession, actor: Actor, request: Request) -> RequestDetail:
    """Return a request with its history."""
    orders = await orders_of_requests(session, [request.id])
    steps = await steps_of_requests(session, [request.id])
    refs = await _refs(session, [request], list(orders.values()), steps)
    told = await promised_pickups(session, [request.id])
    missions = await rides_of_missions(session, [request.id])
    fields = _fields(request, orders.get(request.id), told.get(request.id), refs)
    fields["actions"] = _actions(request, actor, of_mission=bool(missions))
    notes = await newest_notes(session, [request.id])
    fields["auto_dispatch"] = note_out(notes.get(request.id))
    fields["series_id"] = (await series_of_requests(session, [request.id])).get(request.id)
    return RequestDetail.model_validate(
        fields
        | {
            "way_m": way_m(places_of(request)),
            "steps": [_step(s, refs) for s in steps],
            "allowance": request.allowance,
        }
    )


async def _refs(
    session: AsyncSession,
    requests: Sequence[Request],
    orders: Sequence[Order],
    steps: Sequence[RequestStep],
) -> Refs:
    return await load_refs(
        session,
        organisations=[r.organisation_no for r in requests],
        people=[
            *(r.applicant_no for r in requests),
            *(r.passenger_no for r in requests),
            *(s.actor_no for s in steps),
        ],
        vehicles=[o.vehicle_no for o in orders],
        drivers=[o.driver_no for o in orders],
    )


def _actions(request: Request, actor: Actor, *, of_mission: bool) -> list[str]:
    legal = legal_actions(RequestState(request.state), request_parts(actor, request))
    return [str(one) for one in legal if not (of_mission and one in OF_WHOLE_MISSION)]


def _fields(
    request: Request, order: Order | None, told: datetime | None, refs: Refs
) -> dict[str, object]:
    is_awaiting = request.state == RequestState.AWAITING_DISPATCH
    return {
        "id": request.id,
        "state": request.state,
        "revision": request.revision,
        "unit": refs.organisations[request.organisation_no],
        "applicant": refs.people[request.applicant_no],
        "passenger": refs.people[request.passenger_no],
        "passengers": request.passengers,
        "purpose": request.purpose,
        "purpose_text": request.purpose_text,
        "category": request.category,
        "period": PeriodOut(start=request.period.lower, end=request.period.upper),
        "origin": origin(request),
        "destination": destination(request),
        "pickup": pickup(request),
        "waypoints": waypoints_of(request.waypoints),
        "round_trip": request.round_trip,
        "may_share": request.may_share,
        "state_reason": request.state_reason,
        "promised_pickup_at": told,
        # An order that was undone or broke off does not serve any more.
        "order": order_brief(order, refs) if order and not is_awaiting else None,
        "recorded_at": request.recorded_at,
    }


class Placed(Protocol):
    """What leads from one place to another: a request, or a series of them."""

    @property
    def origin_name(self) -> str: ...
    @property
    def origin_latitude(self) -> float: ...
    @property
    def origin_longitude(self) -> float: ...
    @property
    def destination_name(self) -> str: ...
    @property
    def destination_latitude(self) -> float: ...
    @property
    def destination_longitude(self) -> float: ...


def origin(request: Placed) -> Waypoint:
    """Return where a ride begins."""
    return Waypoint(
        name=request.origin_name,
        latitude=request.origin_latitude,
        longitude=request.origin_longitude,
    )


def pickup(request: Request) -> Waypoint:
    """Return where the passengers wait: the origin, unless a vehicle left them elsewhere."""
    latitude, longitude = request.pickup
    name = request.pickup_name or request.origin_name
    return Waypoint(name=name, latitude=latitude, longitude=longitude)


def destination(request: Placed) -> Waypoint:
    """Return where a ride leads."""
    return Waypoint(
        name=request.destination_name,
        latitude=request.destination_latitude,
        longitude=request.destination_longitude,
    )


def order_brief(order: Order, refs: Refs) -> OrderBrief:
    """Return what a request tells of its order."""
    return OrderBrief.model_validate(
        {
            "id": order.id,
            "state": order.state,
            "vehicle": refs.vehicles[order.vehicle_no] if order.vehicle_no else None,
            "driver": refs.drivers[order.driver_no] if order.driver_no else None,
        }
    )


def _step(step: RequestStep, refs: Refs) -> StepOut:
    return StepOut(
        action=step.action,
        from_state=step.from_state,
        to_state=step.to_state,
        actor=refs.people[step.actor_no] if step.actor_no is not None else None,
        at=step.at,
        reason=step.reason,
    )
