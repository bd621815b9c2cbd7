"""Each passenger of a shared order sees their own part: never who else rides, why or where.

Pure rules over what was read. Whoever drives the order or dispatches it sees all of it; whoever
reads orders of a unit sees that unit's riders, and those of another unit no more than they do.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from dispatch.tables import Order, OrderStep, Request
from dispatch.words import Part
from fleet.access import Actor
from fleet.permissions import Permission

TELLS_OF_OTHERS = frozenset({"join", "leave"})
"""Steps and amendments that say something of whoever came or went."""
_ENDS_ONE_RIDE = "no_show"
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


def tells_of_others(step: OrderStep) -> bool:
    """Whether a step is of one who rides with others: with it, the order of all goes on."""
    is_apart = step.action == _ENDS_ONE_RIDE and step.from_state == step.to_state
    return is_apart or step.action in TELLS_OF_OTHERS


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody may see of an order: these requests, and of its steps what isn't others'.

    is_all: whether they see all who ride; others: people named in what they don't see, by number
    """

    requests: Sequence[Request]
    is_all: bool
    me: int
    others: frozenset[int]

    def hides(self, step: OrderStep) -> bool:
        """Whether a step's person and reason are the matter of others who ride."""
        if self.is_all or step.actor_no == self.me:
            return False
        return tells_of_others(step) or step.actor_no in self.others


def seen_of(
    actor: Actor,
    order: Order,
    served: Sequence[Request],
    units_ever: Set[int],
    parts: Set[Part],
) -> Seen:
    """Return what the actor may see of an order that serves these requests.

    units_ever: whose people were ever to ride in it, by number; those who left stand in its paper
    """
    me, scope = actor.person_no, actor.scope(Permission.ORDER_READ)
    units = units_ever | {one.organisation_no for one in served}
    mine = [
        one
        for one in served
        if one.organisation_no in scope or me in (one.applicant_no, one.passenger_no)
    ]
    is_all = (
        not parts.isdisjoint({Part.DRIVER, Part.DISPATCHER})
        or units <= scope
        # Who issued it without riding in it dispatched it for all of them.
        or (order.issuer_no in scope and order.issuer_no not in units)
        # Nobody of theirs rides in it: they drove a part of it before a swap.
        or (not mine and scope.isdisjoint({order.organisation_no, order.issuer_no}))
    )
    requests = served if is_all else mine
    unseen = [one for one in served if one not in requests]
    others = frozenset(no for one in unseen for no in (one.applicant_no, one.passenger_no))
    return Seen(requests, is_all, me, others)
