"""What could be done instead where a pool is full: other times, another pool, sharing, rental.

What is read for it is read in one short transaction; what is computed from it is computed apart, in
a thread, with no connection and no lock held.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import store
from dispatch.capacity.fitting import ANY_TYPE, VehicleType
from dispatch.capacity.holding import pool_nos
from dispatch.capacity.offering import FARTHEST, Offer, can_keep, of_type, offer_of, other_times
from dispatch.capacity.schemas import AlternativesOut, OtherPool, OtherTime, ToShareWith
from dispatch.parts import sees_request
from dispatch.refs import load_refs
from dispatch.requests.store import find_request
from dispatch.schemas import NamedRef
from dispatch.tables import Request
from fleet.access import Actor
from fleet.permissions import Permission
from fleet.words import Holding
from kit.errors import NotFound

MOST_TO_SHARE_WITH = 3
NEAR = timedelta(0)


@dataclass(frozen=True, slots=True)
class Prospects:
    """What is known of the pools that might serve a ride, to look for alternatives in.

    asked: the pool that was asked, the first of all
    offers, names: by pool, in the order of use after the one that was asked
    """

    asked: Sequence[int]
    length: timedelta
    offers: Mapping[int, Offer]
    names: Mapping[int, NamedRef]
    to_share_with: Sequence[ToShareWith]


async def alternatives_of(
    session: AsyncSession,
    actor: Actor,
    request_id: UUID,
    pool_no: int | None,
    wanted: VehicleType,
    now: datetime,
) -> AlternativesOut:
    """Return what could be done for a request that a pool has no vehicle for; nothing is held.

    Raises NotFound.
    """
    request = await find_request(session, request_id, sees_request(actor))
    if request is None:
        raise NotFound
    known = await read_prospects(session, actor, request, pool_no, wanted, now)
    return await asyncio.to_thread(alternatives_in, known, now)


async def read_prospects(
    session: AsyncSession,
    actor: Actor,
    request: Request,
    pool_no: int | None,
    wanted: VehicleType,
    now: datetime,
) -> Prospects:
    """Return what there is to look for alternatives in. Raises NotFound."""
    actor.require(Permission.ORDER_ASSIGN, request.organisation_no)
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    asked = (await pool_nos(session, actor, request, pool_no, now))[:1]
    others = await pool_nos(session, actor, request, None, now)
    offers = {
        no: await offer_of(session, request, no, wanted, now, FARTHEST if no in asked else NEAR)
        for no in dict.fromkeys((*asked, *others))
    }
    refs = await load_refs(session, organisations=offers)
    sharing = await to_share_with(session, actor, request)
    return Prospects(asked, end - start, offers, refs.organisations, sharing)


def alternatives_in(known: Prospects, now: datetime) -> AlternativesOut:
    """Return what could be done instead. Work for a thread."""
    return AlternativesOut(
        other_times=[
            OtherTime(start=at, end=at + known.length)
            for no in known.asked
            for at in other_times(known.offers[no], now)
            if at is not None
        ],
        # where a type was asked for, the pool itself may have another
        other_pools=_pools(
            known, [no for no in known.asked if _is_any(known.offers[no])], ANY_TYPE
        ),
        rental=_pools(known, (), VehicleType(holding=Holding.RENTAL)),
        to_share_with=list(known.to_share_with),
    )


def _is_any(offer: Offer) -> bool:
    return offer.ask.wanted == ANY_TYPE


def _pools(known: Prospects, apart: Collection[int], wanted: VehicleType) -> list[OtherPool]:
    """Return the pools that have such a vehicle, in the order of use."""
    return [
        OtherPool(organisation=known.names[no], holding=wanted.holding)
        for no, offer in known.offers.items()
        if no not in apart and can_keep(of_type(offer, wanted))
    ]


async def to_share_with(session: AsyncSession, actor: Actor, request: Request) -> list[ToShareWith]:
    """Return promised rides of about the same time whose passengers agreed to share.

    Whether both go the same way is for the dispatcher to see, and for sharing to plan.
    """
    scope = actor.scope(Permission.ORDER_ASSIGN)
    found = await store.to_share_with(session, request, scope, MOST_TO_SHARE_WITH)
    return [
        ToShareWith(
            request_id=other.id,
            start=other.period.lower,
            end=other.period.upper,
            origin=other.origin_name,
            destination=other.destination_name,
            passengers=other.passengers,
            agreed=request.may_share,
        )
        for other, _ in found
    ]
