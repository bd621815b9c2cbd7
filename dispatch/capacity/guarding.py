"""What is taken by hand breaks no promise to others without somebody knowing it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import pools
from dispatch.capacity.choosing import choose
from dispatch.capacity.errors import BreaksReservation
from dispatch.capacity.fitting import fit, taking
from dispatch.capacity.held import Held, held_spans, lock_pools, read_held
from dispatch.capacity.keeping import LIMIT_S, around, keep_all
from dispatch.capacity.model import NOWHERE, Booking, Span
from dispatch.capacity.pools import PoolRules
from dispatch.capacity.spans import span_of
from dispatch.capacity.tables import Reservation
from dispatch.capacity.words import ReservationState
from dispatch.sealed.sealed import breaks_seals
from dispatch.tables import Request
from dispatch.words import ServiceKind
from kit.clock import SHANGHAI

RULE = "reservations"


async def objection_of_reservations(
    session: AsyncSession,
    pool_no: int,
    vehicle_no: int,
    served: Sequence[Request],
    period: Range[datetime],
    now: datetime,
    apart_from: UUID | None = None,
    service_kind: str | None = None,
) -> list[tuple[str, str]]:
    """Return the rule and its sentence where taking a vehicle breaks what was promised of its pool.

    The pool is held from then on, so that nothing is promised meanwhile. An emergency breaks
    promises as it breaks seals, and what has to be repaired serves nobody: both are let pass, and
    what they endanger is told where it is asked for.
    served: whose own reservations are about to be bound; apart_from: the order that is changed
    Raises BreaksReservation for a service order that can wait: nobody may override for it.
    """
    if service_kind == ServiceKind.REPAIR or any(breaks_seals(one) for one in served):
        return []
    await lock_pools(session, [pool_no])
    rules = await pools.rules_of(session, pool_no, now)
    span = await _taken_by(session, rules, served, period)
    broken = await _broken(session, pool_no, rules, vehicle_no, span, served, now, apart_from)
    if not broken:
        return []
    first = min(broken, key=lambda one: one.request.period.lower or now)
    start, end = first.request.period.lower, first.request.period.upper
    assert start is not None
    assert end is not None
    ride = f"{start.astimezone(SHANGHAI):%m-%d %H:%M} 至 {end.astimezone(SHANGHAI):%m-%d %H:%M}"
    sentence = f"占用该车后 {len(broken)} 项预留无法兑现，最早一项为 {ride}"
    if not served:
        raise BreaksReservation(sentence)
    return [(RULE, sentence)]


async def _taken_by(
    session: AsyncSession, rules: PoolRules, served: Sequence[Request], period: Range[datetime]
) -> Span:
    """Return when the vehicle is taken: as was reserved, or the period and the turnaround."""
    start, end = span_of(period)
    end += rules.turnaround_s
    reserved = await session.scalars(
        select(Reservation.period).where(
            Reservation.request_id.in_([one.id for one in served]),
            Reservation.state == ReservationState.HELD,
        )
    )
    for one in reserved:
        since, until = span_of(one)
        start, end = min(start, since), max(end, until)
    return start, end


async def _broken(
    session: AsyncSession,
    pool_no: int,
    rules: PoolRules,
    vehicle_no: int,
    span: Span,
    served: Sequence[Request],
    now: datetime,
    apart_from: UUID | None,
) -> list[Held]:
    spans = await held_spans(session, pool_no, now, [one.id for one in served])
    touched = [id for id, (start, end) in spans.items() if start < span[1] and span[0] < end]
    if not touched:
        return []
    held = await read_held(session, _around(spans, span))
    asks = [one.ask for one in held]
    window = (min(a.span[0] for a in asks), max(a.span[1] for a in asks))
    apart = [apart_from] if apart_from else []
    there = await pools.read_vehicles(session, pool_no, window, now, rules, apart)
    after = [taking(one, span) if one.choice.no == vehicle_no else one for one in there]
    fitted = fit(asks, after)
    if keep_all(fitted.bookings, fitted.sizes) is not None:
        return []
    # What couldn't be kept before isn't broken by this.
    before = fit(asks, there)
    kept_before = choose(before.bookings, before.sizes, limit_s=LIMIT_S).placed
    kept = choose(fitted.bookings, fitted.sizes, limit_s=LIMIT_S).placed
    lost = kept_before.count(NOWHERE), kept.count(NOWHERE)
    if lost[1] <= lost[0]:
        return []
    return [one for one, s in zip(held, kept, strict=True) if s == NOWHERE][: lost[1] - lost[0]]


def _around(spans: dict[UUID, Span], span: Span) -> Collection[UUID]:
    """Return the reservations that what happens in a span may concern."""
    ids = list(spans)
    bookings = [Booking(*spans[id], frozenset()) for id in ids]
    return [ids[b] for b in around(bookings, span)]
