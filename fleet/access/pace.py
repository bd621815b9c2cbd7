"""How often one person may ask what costs much: history, exports, reports.

A bucket of `per_minute` turns that fills evenly. Each API process counts by itself, so the limit
protects the process, and behind several processes a person has so many times as much.
"""

from kit.errors import TooMany

_MOST_PEOPLE = 10_000


class TooManyQueries(TooMany):
    """Too many expensive queries in a minute; wait before the next."""


class Pace:
    """The turns that each person has left."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._left: dict[int, tuple[float, float]] = {}

    def spend(self, person_no: int, at_s: float) -> None:
        """Take one turn of this person at the instant `at_s` in seconds. Raises TooManyQueries."""
        left, since_s = self._left.pop(person_no, (float(self._per_minute), at_s))
        rate = self._per_minute / 60
        left = min(float(self._per_minute), left + max(0.0, at_s - since_s) * rate)
        # Whoever asked longest ago stands first, and is forgotten first: their bucket is the
        # fullest.
        self._left[person_no] = (max(left - 1, 0.0) if left >= 1 else left, at_s)
        if len(self._left) > _MOST_PEOPLE:
            del self._left[next(iter(self._left))]
        if left < 1:
            raise TooManyQueries(retry_after_s=int((1 - left) / rate) + 1)
