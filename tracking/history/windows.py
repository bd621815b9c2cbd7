"""Windows of time: what is nearest in time, or a page of history, is found without reading years.

Windows grow while they find nothing, so that a silent year costs a few look-ups, and stay short
enough that one of them is never a year of positions.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

FIRST = timedelta(hours=1)
GROWTH = 4
LONGEST = FIRST * GROWTH**5
"""Six weeks."""

RESOLUTION = timedelta(microseconds=1)
"""The shortest time that the database tells apart."""

Window = tuple[datetime, datetime]


def back_from(at: datetime, earliest: datetime) -> Iterator[Window]:
    """Yield windows [start, end) backwards from `at` to `earliest`, each longer than the last."""
    end, length = at, FIRST
    while end > earliest:
        start = end - length if end - earliest > length else earliest
        yield start, end
        end, length = start, min(length * GROWTH, LONGEST)


def on_from(at: datetime, latest: datetime) -> Iterator[Window]:
    """Yield windows [start, end) forwards from `at` to `latest`, each longer than the last."""
    start, length = at, FIRST
    while start < latest:
        end = start + length if latest - start > length else latest
        yield start, end
        start, length = end, min(length * GROWTH, LONGEST)


def through(start: datetime, end: datetime, history: Window | None) -> Iterator[Window]:
    """Yield windows [start, end) from the first to the last instant, in order.

    history: the days that have partitions; what lies before and after them is a window each
    """
    first, last = history or (end, end)
    edges = [start, *sorted(min(max(edge, start), end) for edge in (first, last)), end]
    for n, (since, until) in enumerate(pairwise(edges)):
        if n == 1:
            yield from on_from(since, until)
        elif since < until:
            yield since, until
