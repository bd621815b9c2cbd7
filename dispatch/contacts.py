"""Phone numbers on an order's papers: whole to those who ride, drive or may call in the unit."""

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.concerned import parts_in, seen_in
from dispatch.tables import Order
from dispatch.words import Part
from fleet.access import Actor
from fleet.people.masking import masked_phone
from fleet.permissions import Permission

SEPARATOR = "、"


async def may_call(session: AsyncSession, actor: Actor, order: Order) -> bool:
    """Return whether the actor sees whole the phone numbers of the passengers that they see."""
    seen = await seen_in(session, actor, order)
    units = {one.organisation_no for one in seen.requests} or {order.organisation_no}
    if units <= actor.scope(Permission.PERSON_CONTACT_READ):
        return True
    parts = await parts_in(session, actor, order)
    return not parts.isdisjoint({Part.PASSENGER, Part.DRIVER})


def masked_phones(text: str) -> str:
    """Return several phone numbers, as a slip lists them, with the middle of each hidden."""
    return SEPARATOR.join(masked_phone(one) for one in text.split(SEPARATOR)) if text else text
