"""The board as the API shows it: rows of vehicles, read for a whole page at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.board import store
from dispatch.board.schemas import BoardBar, BoardOrder, BoardOutage, BoardRow
from dispatch.board.spans import Span, driven_on, ordered_span
from dispatch.board.store import BoundOrder
from dispatch.orders.states import OrderAction, OrderState, course, legal_actions
from dispatch.parts import order_parts, sees_order
from dispatch.refs import Refs, load_refs
from dispatch.schemas import NamedRef, PeriodOut, PlateRef
from dispatch.tables import Order
from dispatch.words import OrderKind
from fleet.access import Actor
from fleet.outages.words import OutageKind
from fleet.permissions import Permission
from fleet.sealings.standing import UnitVehicle, standing_in
from fleet.words import Category


async def board_rows(
    session: AsyncSession,
    actor: Actor,
    vehicles: Sequence[Row[*tuple[Any, ...]]],
    period: Range[datetime],
    now: datetime,
) -> list[BoardRow]:
    """Return the rows of these vehicles, as `store.vehicles_of` returns them, in a period."""
    nos = [row.Vehicle.no for row in vehicles]
    bound = await store.orders_of(session, nos, period, sees_order(actor))
    bars = await _bars(session, actor, bound)
    outages: dict[int, list[BoardOutage]] = defaultdict(list)
    for one in await store.outages_of(session, nos, period):
        shown = BoardOutage(kind=OutageKind(one.kind), period=_period(one.period))
        outages[one.vehicle_no].append(shown)
    asked = [UnitVehicle(row.Vehicle.no, row.unit_no, row.Vehicle.category) for row in vehicles]
    sealed = await standing_in(session, asked, period, now)
    driven = await _driven(session, actor, vehicles, bound, period)
    return [
        BoardRow(
            vehicle=PlateRef(id=row.Vehicle.id, plate=row.Vehicle.plate),
            unit=NamedRef(id=row.unit_id, name=row.unit_name),
            category=Category(row.Vehicle.category),
            seats=row.Vehicle.seats,
            bars=bars.get(row.Vehicle.no, []),
            outages=outages.get(row.Vehicle.no, []),
            sealed=[
                PeriodOut(start=one.start, end=one.end) for one in sealed.get(row.Vehicle.no, ())
            ],
            driven=driven.get(row.Vehicle.no, []),
        )
        for row in vehicles
    ]


async def _bars(
    session: AsyncSession, actor: Actor, bound: Sequence[BoundOrder]
) -> dict[int, list[BoardBar]]:
    seen = [one.order for one in bound if one.seen]
    places = await store.destinations_of(session, [order.id for order in seen])
    refs = await load_refs(
        session,
        organisations=[order.organisation_no for order in seen],
        drivers=[order.driver_no for order in seen],
    )
    bars: dict[int, list[BoardBar]] = defaultdict(list)
    for one in bound:
        order = one.order
        assert order.vehicle_no is not None, "orders are read by their vehicle"
        told = _order(actor, order, places.get(order.id), refs) if one.seen else None
        bars[order.vehicle_no].append(
            BoardBar(period=_period(order.period), mission=one.mission, order=told)
        )
    return bars


def _order(actor: Actor, order: Order, destination: str | None, refs: Refs) -> BoardOrder:
    kind, state = OrderKind(order.kind), OrderState(order.state)
    # Only as a dispatcher does anybody move a bar: whoever drives or rides has pages of their own.
    parts = order_parts(actor, order, None, frozenset())
    may = legal_actions(course(kind, order.no_show_at), state, parts)
    return BoardOrder(
        id=order.id,
        kind=kind,
        state=state,
        revision=order.revision,
        unit=refs.organisations[order.organisation_no],
        driver=refs.drivers.get(order.driver_no or 0),
        departed_at=order.departed_at,
        returned_at=order.returned_at,
        destination=destination,
        may_move=OrderAction.REASSIGN in may,
    )


async def _driven(
    session: AsyncSession,
    actor: Actor,
    vehicles: Sequence[Row[*tuple[Any, ...]]],
    bound: Sequence[BoundOrder],
    period: Range[datetime],
) -> dict[int, list[PeriodOut]]:
    """Return the driven time of orders that the actor sees, where they may read tracks."""
    scope = actor.scope(Permission.TRACK_READ)
    nos = {row.Vehicle.no for row in vehicles if row.unit_no in scope}
    orders: dict[int, list[Span]] = defaultdict(list)
    for one in bound:
        order = one.order
        if one.seen and order.vehicle_no is not None and order.vehicle_no in nos:
            planned = _span(order.period)
            orders[order.vehicle_no].append(
                ordered_span(planned, order.departed_at, order.returned_at)
            )
    trips: dict[int, list[Span]] = defaultdict(list)
    for no, driven in await store.trips_of(session, orders.keys(), period):
        trips[no].append(_span(driven))
    return {
        no: [PeriodOut(start=one.start, end=one.end) for one in driven_on(orders[no], of)]
        for no, of in trips.items()
    }


def _span(period: Range[datetime]) -> Span:
    assert period.lower is not None, "what is planned or driven has a start"
    return Span(period.lower, period.upper)


def _period(period: Range[datetime]) -> PeriodOut:
    span = _span(period)
    return PeriodOut(start=span.start, end=span.end)
