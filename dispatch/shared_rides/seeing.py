"""Each passenger of a shared order sees their own part: never who else rides, why or where.

Pure rules over what was read. Whoever drives the order, dispatches it or reads orders of its unit
sees all of it.
"""

from collections.abc import Collection, Sequence, Set

from dispatch.tables import Order, OrderStep, Request
from dispatch.words import Part
from fleet.access import Actor
from fleet.permissions import Permission

TELLS_OF_OTHERS = frozenset({"join", "leave"})
"""Steps and amendments that say something of whoever came or went."""
PAPER_OF_RIDERS = frozenset(
    {
        "unit",
        "passenger",
        "passenger_phone",
        "purpose",
        "passengers",
        "route_planned",
        "departure_place",
        "approvals",
    }
)
"""Items of a slip that are the riders' own."""


def own_part(
    actor: Actor, order: Order, served: Sequence[Request], parts: Set[Part]
) -> list[Request] | None:
    """Return the requests that a mere passenger is named in; None: whoever asks sees all."""
    scope = actor.scope(Permission.ORDER_READ)
    if order.organisation_no in scope or order.issuer_no in scope:
        return None
    if not parts.isdisjoint({Part.DRIVER, Part.DISPATCHER}):
        return None
    me = actor.person_no
    own = [one for one in served if me in (one.applicant_no, one.passenger_no)]
    return own or None


def hides_step(step: OrderStep, me: int, others: Collection[int]) -> bool:
    """Whether a step's person and reason are another passenger's matter."""
    return step.actor_no != me and (step.action in TELLS_OF_OTHERS or step.actor_no in others)


def others_of(served: Sequence[Request], own: Sequence[Request]) -> set[int]:
    """Return the people named in the requests of others, by number."""
    mine = {one.id for one in own}
    return {
        no for one in served if one.id not in mine for no in (one.applicant_no, one.passenger_no)
    }
