"""Which days need a partition, and which are due to be settled. Days are Shanghai days."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kit.clock import day_period, shanghai_day

_NAME = re.compile(r"position_(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class SettlingRules:
    """When partitions are made and settled.

    ahead_days, behind_days: for how many days after and before today partitions are kept ready;
        older ones are made when a row of theirs comes
    grace: after its end a day waits so long for rows that were under way
    late_patience: so long a settled day gathers late rows before it is settled anew
    """

    ahead_days: int = 3
    behind_days: int = 7
    grace: timedelta = timedelta(hours=2)
    late_patience: timedelta = timedelta(hours=1)

    def __post_init__(self) -> None:
        if self.ahead_days < 1 or self.behind_days < 0:
            raise ValueError("partitions stand before their day begins")
        if min(self.grace, self.late_patience) < timedelta(0):
            raise ValueError("nobody can wait for less than no time")


DEFAULT_RULES = SettlingRules()


@dataclass(frozen=True, slots=True)
class Settled:
    """A day that was settled; late_since: since when rows have come in addition, None without."""

    day: date
    late_since: datetime | None


def partition_of(day: date) -> str:
    """Return the name of a day's partition."""
    return f"position_{day:%Y%m%d}"


def day_of(partition: str) -> date | None:
    """Return the day of a partition, None for the one of doubtful positions."""
    match = _NAME.fullmatch(partition)
    return date(*map(int, match.groups())) if match else None


def days_to_make(
    standing: Collection[date], now: datetime, rules: SettlingRules = DEFAULT_RULES
) -> list[date]:
    """Return the days around `now` that have no partition yet, in order."""
    today = shanghai_day(now)
    wanted = (today + timedelta(days=n) for n in range(-rules.behind_days, rules.ahead_days + 1))
    return [day for day in wanted if day not in standing]


def days_to_settle(
    standing: Iterable[date],
    settled: Iterable[Settled],
    now: datetime,
    rules: SettlingRules = DEFAULT_RULES,
) -> list[date]:
    """Return the days that are over and not settled, or late for long enough; newest first."""
    known = {one.day: one.late_since for one in settled}
    due = []
    for day in standing:
        if now < day_period(day)[1] + rules.grace:
            continue
        late_since = known.get(day)
        is_late = late_since is not None and late_since + rules.late_patience <= now
        if day not in known or is_late:
            due.append(day)
    return sorted(due, reverse=True)
