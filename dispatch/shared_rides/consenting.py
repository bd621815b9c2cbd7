"""Use case: a passenger agrees to share, within limits, or takes that back before departure."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import true
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import StepNotYours
from dispatch.orders import store as orders
from dispatch.parts import request_parts, sees_request
from dispatch.requests.stale import stale_request
from dispatch.requests.states import RequestState
from dispatch.requests.store import find_request, lock_request, order_id_of
from dispatch.roads.travel_times import TravelTimes
from dispatch.shared_rides import store
from dispatch.shared_rides.detours import check_limit
from dispatch.shared_rides.errors import NotSharedNow, PassengerHasSpoken, SharingLimitBroken
from dispatch.shared_rides.judging import is_never_shared, limits_of
from dispatch.shared_rides.leaving import leave, shares
from dispatch.shared_rides.schemas import ConsentIn
from dispatch.shared_rides.views import own_legs
from dispatch.shared_rides.words import SharingLimit, WhoseLimit
from dispatch.tables import Order, Request, SharingConsent
from dispatch.words import Part
from fleet.access import Actor
from fleet.acts import Act
from fleet.rules import RuleKey, effective
from kit.errors import NotFound

_OPEN = frozenset(
    {
        RequestState.DRAFT,
        RequestState.UNIT_REVIEW,
        RequestState.SENT_BACK,
        RequestState.AWAITING_DISPATCH,
        RequestState.ASSIGNED,
        RequestState.ACCEPTED,
    }
)
_WITHDRAWN = "乘车人不再同意合乘"
_REVOKE = "revoke_consent"
"""Not "leave": what a dispatcher takes out of a vehicle is left to them, this one is not."""


async def say_consent(
    session: AsyncSession,
    act: Act,
    actor: Actor,
    request_id: UUID,
    said: ConsentIn,
    roads: TravelTimes,
) -> Request:
    """Write what a passenger or their applicant says about sharing.

    Once the passenger has spoken, their applicant may take an agreement back, and give none.
    Whoever shares already and agrees no longer, or to less than they are driven, leaves the order
    and awaits dispatch by themselves.
    Raises NotFound, StepNotYours, StaleRevision, NotSharedNow, PassengerHasSpoken,
    SharingLimitBroken, DetourBeyondRule.
    """
    order, request = await _locked(session, actor, request_id, said.revision)
    is_passenger = actor.person_no == request.passenger_no
    if said.agreed and not is_passenger and await store.has_spoken(session, request):
        raise PassengerHasSpoken
    if said.agreed and await is_never_shared(session, request):
        raise SharingLimitBroken(SharingLimit.NEVER_SHARED, WhoseLimit.JOINING, request.id)
    rule = await effective(session, RuleKey.SHARING_DETOUR, request.organisation_no, act.now)
    check_limit(said.detour_percent, said.detour_s, rule.value)
    before = {"agreed": request.may_share}
    session.add(
        SharingConsent(
            request_id=request.id,
            agreed=said.agreed,
            detour_percent=said.detour_percent,
            detour_s=said.detour_s,
            by_no=actor.person_no,
            at=act.now,
            reason=said.reason,
        )
    )
    request.may_share = said.agreed
    request.revision += 1
    await session.flush()
    act.record(
        session,
        "request.consent",
        "request",
        request.id,
        organisation_no=request.organisation_no,
        before=before,
        after=said.model_dump(mode="json", exclude={"revision", "reason"}),
    )
    if order is not None and not await _still_agrees(session, order, request, act.now, roads):
        leaving = Act(actor, act.now, act.address, said.reason or _WITHDRAWN)
        to = RequestState.AWAITING_DISPATCH
        await leave(session, leaving, actor, order, request.id, to, _REVOKE, roads)
    await session.flush()
    return request


async def _locked(
    session: AsyncSession, actor: Actor, request_id: UUID, revision: int
) -> tuple[Order | None, Request]:
    """Lock the order that a request shares, if any, then the request."""
    seen = sees_request(actor)
    found = await find_request(session, request_id, seen)
    if found is None:
        raise NotFound
    if request_parts(actor, found).isdisjoint({Part.APPLICANT, Part.PASSENGER}):
        raise StepNotYours(state=found.state, action="consent")
    order_id = await order_id_of(session, request_id)
    order = await orders.lock_order(session, order_id, true()) if order_id else None
    request = await lock_request(session, request_id, seen)
    if request is None:
        raise NotFound
    if request.revision != revision:
        raise await stale_request(session, request, revision)
    if request.state not in _OPEN:
        raise NotSharedNow(state=request.state)
    is_served = request.state in (RequestState.ASSIGNED, RequestState.ACCEPTED)
    return (order if is_served and order and await shares(session, order) else None), request


async def _still_agrees(
    session: AsyncSession, order: Order, request: Request, now: datetime, roads: TravelTimes
) -> bool:
    """Whether a passenger goes on agreeing to what they are driven in a shared order."""
    if not request.may_share:
        return False
    limit = (await limits_of(session, [request], now))[request.id]
    calls = await store.calls_of(session, order.id) or ()
    served = [one for _, one in await orders.requests_of_orders(session, [order.id])]
    legs = await own_legs(calls, served, request, limit, roads)
    return all(leg.detour_s <= leg.greatest_detour_s for leg in legs)
