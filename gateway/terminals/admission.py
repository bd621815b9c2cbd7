"""What one address may ask of the door: so many links, so many new ones a second, so many refusals.

After an outage every terminal knocks at once, and so does whoever means harm: one address alone
gets at most half of a second's admissions.
"""

from collections import Counter

from kit.settings import Settings


class Admission:
    """The links that stand, by address, and the ones admitted in the present second."""

    def __init__(self, settings: Settings) -> None:
        self._a_second = settings.readmission_links_per_s
        self._an_address = settings.links_per_address
        self._standing: Counter[str] = Counter()
        self._second = 0
        self._admitted: Counter[str] = Counter()

    def admit(self, address: str, now_s: float) -> bool:
        """Return whether a new link of this address may stay, and count it if so."""
        if int(now_s) != self._second:
            self._second = int(now_s)
            self._admitted.clear()
        if (
            self._standing[address] >= self._an_address
            or self._admitted.total() >= self._a_second
            or self._admitted[address] >= -(-self._a_second // 2)
        ):
            return False
        self._standing[address] += 1
        self._admitted[address] += 1
        return True

    def left(self, address: str) -> None:
        """Note that a link of this address has ended."""
        self._standing[address] -= 1
        if not self._standing[address]:
            del self._standing[address]


class RefusalsKept:
    """How many refused frames of each address are kept within a minute; the rest is only counted.

    A link that is closed for its defects comes again: what it may cost is counted by its address.
    """

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._minute = 0
        self._seen: Counter[str] = Counter()

    def keep(self, address: str, now_s: float) -> bool:
        """Return whether one more of this address is kept."""
        minute = int(now_s // 60)
        if minute != self._minute:
            self._minute = minute
            self._seen.clear()
        self._seen[address] += 1
        return self._seen[address] <= self._a_minute
