"""Use case: what a move on the board would be answered, before anything is dropped.

The reassignment itself is made in a transaction of its own, without an override, and undone: what
it would refuse is what is told, by the same rules, locks and constraints, and none is written twice
in two places. Its locks are held for as long as a reassignment's, and nothing of it stays.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.board.schemas import (
    MoveCheck,
    MoveIn,
    MoveRefusal,
    OrderInTheWay,
)
from dispatch.eligibility.errors import OverrideNeedsReason
from dispatch.errors import StaleRevision, StepNotAllowed
from dispatch.orders.changing import Change, change_order
from dispatch.orders.in_the_way import told_what_is_busy
from dispatch.orders.states import OrderAction
from dispatch.roads.travel_times import TravelTimes
from dispatch.schemas import Objection, PlateRef
from fleet.access import Actor
from kit.database import Sessions
from kit.errors import BadRequest, Conflict, DomainError

# Stands where the reassignment's own reason will; it is undone with the rest.
_ASKED = "试排"


async def check_move(
    sessions: Sessions,
    actor: Actor,
    order_id: UUID,
    wish: MoveIn,
    now: datetime,
    roads: TravelTimes,
) -> MoveCheck:
    """Return what reassigning an order would be answered.

    Raises NotFound, StepNotYours, StepNotAllowed, StaleRevision: then there is nothing to move.
    """
    change = Change(OrderAction.REASSIGN, reason=_ASKED, **wish.model_dump())
    # Closed without a commit, whatever happens.
    async with sessions() as trial:
        try:
            await _try(sessions, trial, actor, order_id, change, now, roads)
        except (StaleRevision, StepNotAllowed):
            raise
        except OverrideNeedsReason as refused:
            told = [Objection.model_validate(one) for one in refused.objections()]
            return MoveCheck(refusal=None, objections=told)
        except (BadRequest, Conflict) as refused:
            return MoveCheck(refusal=_refusal(refused), objections=[])
        return MoveCheck(refusal=None, objections=[])


async def _try(
    sessions: Sessions,
    trial: AsyncSession,
    actor: Actor,
    order_id: UUID,
    change: Change,
    now: datetime,
    roads: TravelTimes,
) -> None:
    try:
        async with told_what_is_busy(sessions, trial, actor, now):
            await change_order(trial, actor, order_id, change, now, None, roads=roads)
    finally:
        await trial.rollback()


def _refusal(refused: DomainError) -> MoveRefusal:
    in_the_way = refused.facts.get("in_the_way", [])
    alternatives = refused.facts.get("alternatives", [])
    assert isinstance(in_the_way, list)
    assert isinstance(alternatives, list)
    return MoveRefusal(
        type=refused.problem_type(),
        sentence=refused.detail or refused.title(),
        in_the_way=[OrderInTheWay.model_validate(one) for one in in_the_way],
        alternatives=[PlateRef.model_validate(one) for one in alternatives],
    )
