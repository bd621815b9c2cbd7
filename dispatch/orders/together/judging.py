"""Whether a vehicle and a driver may serve a ride, by the rules of every assignment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range

from dispatch.eligibility.overriding import Told, choice_of, overridden
from dispatch.orders.pairing import Pair, check_pair, check_seats, check_vehicle, why_override
from dispatch.orders.promise_store import Arrival
from dispatch.orders.promising import Offer, pickup_time
from dispatch.orders.together.facts import Facts
from dispatch.orders.together.pairs import Pairs
from dispatch.orders.together.wishes import Wish
from dispatch.parts import request_parts
from dispatch.requests.states import RequestAction, RequestState, next_state
from dispatch.sealed.sealed import check_unsealed
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A vehicle and a driver that may serve a ride in a period.

    to: where its request moves; overridden: the names of the rules that speak against it
    """

    wish: Wish
    pair: Pair
    period: Range[datetime]
    to: RequestState
    overridden: Sequence[str]


def judge(
    wish: Wish, pairs: Pairs, facts: Facts, also: Sequence[Told], act: Act, actor: Actor
) -> Fit:
    """Return a wish that may be booked.

    also: what else speaks against the choice; act.reason: why soft rules are overridden
    Raises what `dispatch.orders.booking.assign` raises before it books.
    """
    request, period = wish.request, wish.period(act.now)
    actor.require(Permission.ORDER_ASSIGN, request.organisation_no)
    parts = request_parts(actor, request)
    to = next_state(RequestState(request.state), RequestAction.ASSIGN, parts)
    vehicle = check_vehicle(pairs.vehicles.get(wish.vehicle_no))
    pair = check_pair(vehicle, pairs.driver(wish.driver_no, period), period, act.now)
    check_seats(vehicle, [request])
    check_unsealed(facts.sealed.get(vehicle.no))
    choice = choice_of(vehicle, pair.driver, facts.vehicles, facts.day_s, facts.week_s)
    why = why_override(actor, act.reason)
    told = overridden(choice, [request], period, act.now, why, also)
    return Fit(wish, pair, period, to, [rule for rule, _ in told])


def offer_of(wish: Wish, arrival: Arrival | None, act: Act, actor: Actor) -> Offer:
    """Return the pick-up that a passenger is to be told."""
    start = wish.request.period.lower or act.now
    pickup_at = pickup_time(start, act.now, arrival.seconds if arrival else None)
    return Offer(pickup_at, act.reason, actor.automatic)
