"""What is asked for when many orders are made at once, and what it is parted into."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range

from dispatch.requests.states import booked_period
from dispatch.tables import Request, RequestStep


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """A request that is to get this vehicle and this driver, by their numbers.

    request: locked; or new, and then written with its steps so far, once nothing speaks against it
    """

    request: Request
    vehicle_no: int
    driver_no: int
    steps: Sequence[RequestStep] = ()

    def period(self, now: datetime) -> Range[datetime]:
        """Return the period to book."""
        return booked_period(self.request.period, now)


Uses = Callable[[Wish], Sequence[Hashable]]
"""What a wish uses that no other of its wave may."""


def next_wave(left: Sequence[Wish], uses: Uses) -> tuple[list[Wish], list[Wish]]:
    """Return the wishes that may be judged beside one another, and those that follow them.

    Whoever uses again what an earlier one uses is judged when that one is written.
    """
    wave: list[Wish] = []
    later: list[Wish] = []
    used: set[Hashable] = set()
    for wish in left:
        wanted = uses(wish)
        (later if used.intersection(wanted) else wave).append(wish)
        # What waits holds its turn: nobody who comes after it overtakes it.
        used.update(wanted)
    return wave, later
