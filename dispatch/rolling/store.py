"""SQL of rolling operation: which promised orders are due, and what their vehicles do next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.promise_store import promised_pickups
from dispatch.orders.states import OUT, PROMISED, OrderState
from dispatch.orders.store import requests_of_orders
from dispatch.roads.network import LatLon
from dispatch.shared_rides.store import missed_somebody
from dispatch.tables import Order, Request
from dispatch.words import OrderKind
from fleet.lists import within


@dataclass(frozen=True, slots=True)
class DueRide:
    """A promised ride: its order, the request that it picks up next, and what was told.

    then: of those who share, the others in the order of their pick-ups
    missed: whether one of them did not come: that the vehicle arrived may have been for them
    between: whether it is on the way from one who shares to the next
    """

    order: Order
    request: Request
    pickup_at: datetime
    then: tuple[tuple[datetime, Request], ...] = ()
    between: bool = False
    missed: bool = False

    @property
    def state(self) -> OrderState:
        """How far it has come for whoever is picked up next."""
        return OrderState.DEPARTED if self.between else OrderState(self.order.state)

    def after_pickup(self) -> "DueRide":
        """Return the ride as it goes on once this one is aboard; with nobody left, itself."""
        if not self.then:
            return self
        (due, asked), *later = self.then
        return DueRide(self.order, asked, due, tuple(later), between=True)

    @property
    def pickup(self) -> LatLon:
        """Where the passengers wait."""
        return self.request.pickup

    @property
    def destination(self) -> LatLon:
        """Where the ride leads."""
        return self.request.destination_latitude, self.request.destination_longitude

    @property
    def last_place(self) -> LatLon:
        """Where the ride leaves the vehicle."""
        request = self.request
        origin = request.origin_latitude, request.origin_longitude
        return origin if request.round_trip else self.destination


async def due_rides(
    session: AsyncSession,
    unit_nos: Iterable[int],
    now: datetime,
    ahead: timedelta,
    seen: ColumnElement[bool],
) -> list[DueRide]:
    """Return the units' promised rides that are out, or begin within `ahead`, by their start.

    seen: the condition on `Order` under which the reader sees it
    """
    rows = await session.scalars(
        select(Order)
        .where(
            within(Order.organisation_no, unit_nos),
            seen,
            Order.kind == OrderKind.RIDE,
            Order.vehicle_no.is_not(None),
            Order.state.in_(PROMISED),
            or_(Order.state.in_(OUT), func.lower(Order.period) <= now + ahead),
        )
        .order_by(Order.period, Order.id)
    )
    return await _rides(session, rows.all())


async def promised_among(session: AsyncSession, order_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the orders that are not over, in whosever units."""
    if not order_ids:
        return set()
    return set(
        await session.scalars(
            select(Order.id).where(Order.id.in_(order_ids), Order.state.in_(PROMISED))
        )
    )


async def following_rides(
    session: AsyncSession, rides: Sequence[DueRide], ahead: timedelta
) -> dict[UUID, DueRide]:
    """Return the next promised ride of each ride's vehicle, by the id of the ride before it."""
    vehicle_nos = [ride.order.vehicle_no for ride in rides]
    last = max((ride.order.period.upper for ride in rides if ride.order.period.upper), default=None)
    if last is None:
        return {}
    rows = await session.scalars(
        select(Order)
        .where(
            Order.vehicle_no.in_(vehicle_nos),
            Order.kind == OrderKind.RIDE,
            Order.state.in_((OrderState.ASSIGNED, OrderState.ACCEPTED)),
            func.lower(Order.period) <= last + ahead,
        )
        .order_by(Order.period, Order.id)
    )
    planned: dict[int | None, list[DueRide]] = defaultdict(list)
    for ride in await _rides(session, rows.all()):
        planned[ride.order.vehicle_no].append(ride)
    return {ride.order.id: after for ride in rides if (after := _first_after(ride, planned))}


def _first_after(ride: DueRide, planned: dict[int | None, list[DueRide]]) -> DueRide | None:
    start = ride.order.period.lower
    return next(
        (
            one
            for one in planned[ride.order.vehicle_no]
            if one.order.period.lower and start and one.order.period.lower > start
        ),
        None,
    )


async def _rides(session: AsyncSession, orders: Sequence[Order]) -> list[DueRide]:
    served: defaultdict[UUID, list[Request]] = defaultdict(list)
    for order_id, request in await requests_of_orders(session, [order.id for order in orders]):
        served[order_id].append(request)
    told = await promised_pickups(session, [one.id for asked in served.values() for one in asked])
    missed = await missed_somebody(session, [order.id for order in orders])
    rides = []
    for order in orders:
        start = order.period.lower
        if start is not None and served[order.id]:
            by_pickup = sorted((told.get(one.id, start), one.id, one) for one in served[order.id])
            (due, asked), *later = [(at, one) for at, _, one in by_pickup]
            rides.append(DueRide(order, asked, due, tuple(later), missed=order.id in missed))
    return rides
