"""Bookings, and how many like vehicles there are to serve them.

Time is whole seconds since 1970, periods are half-open. A period of a booking is what it takes of a
vehicle: with the way to the passengers, the way back and the turnaround.

A stock is a set of vehicles that may serve the same bookings: by what they are, and because nothing
else takes them meanwhile. A vehicle with orders in the way of some bookings stands in another stock
than one without. Stocks are told by their sizes, and known by their places in that list.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]
Sizes = Sequence[int]


@dataclass(frozen=True, slots=True)
class Booking:
    """A ride that takes one vehicle in [start, end).

    stocks: those that may serve it
    weight: what it is worth to keep it, where not all can be
    """

    start: int
    end: int
    stocks: frozenset[int]
    weight: int = 1

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a booking must not be empty")
        if self.weight < 1:
            raise ValueError("a booking must be worth something")


NOWHERE = -1
"""The stock of a booking that is not kept."""


def open_stocks(booking: Booking, sizes: Sizes) -> list[int]:
    """Return the stocks with any vehicle that may serve a booking, in order."""
    return [s for s in sorted(booking.stocks) if sizes[s] > 0]
