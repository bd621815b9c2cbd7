"""Places bookings one after another by their start: fast, and often enough.

What it finds is a proof that all are kept; what it doesn't find proves nothing.
"""

import heapq
from collections.abc import Sequence

from dispatch.capacity.model import NOWHERE, Booking, Sizes, open_stocks


def place_in_order(bookings: Sequence[Booking], sizes: Sizes) -> list[int]:
    """Return the stock of each booking, by start; NOWHERE where none is free then.

    Of the stocks with a free vehicle the one is taken that the fewest bookings may use: a rarer
    kind of vehicle is of no use to the others.
    """
    may_use = [0] * len(sizes)
    opened = [open_stocks(one, sizes) for one in bookings]
    for choices in opened:
        for s in choices:
            may_use[s] += 1
    busy: list[list[int]] = [[] for _ in sizes]
    placed = [NOWHERE] * len(bookings)
    for b in sorted(range(len(bookings)), key=lambda b: (bookings[b].start, bookings[b].end, b)):
        start, end = bookings[b].start, bookings[b].end
        for s in sorted(opened[b], key=lambda s: (may_use[s], s)):
            while busy[s] and busy[s][0] <= start:
                heapq.heappop(busy[s])
            if len(busy[s]) < sizes[s]:
                heapq.heappush(busy[s], end)
                placed[b] = s
                break
    return placed


def units_of(bookings: Sequence[Booking], members: Sequence[int], size: int) -> dict[int, int]:
    """Return which of a stock's vehicles, 0 to size - 1, serves each booking placed in it.

    Intervals of which no more than `size` overlap are coloured by `size` colours when they are
    taken by start (interval graphs are perfect): whoever placed them has proved that.
    Raises ValueError where more overlap.
    """
    free = list(range(size))
    busy: list[tuple[int, int]] = []
    found: dict[int, int] = {}
    for b in sorted(members, key=lambda b: (bookings[b].start, bookings[b].end, b)):
        while busy and busy[0][0] <= bookings[b].start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if not free:
            raise ValueError("more bookings overlap than there are vehicles")
        found[b] = heapq.heappop(free)
        heapq.heappush(busy, (bookings[b].end, found[b]))
    return found
