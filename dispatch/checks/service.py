"""The use case of departure checks: the driver of an accepted order says what they found.

Locks are taken in the order of everybody: order, then vehicle.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.checks.defects import take_out_of_use
from dispatch.checks.rules import Found
from dispatch.checks.tables import DepartureCheck
from dispatch.errors import StepNotAllowed, StepNotYours
from dispatch.orders.concerned import parts_in
from dispatch.orders.states import OrderAction, OrderState
from dispatch.orders.store import lock_order
from dispatch.parts import sees_order
from dispatch.words import Part
from fleet import journal
from fleet.access import Actor
from fleet.acts import Act
from kit.errors import NotFound
from kit.ids import new_id


async def check_vehicle(
    session: AsyncSession,
    actor: Actor,
    order_id: UUID,
    found: Found,
    now: datetime,
    address: str | None,
) -> DepartureCheck:
    """Keep what the driver of an accepted order found; what is unsafe takes the vehicle out of use.

    Raises NotFound, StepNotYours, StepNotAllowed.
    """
    order = await lock_order(session, order_id, sees_order(actor))
    if order is None:
        raise NotFound
    if Part.DRIVER not in await parts_in(session, actor, order):
        raise StepNotYours(state=order.state, action=OrderAction.DEPART)
    if order.state != OrderState.ACCEPTED or order.vehicle_no is None:
        raise StepNotAllowed(state=order.state, action=OrderAction.DEPART, actions=[])
    check = DepartureCheck(
        id=new_id(),
        order_id=order.id,
        vehicle_no=order.vehicle_no,
        checked_by_no=actor.person_no,
        checked_at=now,
        items=[{"item": str(one), "passed": passed} for one, passed in found.passed.items()],
        passed=not found.failed,
        note=found.note,
        outage_no=await _defect(session, Act(actor, now, address), order.vehicle_no, found),
    )
    session.add(check)
    journal.record(
        session,
        actor=actor,
        action="order.check_departure",
        object_kind="order",
        object_id=order.id,
        now=now,
        organisation_no=order.organisation_no,
        after={
            "check": str(check.id),
            "passed": check.passed,
            "failed": [str(one) for one in found.failed],
        },
        reason=found.note,
        address=address,
    )
    await session.flush()
    return check


async def _defect(session: AsyncSession, act: Act, vehicle_no: int, found: Found) -> int | None:
    """Take the vehicle out of use for what is unsafe; return the outage's number."""
    if not found.is_defect:
        return None
    outage = await take_out_of_use(session, act, vehicle_no, found.sentence())
    return outage.no if outage else None
