"""Is there a vehicle of a type left in a period, and if not, what else could be done?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import pools
from dispatch.capacity.fitting import Ask, PoolVehicle, VehicleType, fit, instant, seconds
from dispatch.capacity.held import ask_of, held_spans, read_held
from dispatch.capacity.keeping import around, keep_all
from dispatch.capacity.model import Booking, Span
from dispatch.capacity.padding import padded
from dispatch.capacity.placing import place_in_order
from dispatch.tables import Request

FARTHEST = timedelta(days=3)
"""How far another time may lie from the one that was asked for."""
MOST_TIMES = 48
"""How many other times are tried on either side."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a pool is asked for one request, beside all that it has promised.

    asks: that of the request last; margins_s: what the ride takes before it and after it
    """

    organisation_no: int
    asks: tuple[Ask, ...]
    vehicles: tuple[PoolVehicle, ...]
    margins_s: tuple[int, int]

    @property
    def ask(self) -> Ask:
        """The request's own."""
        return self.asks[-1]


async def offer_of(
    session: AsyncSession,
    request: Request,
    organisation_no: int,
    wanted: VehicleType,
    now: datetime,
    reach: timedelta = timedelta(0),
) -> Offer:
    """Return what a pool is asked. Whoever promises by it holds the pool.

    reach: how far beside the ride the pool is looked at, too, for other times
    """
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    origin = (request.origin_latitude, request.origin_longitude)
    left_at = origin if request.round_trip else _destination(request)
    rules = await pools.rules_of(session, organisation_no, now)
    base = await pools.base_of(session, organisation_no, now)
    since, until = padded((start, end), origin, left_at, base, rules.turnaround_s)
    span = seconds(since), seconds(until)
    wide = span[0] - int(reach.total_seconds()), span[1] + int(reach.total_seconds())
    spans = await held_spans(session, organisation_no, now, [request.id])
    held = await read_held(session, _concerned(spans, wide))
    asks = (*(one.ask for one in held), ask_of(request, wanted, span))
    window = (
        min(wide[0], *(ask.span[0] for ask in asks)),
        max(wide[1], *(ask.span[1] for ask in asks)),
    )
    there = await pools.read_vehicles(session, organisation_no, window, now, rules)
    margins = seconds(start) - span[0], span[1] - seconds(end)
    return Offer(organisation_no, asks, tuple(there), margins)


def of_type(offer: Offer, wanted: VehicleType) -> Offer:
    """Return the same with another type asked for."""
    return replace(offer, asks=(*offer.asks[:-1], replace(offer.ask, wanted=wanted)))


def can_keep(offer: Offer) -> bool:
    """Whether the pool can keep all that it has promised, and this too."""
    fitted = fit(offer.asks, offer.vehicles)
    own = _part_of_last(fitted.bookings)
    return keep_all([fitted.bookings[b] for b in own], fitted.sizes) is not None


def other_times(offer: Offer, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the nearest earlier and later start for which there surely is a vehicle.

    Tried are the instants at which one becomes free or is needed next: between them nothing
    changes. A time that only a cleverer arrangement would allow may be missed, never the reverse.
    """
    at = seconds(offer.ask.need.start)
    starts = sorted(set(_turning_points(offer)))
    earliest, farthest = seconds(now), int(FARTHEST.total_seconds())
    earlier = [one for one in reversed(starts) if max(earliest, at - farthest) <= one < at]
    later = [one for one in starts if at < one <= at + farthest]
    return _first_kept(offer, earlier), _first_kept(offer, later)


def _first_kept(offer: Offer, starts: Sequence[int]) -> datetime | None:
    for start in starts[:MOST_TIMES]:
        moved = _moved(offer.ask, start)
        fitted = fit((*offer.asks[:-1], moved), offer.vehicles)
        own = [fitted.bookings[b] for b in _part_of_last(fitted.bookings)]
        if min(place_in_order(own, fitted.sizes)) >= 0:
            return instant(start)
    return None


def _turning_points(offer: Offer) -> Iterator[int]:
    """Return the starts of the ride with which it just follows or precedes something else."""
    before, after = offer.margins_s
    length = seconds(offer.ask.need.end) - seconds(offer.ask.need.start)
    spans = [ask.span for ask in offer.asks[:-1]]
    spans += [span for one in offer.vehicles for span in (*one.taken, *one.sealed)]
    for start, end in spans:
        yield end + before
        yield start - after - length


def _moved(ask: Ask, start: int) -> Ask:
    by = start - seconds(ask.need.start)
    need = replace(
        ask.need,
        start=ask.need.start + timedelta(seconds=by),
        end=ask.need.end + timedelta(seconds=by),
    )
    return replace(ask, need=need, span=(ask.span[0] + by, ask.span[1] + by))


def _part_of_last(bookings: Sequence[Booking]) -> list[int]:
    """Return the bookings that the last one may concern, itself among them."""
    last = bookings[-1]
    return [*around(bookings[:-1], (last.start, last.end)), len(bookings) - 1]


def _concerned(spans: dict[UUID, Span], wide: Span) -> list[UUID]:
    ids = list(spans)
    bookings = [Booking(*spans[id], frozenset()) for id in ids]
    return [ids[b] for b in around(bookings, wide)]


def _destination(request: Request) -> tuple[float, float]:
    return request.destination_latitude, request.destination_longitude
