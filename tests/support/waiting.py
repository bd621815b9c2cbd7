"""Waiting for what another process does, and for the day to be long enough."""

from datetime import datetime, timedelta

from kit.clock import shanghai_day, utc_now
from loadtests.waiting import eventually

__all__ = ["eventually", "in_one_day"]


def in_one_day(seconds: float) -> datetime:
    """Return the present, when no midnight of Shanghai comes for so long; wait for it otherwise.

    A drive over midnight stands in the figures of two days.
    """
    ahead = timedelta(seconds=seconds)
    eventually(lambda: shanghai_day(utc_now()) == shanghai_day(utc_now() + ahead), seconds + 20)
    return utc_now()
