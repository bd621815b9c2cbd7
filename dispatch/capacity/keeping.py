"""Can all bookings be kept, and if not, where is it that too many want too few vehicles?"""

from collections.abc import Sequence

from dispatch.capacity.choosing import choose
from dispatch.capacity.model import NOWHERE, Booking, Sizes, Span, open_stocks
from dispatch.capacity.placing import place_in_order

LIMIT_S = 2.0
"""How long may be thought about one promise, while others wait for the pool's lock."""


def keep_all(
    bookings: Sequence[Booking], sizes: Sizes, *, limit_s: float = LIMIT_S
) -> list[int] | None:
    """Return a stock for each booking such that all are kept, or None.

    None also where `limit_s` passed before one was found: what isn't known to be kept is not
    promised.
    """
    placed = [NOWHERE] * len(bookings)
    for part in together(bookings):
        own = [bookings[b] for b in part]
        found: Sequence[int] = place_in_order(own, sizes)
        if NOWHERE in found and not is_overfull(own, sizes):
            found = choose(own, sizes, limit_s=limit_s).placed
        if NOWHERE in found:
            return None
        for b, s in zip(part, found, strict=True):
            placed[b] = s
    return placed


def is_overfull(bookings: Sequence[Booking], sizes: Sizes) -> bool:
    """Whether at some instant more bookings overlap than vehicles may serve any of them.

    A quick look that spares the programme; where it finds nothing they may not be kept either.
    """
    usable = frozenset[int]().union(*(one.stocks for one in bookings))
    there = sum(sizes[s] for s in usable)
    turns = sorted((at, by) for one in bookings for at, by in ((one.start, 1), (one.end, -1)))
    overlap = 0
    for _, by in turns:
        overlap += by
        if overlap > there:
            return True
    return not all(open_stocks(one, sizes) for one in bookings)


def together(bookings: Sequence[Booking]) -> list[list[int]]:
    """Part bookings at the instants that none of them spans: what lies apart is decided apart."""
    parts: list[list[int]] = []
    until: int | None = None
    for b in sorted(range(len(bookings)), key=lambda b: (bookings[b].start, b)):
        if until is None or bookings[b].start >= until:
            parts.append([])
        parts[-1].append(b)
        until = bookings[b].end if until is None else max(until, bookings[b].end)
    return parts


def around(bookings: Sequence[Booking], span: Span) -> list[int]:
    """Return the bookings that what happens in `span` may concern: the parts that it touches."""
    start, end = span
    whole = [*bookings, Booking(start, end, frozenset())]
    return next(
        [b for b in part if b < len(bookings)] for part in together(whole) if len(bookings) in part
    )


def fullest(bookings: Sequence[Booking], sizes: Sizes, span: Span) -> tuple[int, int]:
    """Return (how many bookings, how many vehicles) where in `span` the most are missing.

    Counted are the vehicles that may serve any of them: an upper bound of what is there.
    """
    usable = frozenset[int]().union(*(one.stocks for one in bookings)) if bookings else frozenset()
    instants = {span[0], *(one.start for one in bookings if span[0] <= one.start < span[1])}
    worst: tuple[int, int] | None = None
    for at in sorted(instants):
        wanted = sum(one.start <= at < one.end for one in bookings)
        there = sum(sizes[s] for s in usable)
        if worst is None or wanted - there > worst[0] - worst[1]:
            worst = wanted, there
    assert worst is not None
    return worst
