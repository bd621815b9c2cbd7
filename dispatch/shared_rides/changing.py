"""What joining and leaving have in common: the order's hours, its paper, its history."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.journalling import Facts, record_step, standing_of
from dispatch.shared_rides.planning import Call
from dispatch.shared_rides.store import calls_of, instant
from dispatch.slips.amending import amend_slip, facts_of
from dispatch.slips.service import passenger_facts
from dispatch.tables import Order, OrderStep, Request
from fleet.acts import Act


def hours_of(
    served: Sequence[Request], calls: Sequence[Call], until: datetime | None = None
) -> Range[datetime]:
    """Return the hours for which an order holds its vehicle: all rides whole, and all calls.

    until: to when somebody has extended it, where they did
    """
    bounds = [edge for one in served for edge in (one.period.lower, one.period.upper) if edge]
    times = [*bounds, *(instant(call.at) for call in calls)]
    return Range(min(times), max([*times, *([until] if until else [])]), bounds="[)")


async def extended_until(
    session: AsyncSession, order: Order, served: Sequence[Request]
) -> datetime | None:
    """Return to when an order was extended beyond its rides as planned; None where it wasn't."""
    planned = hours_of(served, await calls_of(session, order.id) or ()).upper
    end = order.period.upper
    return end if end is not None and planned is not None and end > planned else None


async def paper_of(
    session: AsyncSession, order: Order, served: Sequence[Request]
) -> dict[str, str]:
    """Return what the slip says of an order and of all who ride in it."""
    return {**await facts_of(session, order), **await passenger_facts(session, order, served)}


async def write_change(
    session: AsyncSession,
    act: Act,
    order: Order,
    action: str,
    before: tuple[Facts, dict[str, str]],
    served: Sequence[Request],
    told: Facts,
) -> None:
    """Amend the slip, add the order's step and the journal's entry; its state stays.

    before: where the order stood, and what its slip said
    """
    assert act.actor is not None, "people join and leave"
    stood, said = before
    says = await paper_of(session, order, served)
    await amend_slip(session, order, action, said, says, act.actor, act.now, act.reason or "")
    session.add(
        OrderStep(
            order_id=order.id,
            action=action,
            from_state=order.state,
            to_state=order.state,
            actor_no=act.actor.person_no,
            automatic=act.actor.automatic,
            tapped_at=act.now,
            recorded_at=act.now,
            reason=act.reason,
        )
    )
    order.revision += 1
    await session.flush()
    plain = await facts_of(session, order)
    now_stands = {**await standing_of(session, order), **plain, **told}
    was = {**stood, **{item: said[item] for item in plain}}
    record_step(session, act, order, f"order.{action}", was, now_stands)
    await session.flush()
