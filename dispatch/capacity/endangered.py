"""Which promises of a pool can't be kept as things stand: after an outage, a sealing, a delay."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity import pools
from dispatch.capacity.choosing import choose
from dispatch.capacity.fitting import fit
from dispatch.capacity.held import Held, held_spans, read_held
from dispatch.capacity.keeping import fullest, together
from dispatch.capacity.model import NOWHERE, Booking

LIMIT_S = 5.0
"""How long is thought about each part of a pool's promises."""


async def endangered(session: AsyncSession, pool_no: int, now: datetime) -> list[tuple[Held, str]]:
    """Return what of a pool's promises can't be kept all together, the earliest first, and why.

    As few as can be are given up, and of those that are worth the same the ones made last.
    """
    spans = await held_spans(session, pool_no, now)
    if not spans:
        return []
    held = await read_held(session, list(spans))
    # One promise given up less is worth more than any order in which they were made.
    asks = [replace(one.ask, weight=2 * len(held) - n) for n, one in enumerate(held)]
    window = (min(a.span[0] for a in asks), max(a.span[1] for a in asks))
    rules = await pools.rules_of(session, pool_no, now)
    fitted = fit(asks, await pools.read_vehicles(session, pool_no, window, now, rules))
    lost = []
    for part in together(fitted.bookings):
        own = [fitted.bookings[b] for b in part]
        placed = choose(own, fitted.sizes, limit_s=LIMIT_S).placed
        for b, s in zip(part, placed, strict=True):
            if s == NOWHERE:
                lost.append((held[b], _sentence(fitted.bookings[b], own, fitted.sizes)))
    return sorted(lost, key=lambda one: (one[0].reservation.period.lower, one[0].reservation.id))


def _sentence(booking: Booking, together: list[Booking], sizes: list[int]) -> str:
    if not booking.stocks:
        return "该时段没有符合条件的在用车辆"
    rivals = [one for one in together if one.stocks & booking.stocks]
    wanted, there = fullest(rivals, sizes, (booking.start, booking.end))
    return f"该时段同类预留 {wanted} 项，可用车辆 {there} 辆"
