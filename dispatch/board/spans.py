"""Which trips belong to the orders of a vehicle, by time alone: pure rules.

Driven time is shown beneath planned time, and nowhere else: when a vehicle moved apart from orders
is read in a sitting, as every track is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end); end: None: it goes on."""

    start: datetime
    end: datetime | None

    def meets(self, other: "Span") -> bool:
        """Return whether both have an instant in common."""
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )

    def within(self, other: "Span") -> "Span":
        """Return the part of it that lies in another span that it meets."""
        ends = [end for end in (self.end, other.end) if end is not None]
        return Span(max(self.start, other.start), min(ends, default=None))


def ordered_span(planned: Span, departed_at: datetime | None, returned_at: datetime | None) -> Span:
    """Return the time that an order explains: as planned until it departs, then as driven."""
    if departed_at is None:
        return planned
    return Span(departed_at, returned_at)


def driven_on(orders: Sequence[Span], trips: Iterable[Span]) -> list[Span]:
    """Return the parts of trips that lie in a time that an order explains, in order."""
    parts = {trip.within(order) for trip in trips for order in orders if trip.meets(order)}
    return sorted(parts, key=lambda part: part.start)
