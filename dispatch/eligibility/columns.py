"""Many vehicles at once: each fact a column, so that what is equal is looked at once.

Of 5,000 vehicles a few hundred differ in what a rule reads. Objects are made of those that are
looked at, and of no others.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast, overload

import numpy as np
from numpy.typing import NDArray

from dispatch.eligibility.choices import Fix, VehicleChoice

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Made = TypeVar("Made")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
UNSEEN = np.iinfo(np.int64).min
"""The time of a fix that there isn't."""

_NOWHERE = (float("nan"), float("nan"), int(UNSEEN))

FACTS = tuple(f.name for f in fields(VehicleChoice) if f.name not in {"no", "fix"})
_DEFAULTS = {f.name: f.default for f in fields(VehicleChoice) if f.default is not MISSING}
_MOST_GROUPS = 1 << 40
_TABLE_A_CODE = 8


@dataclass(frozen=True, slots=True)
class Coded:
    """A fact of each vehicle: that of vehicle i is `values[codes[i]]`. Shape of codes: (n,)."""

    codes: Ints
    values: Sequence[Any]

    def of(self, made: Callable[[Any], object]) -> Coded:
        """Return what is made of each value instead."""
        return Coded(self.codes, [made(value) for value in self.values])

    def take(self, which: Ints) -> Coded:
        """Return the fact of these vehicles, in this order."""
        return Coded(self.codes[which], self.values)

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.codes.tolist())

    def as_numbers(self) -> Ints:
        """Return a fact that is a number or a truth as such, shape (n,)."""
        numbers: Ints = np.array(self.values, dtype=np.int64)[self.codes]
        return numbers


@dataclass(frozen=True, slots=True)
class Fixes:
    """Where each vehicle was last seen: degrees (NaN: nowhere), microseconds since 1970."""

    lat: Floats
    lon: Floats
    time_us: Ints

    @classmethod
    def of_columns(cls, seen: Sequence[tuple[float, float, int] | None]) -> Fixes:
        """Return fixes of latitude, longitude and microseconds; None where there is none."""
        if not seen:
            return cls.nowhere(0)
        lat, lon, time_us = zip(*(_NOWHERE if one is None else one for one in seen), strict=True)
        return cls(
            np.array(lat, dtype=np.float64),
            np.array(lon, dtype=np.float64),
            np.array(time_us, dtype=np.int64),
        )

    @classmethod
    def nowhere(cls, n: int) -> Fixes:
        """Return that none of n vehicles was seen."""
        unknown = np.full(n, np.nan)
        return cls(unknown, unknown, np.full(n, UNSEEN, dtype=np.int64))

    def __getitem__(self, i: int) -> Fix | None:
        time_us = self.time_us.item(i)
        if time_us == UNSEEN:
            return None
        return Fix((self.lat.item(i), self.lon.item(i)), instant(time_us))


class Choices(Sequence[VehicleChoice]):
    """Vehicles in columns, by number; one of them is made an object when it is asked for."""

    def __init__(self, nos: Ints, facts: Mapping[str, Coded], fixes: Fixes) -> None:
        """facts: by the names of `FACTS`; one that has a default may be left out."""
        self.nos, self.fixes = nos, fixes
        self.facts = {
            name: facts[name] if name in facts else _same(_DEFAULTS[name], len(nos))
            for name in FACTS
        }
        self._made: dict[int, VehicleChoice] = {}
        self._once: dict[object, object] = {}
        # Of most facts all vehicles have the same: nothing has to be looked up for each of them.
        self._common = {n: one.values[0] for n, one in self.facts.items() if len(one.values) == 1}
        self._others = [(n, one) for n, one in self.facts.items() if n not in self._common]

    @classmethod
    def of(cls, vehicles: Sequence[VehicleChoice]) -> Choices:
        """Return these vehicles in columns, by number."""
        if isinstance(vehicles, Choices):
            return vehicles
        ordered = sorted(vehicles, key=lambda v: v.no)
        facts = {name: _column(name, ordered) for name in FACTS}
        nos = np.array([v.no for v in ordered], dtype=np.int64)
        return cls(nos, facts, fixes_of([v.fix for v in ordered]))

    def seen(self, fixes: Fixes) -> Choices:
        """Return the same vehicles, seen there."""
        same = Choices(self.nos, self.facts, fixes)
        same._once = self._once
        return same

    def once(self, make: Callable[[Choices], Made]) -> Made:
        """Return what is made of the vehicles' facts, made once, wherever they are seen."""
        if make not in self._once:
            self._once[make] = make(self)
        return cast(Made, self._once[make])

    def __len__(self) -> int:
        return len(self.nos)

    @overload
    def __getitem__(self, index: int) -> VehicleChoice: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[VehicleChoice]: ...
    def __getitem__(self, index: int | slice) -> VehicleChoice | Sequence[VehicleChoice]:
        if isinstance(index, slice):
            return [self._one(i) for i in range(*index.indices(len(self)))]
        return self._one(range(len(self))[index])

    def __iter__(self) -> Iterator[VehicleChoice]:
        return map(self._one, range(len(self)))

    def groups(self, reads: Iterable[str], among: Ints) -> tuple[Ints, Ints]:
        """Part these vehicles by what is equal in the facts named.

        Returns one vehicle of each group, shape (groups,), and the group of each, shape of `among`.
        """
        codes = np.zeros(len(among), dtype=np.int64)
        differing = [name for name in reads if name not in self._common]
        if not differing:
            return among[:1], codes
        for name in differing:
            more = self._codes(name)[among]
            codes = codes * (int(more.max(initial=0)) + 1) + more
            if codes.max(initial=0) > _MOST_GROUPS:
                codes = _numbered(codes)
        firsts, group = _parted(codes)
        return among[firsts], group

    def bases(self) -> tuple[Floats, Floats]:
        """Return latitude and longitude of each vehicle's base, NaN where it has none."""
        base = self.facts["base"]
        known = [(np.nan, np.nan) if one is None else one for one in base.values]
        points = np.array(known, dtype=np.float64).reshape(-1, 2)[base.codes]
        return points[:, 0], points[:, 1]

    def _one(self, i: int) -> VehicleChoice:
        made = self._made.get(i)
        if made is None:
            facts = {name: one.values[one.codes.item(i)] for name, one in self._others}
            made = VehicleChoice(no=self.nos.item(i), fix=self.fixes[i], **self._common, **facts)
            self._made[i] = made
        return made

    def _codes(self, name: str) -> Ints:
        if name == "seen_at":
            return _numbered(self.fixes.time_us)
        if name == "is_seen":
            return np.asarray(self.fixes.time_us != UNSEEN, dtype=np.int64)
        if name == "has_base":
            base = self.facts["base"]
            return base.of(lambda one: one is not None).as_numbers()
        if name == "closed_unit_no":
            closed = self.facts["closed_to_others"].as_numbers()
            return closed * (self.facts["unit_no"].codes + 1)
        if name == "licence_needed":
            return self.once(_licences_needed)
        if name in {"no", "fix"}:
            return np.arange(len(self), dtype=np.int64)
        return self.facts[name].codes


def _licences_needed(choices: Choices) -> Ints:
    """Return a number for what each vehicle's licence must allow."""
    firsts, kind = choices.groups(("body", "seats"), np.arange(len(choices), dtype=np.int64))
    needed = [choices[first].licence_needed.value for first in firsts.tolist()]
    return np.array(needed, dtype=np.int64)[kind]


def coded(told: Sequence[Hashable]) -> Coded:
    """Return a fact of each vehicle in turn."""
    values = tuple(dict.fromkeys(told))
    code_of = {value: code for code, value in enumerate(values)}
    codes = np.fromiter(map(code_of.__getitem__, told), dtype=np.int64, count=len(told))
    return Coded(codes, values)


def coded_numbers(numbers: Ints) -> Coded:
    """Return a fact of each vehicle that is a number."""
    values, codes = np.unique(numbers, return_inverse=True)
    return Coded(codes, values.tolist())


def coded_instants(time_us: Ints) -> Coded:
    """Return an instant of each vehicle; in microseconds since 1970, UNSEEN where there is none."""
    return coded_numbers(time_us).of(lambda one: None if one == UNSEEN else instant(one))


def coded_by_no(nos: Ints, name: str, told: Mapping[int, Hashable]) -> Coded:
    """Return a fact of `VehicleChoice` that few have; the others have its default, or None.

    nos: ascending
    """
    column = _same(_DEFAULTS.get(name), len(nos))
    if not told:
        return column
    few = np.array(sorted(told), dtype=np.int64)
    few = few[np.isin(few, nos)]
    said = coded([told[no] for no in few.tolist()])
    column.codes[np.searchsorted(nos, few)] = said.codes + 1
    return Coded(column.codes, (*column.values, *said.values))


def fixes_of(fixes: Sequence[Fix | None]) -> Fixes:
    """Return these fixes in columns."""
    return Fixes.of_columns(
        [None if one is None else (*one.point, microseconds(one.time)) for one in fixes]
    )


def microseconds(instant: datetime) -> int:
    """Return an instant in whole microseconds since 1970."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(time_us: int) -> datetime:
    """Return the instant so many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=time_us)


def _numbered(values: NDArray[np.generic]) -> Ints:
    """Return small numbers, equal where the values are."""
    numbers: Ints = np.unique(values, return_inverse=True)[1]
    return numbers


def _parted(codes: Ints) -> tuple[Ints, Ints]:
    """Return what `np.unique` does, the first place of each code and the number of each, unsorted.

    Codes are small numbers mostly, of which a table is faster than sorting.
    """
    if codes.max(initial=0) > _TABLE_A_CODE * len(codes):
        codes = _numbered(codes)
    first = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # of a repeated place the last counts
    is_there = first >= 0
    number = np.cumsum(is_there) - 1
    return first[is_there], number[codes]


def _same(value: object, n: int) -> Coded:
    return Coded(np.zeros(n, dtype=np.int64), (value,))


def _column(name: str, vehicles: Sequence[VehicleChoice]) -> Coded:
    told = [getattr(vehicle, name) for vehicle in vehicles]
    if name != "drivers":
        return coded(told)
    # The drivers of a unit are one sequence for all its vehicles, and needn't be hashable.
    codes = coded([id(one) for one in told])
    by_id = {id(one): one for one in told}
    return Coded(codes.codes, [by_id[key] for key in codes.values])
