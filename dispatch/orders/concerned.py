"""What somebody is to an order, and what they may see of those who ride in it."""

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders import store
from dispatch.parts import order_parts
from dispatch.shared_rides.seeing import Seen, seen_of
from dispatch.shared_rides.store import units_ever_aboard
from dispatch.tables import Order
from dispatch.words import Part
from fleet.access import Actor


async def parts_in(session: AsyncSession, actor: Actor, order: Order) -> frozenset[Part]:
    """Return what the actor is to an order."""
    people = await store.person_nos_of_drivers(session, [order.driver_no])
    served = await store.requests_of_orders(session, [order.id])
    passengers = {request.passenger_no for _, request in served}
    return order_parts(actor, order, people.get(order.driver_no or 0), passengers)


async def seen_in(session: AsyncSession, actor: Actor, order: Order) -> Seen:
    """Return what the actor may see of those who ride in an order."""
    served = [request for _, request in await store.requests_of_orders(session, [order.id])]
    units = await units_ever_aboard(session, [order.id])
    parts = await parts_in(session, actor, order)
    return seen_of(actor, order, served, units.get(order.id, frozenset()), parts)
