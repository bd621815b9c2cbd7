"""Steps of a shared order that concern one passenger alone: a pure rule.

Each passenger confirms their own ride, and the order waits for all of them. Who doesn't come ends
their own ride, and the others are driven on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dispatch.errors import StepNotAllowed
from dispatch.orders.states import OrderAction, OrderState
from dispatch.requests.states import RequestState
from dispatch.shared_rides.errors import NotInThisOrder, RiderNotNamed
from dispatch.tables import Request


@dataclass(frozen=True, slots=True)
class Apart:
    """What a step of one passenger leads to.

    to: where the order stands after it; requests: which move with it, and whereto
    """

    to: OrderState
    requests: Mapping[UUID, RequestState]


def apart(
    action: OrderAction,
    state: OrderState,
    served: Sequence[Request],
    me: int,
    request_id: UUID | None,
) -> Apart | None:
    """Return what a step means that `me` takes in an order; None: it is of all who ride.

    request_id: whose passenger didn't come, where several ride
    Raises StepNotAllowed for who has confirmed, RiderNotNamed, NotInThisOrder.
    """
    if request_id is not None and request_id not in {one.id for one in served}:
        raise NotInThisOrder
    if len(served) < 2:
        return None
    if action is OrderAction.NO_SHOW:
        if request_id is None:
            raise RiderNotNamed
        return Apart(state, {request_id: RequestState.ARCHIVED})
    if action is OrderAction.CONFIRM:
        return _confirmed(state, served, me)
    return None


def awaits_confirmation(served: Sequence[Request], me: int) -> bool:
    """Whether a passenger of an order that has returned is still to confirm a ride of theirs."""
    return any(_is_open(one) and one.passenger_no == me for one in served)


def _confirmed(state: OrderState, served: Sequence[Request], me: int) -> Apart:
    waiting = [one for one in served if _is_open(one)]
    own = [one.id for one in waiting if one.passenger_no == me]
    if not own:
        raise StepNotAllowed(state=RequestState.CONFIRMING, action=OrderAction.CONFIRM, actions=[])
    to = OrderState.CONFIRMING if len(own) == len(waiting) else state
    return Apart(to, dict.fromkeys(own, RequestState.CONFIRMING))


def _is_open(request: Request) -> bool:
    return request.state == RequestState.RETURNED
