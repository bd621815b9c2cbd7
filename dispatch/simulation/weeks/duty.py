"""How long drivers are on orders, each counted to the day and week in which it begins."""

import numpy as np

from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.simulation.weeks.model import DAY_S, WEEK_S, House


class Duty:
    """Seconds on orders of each driver; whole_s: (V,) over all days."""

    def __init__(self, drivers: int) -> None:
        """Nobody has driven yet."""
        self.whole_s = np.zeros(drivers)
        self._day_s: dict[int, Floats] = {}
        self._week_s: dict[int, Floats] = {}

    def of(self, drivers: Ints, at_s: float) -> tuple[Floats, Floats]:
        """Seconds on orders on the day and in the week of an instant."""
        day, week = int(at_s // DAY_S), int(at_s // WEEK_S)
        nothing = np.zeros(len(self.whole_s))
        return self._day_s.get(day, nothing)[drivers], self._week_s.get(week, nothing)[drivers]

    def seconds(self, driver: int, at_s: float) -> tuple[float, float]:
        """Return one driver's seconds on orders on the day and in the week of an instant."""
        day, week = self._day_s.get(int(at_s // DAY_S)), self._week_s.get(int(at_s // WEEK_S))
        return (
            0.0 if day is None else float(day[driver]),
            0.0 if week is None else float(week[driver]),
        )

    def may_work(self, drivers: Ints, at_s: float, for_s: Floats | float, house: House) -> Bools:
        """(V,) who may be on orders for so much longer; a fresh one always may."""
        day_s, week_s = self.of(drivers, at_s)
        may: Bools = ((day_s == 0) | (day_s + for_s <= house.day_s)) & (
            (week_s == 0) | (week_s + for_s <= house.week_s)
        )
        return may

    def count(self, driver: int, since_s: float, for_s: float) -> None:
        """Count an order to the day and week in which it begins, as orders are."""
        none = np.zeros(len(self.whole_s))
        self.whole_s[driver] += for_s
        self._day_s.setdefault(int(since_s // DAY_S), none.copy())[driver] += for_s
        self._week_s.setdefault(int(since_s // WEEK_S), none.copy())[driver] += for_s
