"""What a new order is made of, before its slip: the row, who issues it, and its first step."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.pairing import Pair
from dispatch.orders.states import OrderState
from dispatch.requests.states import RequestAction, RequestState
from dispatch.tables import Order, OrderStep
from dispatch.words import OrderKind
from fleet.access import Actor
from fleet.permissions import ROLE_PERMISSIONS, Permission
from kit.errors import Forbidden
from kit.ids import new_id


def new_order(kind: OrderKind, unit_no: int, pair: Pair, period: Range[datetime]) -> Order:
    """Return an order of a vehicle and a driver; in whose name it is issued is to be added."""
    return Order(
        id=new_id(),
        kind=kind,
        organisation_no=unit_no,
        vehicle_no=pair.vehicle.no,
        driver_no=pair.driver.no,
        cross_unit=False,
        period=period,
        state=OrderState.ASSIGNED,
        revision=1,
    )


def acting_for(actor: Actor, permission: Permission, unit_no: int) -> int:
    """Return the organisation in whose name the actor issues: the one whose grant reaches it."""
    for grant in actor.grants:
        if permission in ROLE_PERMISSIONS[grant.role] and unit_no in grant.scope:
            return grant.organisation_no
    raise Forbidden


def first_step(
    session: AsyncSession, order: Order, actor: Actor, now: datetime, reason: str | None
) -> None:
    """Add the step by which an order was assigned."""
    session.add(
        OrderStep(
            order_id=order.id,
            action=RequestAction.ASSIGN,
            from_state=RequestState.AWAITING_DISPATCH,
            to_state=OrderState.ASSIGNED,
            actor_no=actor.person_no,
            automatic=actor.automatic,
            tapped_at=now,
            recorded_at=now,
            reason=reason,
        )
    )
