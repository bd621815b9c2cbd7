"""Makes an exchange: all of its orders are reassigned in one transaction, or none.

The orders are changed by the command that people use, which judges rules and promises anew.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.desk import Desk
from dispatch.automatic.improving import Better, Improvable
from dispatch.automatic.notes import acts_since, write_note
from dispatch.automatic.tables import AutoDispatchRound
from dispatch.automatic.waiting import rule_of
from dispatch.automatic.words import AutoDispatchOutcome
from dispatch.errors import VehicleBusy
from dispatch.matching.problem import Exchange
from dispatch.orders.changing import Change, change_order
from dispatch.orders.promise_store import Arrival
from dispatch.orders.states import OrderAction
from dispatch.suggestions.names import read_names
from fleet.rules.auto_dispatch import AutoDispatchMode
from kit.database import violated_constraint
from kit.ids import new_id

_MINUTE = timedelta(minutes=1)
# Two orders may change their vehicles with each other: whether they overlap is asked at the end.
_LATER = text("SET CONSTRAINTS vehicle_never_twice, driver_never_twice DEFERRED")
_NOW = text("SET CONSTRAINTS vehicle_never_twice, driver_never_twice IMMEDIATE")


async def change(desk: Desk, one: Improvable, better: Better, per_minute: int) -> bool:
    """Make all changes of an exchange in one transaction; return whether they were made.

    Raises LeaseLost, and the errors of `change_order` where anything has changed meanwhile.
    """
    async with desk.act() as session:
        now = desk.clock()
        if not await may_change(session, one, better.exchange, per_minute, now):
            return False
        round_id = await keep(session, better, "improvement", now)
        await change_in(session, one, better, round_id, now)
    return True


async def may_change(
    session: AsyncSession, one: Improvable, exchange: Exchange, per_minute: int, now: datetime
) -> bool:
    """Return whether the pace allows these changes, and all units still have them assigned."""
    if await acts_since(session, now - _MINUTE) + len(exchange.changes) > per_minute:
        return False
    units = {one.held[c.request].unit_no for c in exchange.changes}
    rules = [await rule_of(session, unit_no, now) for unit_no in units]
    return all(rule.mode is AutoDispatchMode.ASSIGN for rule in rules)


async def change_in(
    session: AsyncSession, one: Improvable, better: Better, round_id: UUID, now: datetime
) -> None:
    """Make all changes of an exchange, to which whoever has accepted has agreed.

    Raises the errors of `change_order` where anything has changed meanwhile.
    """
    exchange, sentence = better.exchange, better.sentence
    await session.execute(_LATER)
    matches = [c.to for c in exchange.changes]
    vehicle_nos, driver_nos = [m.vehicle_no for m in matches], [m.driver_no for m in matches]
    names = await read_names(session, vehicle_nos, driver_nos, now)
    # Everybody locks orders in the order of their ids.
    for wanted in sorted(exchange.changes, key=lambda c: one.held[c.request].order_id):
        held, to = one.held[wanted.request], wanted.to
        change = Change(
            action=OrderAction.REASSIGN,
            revision=held.revision,
            reason=sentence,
            vehicle_id=names.vehicles[to.vehicle_no].id,
            driver_id=names.drivers[to.driver_no].id,
        )
        await change_order(
            session,
            one.actor,
            held.order_id,
            change,
            now,
            None,
            arrival=Arrival(to.arrival_s),
            agreed=wanted.from_driver_no in exchange.drivers_asked,
        )
        write_note(
            session,
            request_id=wanted.request,
            revision=held.request_revision,
            outcome=AutoDispatchOutcome.REASSIGNED,
            sentence=sentence,
            at=now,
            round_id=round_id,
            order_id=held.order_id,
        )
    await _overlapping_nobody(session)


async def _overlapping_nobody(session: AsyncSession) -> None:
    """Raise VehicleBusy where an order overlaps another once all are changed."""
    await session.flush()
    try:
        await session.execute(_NOW)
    except IntegrityError as error:
        if violated_constraint(error) in {"vehicle_never_twice", "driver_never_twice"}:
            raise VehicleBusy from error
        raise


async def keep(session: AsyncSession, better: Better, method: str, now: datetime) -> UUID:
    """Keep what an exchange would change, and what it saves; return the round's id."""
    exchange = better.exchange
    kept = AutoDispatchRound(
        id=new_id(),
        at=now,
        method=method,
        versions={"gain_s": exchange.gain_s, "sentence": better.sentence, "seed": None},
        requests=[
            {
                "request": str(one.request),
                "from_vehicle_no": one.from_vehicle_no,
                "from_driver_no": one.from_driver_no,
                "vehicle_no": one.to.vehicle_no,
                "driver_no": one.to.driver_no,
                "arrival_s": one.to.arrival_s,
                "empty_m": one.to.empty_m,
                "cost_s": one.to.cost.total_s,
            }
            for one in exchange.changes
        ],
    )
    session.add(kept)
    await session.flush()
    return kept.id
