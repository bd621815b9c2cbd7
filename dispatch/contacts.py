"""Phone numbers on an order's papers: whole to those who ride, drive or may call in the unit."""

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.store import person_nos_of_drivers, requests_of_orders
from dispatch.parts import order_parts
from dispatch.tables import Order
from dispatch.words import Part
from fleet.access import Actor
from fleet.people.masking import masked_phone
from fleet.permissions import Permission

SEPARATOR = "、"


async def may_call(session: AsyncSession, actor: Actor, order: Order) -> bool:
    """Return whether the actor sees the phone numbers of an order's passengers whole."""
    if order.organisation_no in actor.scope(Permission.PERSON_CONTACT_READ):
        return True
    drivers = await person_nos_of_drivers(session, [order.driver_no])
    served = await requests_of_orders(session, [order.id])
    passengers = {request.passenger_no for _, request in served}
    parts = order_parts(actor, order, drivers.get(order.driver_no or 0), passengers)
    return not parts.isdisjoint({Part.PASSENGER, Part.DRIVER})


def masked_phones(text: str) -> str:
    """Return several phone numbers, as a slip lists them, with the middle of each hidden."""
    return SEPARATOR.join(masked_phone(one) for one in text.split(SEPARATOR)) if text else text
