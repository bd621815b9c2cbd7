"""What somebody is to a request or an order, and which of them they may see.

Roles and scopes come from `fleet/access.py`; here they meet the people named in one object.
"""

from collections.abc import Set

from sqlalchemy import ColumnElement, or_, select

from dispatch.tables import Order, OrderRequest, Request
from dispatch.words import OrderKind, Part
from fleet.access import Actor
from fleet.permissions import Permission
from fleet.tables import Driver


def request_parts(actor: Actor, request: Request) -> frozenset[Part]:
    """Return what the actor is to this request."""
    unit = request.organisation_no
    parts = {
        Part.APPLICANT: actor.person_no == request.applicant_no,
        Part.PASSENGER: actor.person_no == request.passenger_no,
        Part.APPROVER: unit in actor.scope(Permission.REQUEST_APPROVE),
        Part.DISPATCHER: unit in actor.scope(Permission.ORDER_ASSIGN),
    }
    return frozenset(part for part, holds in parts.items() if holds)


def order_parts(
    actor: Actor, order: Order, driver_person_no: int | None, passenger_nos: Set[int]
) -> frozenset[Part]:
    """Return what the actor is to this order.

    Who may write service orders for the unit stands in for its dispatcher in those.
    """
    dispatching = actor.scope(Permission.ORDER_ASSIGN)
    if order.kind == OrderKind.SERVICE:
        dispatching |= actor.scope(Permission.SERVICE_ORDER_WRITE)
    parts = {
        Part.PASSENGER: actor.person_no in passenger_nos,
        Part.DISPATCHER: order.organisation_no in dispatching,
        Part.DRIVER: actor.person_no == driver_person_no,
    }
    return frozenset(part for part, holds in parts.items() if holds)


def sees_request(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Request` under which it exists for the actor."""
    return or_(
        Request.organisation_no.in_(actor.scope(Permission.REQUEST_READ)),
        own_request(actor),
    )


def own_request(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor is the applicant or the passenger."""
    return or_(
        Request.applicant_no == actor.person_no,
        Request.passenger_no == actor.person_no,
    )


def sees_order(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Order` under which it exists for the actor."""
    scope = actor.scope(Permission.ORDER_READ)
    return or_(
        Order.organisation_no.in_(scope),
        Order.issuer_no.in_(scope),
        own_order(actor),
    )


def own_order(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor drives the order, or asked for it, or rides in it."""
    drives = select(Driver.no).where(Driver.person_no == actor.person_no)
    rides = (
        select(OrderRequest.order_id)
        .join(Request, Request.id == OrderRequest.request_id)
        .where(own_request(actor))
    )
    return or_(Order.driver_no.in_(drives), Order.id.in_(rides))
