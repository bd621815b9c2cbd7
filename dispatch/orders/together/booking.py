"""Use case: many orders made at once, each by the rules of `dispatch.orders.booking.assign`.

What is read is read for all, and what is written is written together; a ride that is refused takes
nothing with it. Locks are taken as everywhere: requests (by the caller), vehicles, drivers, pools,
and at the very end the slip counters, so that others wait for them least.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.making import acting_for, new_order
from dispatch.orders.pairing import is_cross_unit
from dispatch.orders.promise_store import Arrival, standing_promises, suggested_arrival
from dispatch.orders.promising import Offer, to_tell
from dispatch.orders.store import book
from dispatch.orders.together import store
from dispatch.orders.together.facts import read_facts
from dispatch.orders.together.judging import Fit, judge, offer_of
from dispatch.orders.together.pairs import Pairs, lock_pairs
from dispatch.orders.together.reserved import Reserved, hold_pools, objections_of_reservations
from dispatch.orders.together.wishes import Wish, next_wave
from dispatch.orders.together.writing import Booked, Written, issue, write
from dispatch.tables import Order, Promise
from dispatch.words import OrderKind
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from kit.errors import DomainError


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all wishes."""

    pairs: Pairs
    reserved: Reserved
    standing: dict[UUID, Promise]
    arrivals: dict[UUID, Arrival]


async def assign_together(
    session: AsyncSession, act: Act, actor: Actor, wishes: Sequence[Wish]
) -> list[Order | DomainError]:
    """Make an order of each wish, with its slip; return the orders, or why there is none.

    Both the answer and the numbers of the slips are in the order of the wishes.
    act.reason: why soft rules are overridden, for all of them
    """
    known = await _read(session, act, actor, wishes)

    def uses(wish: Wish) -> Sequence[Hashable]:
        pool_no = known.reserved.touched_by(wish, known.pairs, act.now)
        alone = () if pool_no is None else (("pool", pool_no),)
        return ("vehicle", wish.vehicle_no), ("driver", wish.driver_no), *alone

    found: dict[Wish, Written | DomainError] = {}
    left: Sequence[Wish] = wishes
    while left:
        wave, left = next_wave(left, uses)
        found |= await _assign(session, act, actor, wave, known)
    outcomes = [found[wish] for wish in wishes]
    await issue(session, act, [one for one in outcomes if isinstance(one, Written)])
    return [one.booked.order if isinstance(one, Written) else one for one in outcomes]


async def _read(session: AsyncSession, act: Act, actor: Actor, wishes: Sequence[Wish]) -> _Known:
    pairs = await lock_pairs(
        session,
        {wish.vehicle_no for wish in wishes},
        {wish.driver_no for wish in wishes},
        actor.scope(Permission.ORDER_ASSIGN),
        act.now,
    )
    ids = [wish.request.id for wish in wishes]
    return _Known(
        pairs,
        await hold_pools(session, wishes, pairs, act.now),
        await standing_promises(session, ids),
        await _arrivals(session, act, wishes),
    )


async def _arrivals(session: AsyncSession, act: Act, wishes: Sequence[Wish]) -> dict[UUID, Arrival]:
    """Return how long vehicles need to the pick-up, where somebody was just shown it."""
    shown = await store.suggested_lately(session, [wish.request.id for wish in wishes], act.now)
    asked = [wish for wish in wishes if wish.request.id in shown]
    ids = await store.vehicle_ids(session, [wish.vehicle_no for wish in asked])
    found = {}
    for wish in asked:
        arrival = await suggested_arrival(
            session, wish.request.id, ids[wish.vehicle_no], None, act.now
        )
        if arrival is not None:
            found[wish.request.id] = arrival
    return found


async def _assign(
    session: AsyncSession, act: Act, actor: Actor, wave: Sequence[Wish], known: _Known
) -> dict[Wish, Written | DomainError]:
    """Judge and book wishes of which none uses what another does."""
    facts = await read_facts(session, wave, known.pairs, act.now)
    also = await objections_of_reservations(session, wave, known.reserved, known.pairs, act.now)
    found: dict[Wish, Written | DomainError] = {}
    fits: list[Fit] = []
    for wish, read, told in zip(wave, facts, also, strict=True):
        try:
            fit = judge(wish, known.pairs, read, told, act, actor)
            standing = known.standing.get(wish.request.id)
            to_tell(standing.pickup_at if standing else None, _offer(wish, known, act, actor))
        except DomainError as error:
            found[wish] = error
        else:
            fits.append(fit)
    booked = []
    for fit, order in zip(fits, await _book(session, actor, fits), strict=True):
        wish, id = fit.wish, fit.wish.request.id
        if isinstance(order, DomainError):
            found[wish] = order
            continue
        offer = _offer(wish, known, act, actor)
        booked.append(Booked(fit, order, offer, known.arrivals.get(id), known.standing.get(id)))
    written = await write(session, act, actor, booked)
    return found | {one.booked.fit.wish: one for one in written}


def _offer(wish: Wish, known: _Known, act: Act, actor: Actor) -> Offer:
    return offer_of(wish, known.arrivals.get(wish.request.id), act, actor)


async def _book(
    session: AsyncSession, actor: Actor, fits: Sequence[Fit]
) -> list[Order | DomainError]:
    """Write the orders; where the database refuses one, each by itself."""
    orders = [_order(fit, actor) for fit in fits]
    try:
        async with session.begin_nested():
            session.add_all(orders)
            await session.flush()
    except IntegrityError:
        return [await _book_one(session, _order(fit, actor), fit) for fit in fits]
    return list(orders)


async def _book_one(session: AsyncSession, order: Order, fit: Fit) -> Order | DomainError:
    try:
        async with session.begin_nested():
            await book(session, order, fit.wish.request.id)
    except DomainError as error:
        return error
    return order


def _order(fit: Fit, actor: Actor) -> Order:
    unit_no = fit.wish.request.organisation_no
    order = new_order(OrderKind.RIDE, unit_no, fit.pair, fit.period)
    order.issuer_no = acting_for(actor, Permission.ORDER_ASSIGN, unit_no)
    order.dispatcher_no = actor.person_no
    order.cross_unit = is_cross_unit(fit.pair.vehicle, {unit_no})
    return order
