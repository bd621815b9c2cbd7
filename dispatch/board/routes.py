"""The board over HTTP: vehicles × time, what is promised without a plate, and checked moves."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy.dialects.postgresql import Range

from dispatch.board import store
from dispatch.board.errors import BoardTooLong
from dispatch.board.moving import check_move
from dispatch.board.schemas import BoardPage, MoveCheck, MoveIn
from dispatch.board.views import board_rows
from dispatch.capacity.schemas import ReservationPage
from dispatch.capacity.store import list_reservations
from dispatch.capacity.tables import Reservation
from dispatch.capacity.views import reservations_out
from dispatch.capacity.words import ReservationState
from dispatch.errors import EmptyPeriod
from dispatch.parts import sees_request
from dispatch.retrying import RetriedRoute
from dispatch.roads.serving import Roads
from dispatch.schemas import PeriodOut
from fleet.access import Actor, Allow
from fleet.lists import Paging
from fleet.organisations.store import narrowed
from fleet.permissions import Permission
from kit.web import AppSessions, DbSession, InstantIn, Now

router = APIRouter(tags=["dispatch"], route_class=RetriedRoute)

# A week and the night after it.
LONGEST = timedelta(days=8)

Reader = Annotated[Actor, Allow(Permission.ORDER_READ)]


@router.get("/board")
async def get_board(
    actor: Reader,
    session: DbSession,
    now: Now,
    part: Paging,
    start: InstantIn,
    end: InstantIn,
    organisation_id: UUID | None = None,
    q: Annotated[str, Query(max_length=20)] = "",
) -> BoardPage:
    """Show what the vehicles within scope are bound to in a period of up to eight days, by plate.

    Orders that don't exist for the actor, and those of missions, only say that it is busy.
    """
    period = _asked(start, end)
    scope = await narrowed(session, actor.scope(Permission.ORDER_READ), organisation_id, now)
    page = await store.vehicles_of(session, scope, q, now, part)
    return BoardPage(
        period=PeriodOut(start=start, end=end),
        items=await board_rows(session, actor, page.items, period, now),
        next_cursor=page.next_cursor,
    )


@router.get("/board/reservations")
async def list_unbound(
    actor: Annotated[Actor, Allow(Permission.REQUEST_READ)],
    session: DbSession,
    part: Paging,
    start: InstantIn,
    end: InstantIn,
) -> ReservationPage:
    """List what is promised by type in a period and bound to no plate yet, the last made first."""
    conditions = [
        sees_request(actor),
        Reservation.state == ReservationState.HELD,
        Reservation.period.overlaps(_asked(start, end)),
    ]
    page = await list_reservations(session, conditions, part)
    rows = [(row[0], row[1]) for row in page.items]
    return ReservationPage(
        items=await reservations_out(session, rows), next_cursor=page.next_cursor
    )


@router.post("/orders/{order_id}/reassign/check")
async def check_reassignment(
    order_id: UUID,
    wish: MoveIn,
    actor: Annotated[Actor, Allow(Permission.ORDER_ASSIGN)],
    sessions: AppSessions,
    now: Now,
    roads: Roads,
) -> MoveCheck:
    """Tell what giving an order another vehicle would be answered; nothing is changed."""
    return await check_move(sessions, actor, order_id, wish, now, roads)


def _asked(start: datetime, end: datetime) -> Range[datetime]:
    """Return the period. Raises EmptyPeriod, BoardTooLong."""
    if end <= start:
        raise EmptyPeriod
    if end - start > LONGEST:
        raise BoardTooLong
    return Range(start, end, bounds="[)")
