"""What somebody is to a request or an order, and which of them they may see.

Roles and scopes come from `fleet/access.py`; here they meet the people named in one object. What
is somebody's own is theirs in a session, and by an API token only where that was made for it.
"""

from collections.abc import Set
from typing import Protocol

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from dispatch.missions.named import open_order, open_request
from dispatch.tables import Order, OrderRequest, OrderRun, Request
from dispatch.words import OrderKind, Part
from fleet.access import Actor
from fleet.lists import within
from fleet.permissions import Permission
from fleet.tables import Driver


class Asked(Protocol):
    """What somebody has asked for, for somebody: a request, or a series of them."""

    @property
    def organisation_no(self) -> int: ...
    @property
    def applicant_no(self) -> int: ...
    @property
    def passenger_no(self) -> int: ...


def request_parts(actor: Actor, request: Asked) -> frozenset[Part]:
    """Return what the actor is to this request, or series of requests."""
    unit = request.organisation_no
    asks = actor.owns_in(unit, Permission.REQUEST_APPLY)
    is_applicant = actor.person_no == request.applicant_no
    is_passenger = actor.person_no == request.passenger_no
    # A token that can't ask for its person hides from nobody that the ride is that person's.
    decides = asks or not (is_applicant or is_passenger)
    approves = unit in actor.scope(Permission.REQUEST_APPROVE)
    riders = frozenset({request.applicant_no, request.passenger_no})
    unlent = unit in actor.without_roles_of(riders).scope(Permission.REQUEST_APPROVE)
    parts = {
        Part.APPLICANT: asks and is_applicant,
        Part.PASSENGER: asks and is_passenger,
        Part.APPROVER: decides and unlent,
        Part.RIDERS_DEPUTY: decides and approves and not unlent,
        Part.DISPATCHER: unit in actor.scope(Permission.ORDER_ASSIGN),
    }
    return frozenset(part for part, holds in parts.items() if holds)


def order_parts(
    actor: Actor, order: Order, driver_person_no: int | None, passenger_nos: Set[int]
) -> frozenset[Part]:
    """Return what the actor is to this order.

    Who may write service orders for the unit stands in for its dispatcher in those.
    """
    unit = order.organisation_no
    rides = actor.owns_in(unit, Permission.REQUEST_APPLY)
    drives = actor.owns_in(unit, Permission.ORDER_DRIVE)
    dispatching = actor.scope(Permission.ORDER_ASSIGN)
    if order.kind == OrderKind.SERVICE:
        dispatching |= actor.scope(Permission.SERVICE_ORDER_WRITE)
    parts = {
        Part.PASSENGER: rides and actor.person_no in passenger_nos,
        Part.DISPATCHER: unit in dispatching,
        Part.DRIVER: drives and actor.person_no == driver_person_no,
    }
    return frozenset(part for part, holds in parts.items() if holds)


def sees_request(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Request` under which it exists for the actor."""
    in_scope = within(Request.organisation_no, actor.scope(Permission.REQUEST_READ))
    return or_(and_(in_scope, open_request(actor)), own_request(actor))


def own_request(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor is the applicant or the passenger."""
    scope = actor.own_scope(Permission.REQUEST_APPLY, Permission.REQUEST_READ)
    return and_(_is_in(Request.organisation_no, scope), _names(actor))


def sees_order(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Order` under which it exists for the actor."""
    scope = actor.scope(Permission.ORDER_READ)
    # In a shared order people of several units ride.
    rides = exists().where(
        OrderRequest.order_id == Order.id,
        OrderRequest.request_id == Request.id,
        within(Request.organisation_no, scope),
    )
    in_scope = or_(within(Order.organisation_no, scope), within(Order.issuer_no, scope), rides)
    return or_(and_(in_scope, open_order(actor)), own_order(actor))


def own_order(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor drives the order, or asked for it, or rides in it.

    Whoever drove a run of it before a swap keeps seeing what they drove.
    """
    unit = Order.organisation_no
    drives = select(Driver.no).where(Driver.person_no == actor.person_no)
    drove = select(OrderRun.order_id).where(OrderRun.driver_no.in_(drives))
    rides = (
        select(OrderRequest.order_id)
        .join(Request, Request.id == OrderRequest.request_id)
        .where(_names(actor))
    )
    as_driver = actor.own_scope(Permission.ORDER_DRIVE, Permission.ORDER_READ)
    as_rider = actor.own_scope(Permission.REQUEST_APPLY, Permission.ORDER_READ)
    return or_(
        and_(_is_in(unit, as_driver), or_(Order.driver_no.in_(drives), Order.id.in_(drove))),
        and_(_is_in(unit, as_rider), Order.id.in_(rides)),
    )


def _names(actor: Actor) -> ColumnElement[bool]:
    return or_(
        Request.applicant_no == actor.person_no,
        Request.passenger_no == actor.person_no,
    )


def _is_in(unit: InstrumentedAttribute[int], scope: Set[int] | None) -> ColumnElement[bool]:
    return true() if scope is None else within(unit, scope)
