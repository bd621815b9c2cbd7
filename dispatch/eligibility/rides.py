"""Rides in columns: what the rules on drivers read of them, for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from dispatch.eligibility.columns import Ints, coded, instant, microseconds
from dispatch.eligibility.driver_rules import LIMITS
from dispatch.eligibility.duty_hours import counted_s, week_of
from dispatch.eligibility.need import Need
from kit.clock import day_period, days_between

_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Rides:
    """When rides end, and how much of each counts in the day and week of its beginning.

    end_us: microseconds since 1970; day_s, week_s: seconds, as `duty_hours` counts them for one.
    Shape of all: (R,)
    """

    end_us: Ints
    day_s: Ints
    week_s: Ints

    @classmethod
    def of(cls, needs: Sequence[Need]) -> Rides:
        """Return the rides of these needs, at least one."""
        start_us, end_us = (
            coded(instants).of(microseconds).as_numbers()
            for instants in ([need.start for need in needs], [need.end for need in needs])
        )
        days = days_between(instant(int(start_us.min())), instant(int(start_us.max())))
        day_ends = [day_period(day)[1] for day in days]
        week_ends = sorted({week_of(day_period(day)[0])[1] for day in days})
        return cls(
            end_us,
            counted_s(_until(start_us, end_us, day_ends), LIMITS.planned_day_s),
            counted_s(_until(start_us, end_us, week_ends), LIMITS.planned_day_s),
        )

    def take(self, which: Ints) -> Rides:
        """Return these of the rides, in this order."""
        return Rides(self.end_us[which], self.day_s[which], self.week_s[which])


def _until(start_us: Ints, end_us: Ints, span_ends: Sequence[datetime]) -> Ints:
    """Return the whole seconds of each ride until the end of the span in which it begins."""
    ends_us = np.array([microseconds(end) for end in span_ends], dtype=np.int64)
    of_span_us = ends_us[np.searchsorted(ends_us, start_us, side="right")]
    seconds: Ints = (np.minimum(end_us, of_span_us) - start_us).clip(min=0) // _SECOND_US
    return seconds
