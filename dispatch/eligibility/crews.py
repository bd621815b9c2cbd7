"""Drivers in columns, and the crew of a unit as a part of them.

Of thousands of drivers a few are looked at: objects are made of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import pairwise
from typing import Any, get_type_hints

import numpy as np

from dispatch.eligibility.choices import DriverChoice
from dispatch.eligibility.columns import UNSEEN, Coded, Ints, coded, instant, microseconds
from kit.sequences import MadeWhenAsked

_HINTS = get_type_hints(DriverChoice)
NUMBERS = tuple(one.name for one in fields(DriverChoice) if _HINTS[one.name] is int)
INSTANTS = tuple(one.name for one in fields(DriverChoice) if _HINTS[one.name] == datetime | None)
CODED = tuple(one.name for one in fields(DriverChoice) if one.name not in {*NUMBERS, *INSTANTS})


@dataclass(frozen=True, slots=True)
class Drivers:
    """Each fact of `DriverChoice` by its name, of all drivers. Shape of a column: (n,).

    instants: microseconds since 1970, UNSEEN where there is none
    """

    numbers: Mapping[str, Ints]
    instants: Mapping[str, Ints]
    coded: Mapping[str, Coded]

    @classmethod
    def of(cls, drivers: Sequence[DriverChoice]) -> Drivers:
        """Return these drivers in columns."""

        def told(name: str) -> list[Any]:
            return [getattr(driver, name) for driver in drivers]

        return cls(
            {name: np.array(told(name), dtype=np.int64) for name in NUMBERS},
            {name: np.array(list(map(_us, told(name))), dtype=np.int64) for name in INSTANTS},
            {name: coded(told(name)) for name in CODED},
        )

    def take(self, which: Ints) -> Drivers:
        """Return these of the drivers, in this order."""
        return Drivers(
            {name: column[which] for name, column in self.numbers.items()},
            {name: column[which] for name, column in self.instants.items()},
            {name: one.take(which) for name, one in self.coded.items()},
        )

    def crews(self, counts: Sequence[int]) -> list[Crew]:
        """Return crews of so many drivers each, one after another."""
        ends = np.cumsum(counts).tolist()
        return [Crew(self, end - n, end) for n, end in zip(counts, ends, strict=True)]

    def __len__(self) -> int:
        return len(self.numbers["no"])

    def __getitem__(self, i: int) -> DriverChoice:
        told: dict[str, Any] = {name: column.item(i) for name, column in self.numbers.items()}
        for name, column in self.instants.items():
            told[name] = _instant(column.item(i))
        for name, one in self.coded.items():
            told[name] = one.values[one.codes.item(i)]
        return DriverChoice(**told)


class Crew(MadeWhenAsked[DriverChoice]):
    """The drivers of a unit: some that stand side by side in columns."""

    __slots__ = ("_made", "begin", "drivers", "end")

    def __init__(self, drivers: Drivers, begin: int, end: int) -> None:
        """begin, end: of the drivers that are the crew, [begin, end)."""
        self.drivers, self.begin, self.end = drivers, begin, end
        self._made: dict[int, DriverChoice] = {}

    def __len__(self) -> int:
        return self.end - self.begin

    def by_duty(self) -> Iterator[DriverChoice]:
        """Return them by the duty of that day, then by number."""
        duty_s, nos = (self.drivers.numbers[name] for name in ("duty_s", "no"))
        part = slice(self.begin, self.end)
        return map(self._one, np.lexsort((nos[part], duty_s[part])).tolist())

    @property
    def duty_s(self) -> int:
        """The duty of all of them together on that day."""
        return int(self.drivers.numbers["duty_s"][self.begin : self.end].sum())

    def _one(self, i: int) -> DriverChoice:
        made = self._made.get(i)
        if made is None:
            made = self._made[i] = self.drivers[self.begin + i]
        return made


def by_duty(drivers: Sequence[DriverChoice]) -> Iterable[DriverChoice]:
    """Return drivers in the order in which they are asked: least duty of the day, then number."""
    if isinstance(drivers, Crew):
        return drivers.by_duty()
    return sorted(drivers, key=lambda driver: (driver.duty_s, driver.no))


def mean_duty_s(drivers: Sequence[DriverChoice]) -> int:
    """Return how much duty drivers have that day on the mean, in seconds; 0 without drivers."""
    if isinstance(drivers, Crew):
        return drivers.duty_s // max(1, len(drivers))
    return sum(driver.duty_s for driver in drivers) // max(1, len(drivers))


def joined(crews: Sequence[Sequence[DriverChoice]]) -> Drivers:
    """Return the drivers of crews, one crew after another, in columns."""
    parts = [crew for crew in crews if crew]
    wholes = {id(crew.drivers): crew.drivers for crew in parts if isinstance(crew, Crew)}
    if len(wholes) != 1 or not all(isinstance(crew, Crew) for crew in parts):
        return Drivers.of([driver for crew in parts for driver in crew])
    (whole,) = wholes.values()
    spans = [(crew.begin, crew.end) for crew in parts if isinstance(crew, Crew)]
    if spans[0][0] == 0 and spans[-1][1] == len(whole) and _is_unbroken(spans):
        return whole
    return whole.take(np.concatenate([np.arange(begin, end) for begin, end in spans]))


def _is_unbroken(spans: Sequence[tuple[int, int]]) -> bool:
    return all(end == begin for (_, end), (begin, _) in pairwise(spans))


def _us(told: datetime | None) -> int:
    return int(UNSEEN) if told is None else microseconds(told)


def _instant(time_us: int) -> datetime | None:
    return None if time_us == UNSEEN else instant(time_us)
