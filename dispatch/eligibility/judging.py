"""All vehicles judged by all rules, what is equal once.

The answer is that of `rules.objection` for each vehicle, which a test holds it to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from dispatch.eligibility.columns import Choices, Ints
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rules import READS, RULES, LeftOut

NO_RULE = -1


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules said of each vehicle, shape (n,): `told[of[i]]`, or nothing for NO_RULE.

    told: pairs of a rule's name and its sentence
    """

    of: Ints
    told: tuple[tuple[str, str], ...]

    @property
    def eligible(self) -> Ints:
        """The vehicles to which no rule objects."""
        return np.flatnonzero(self.of == NO_RULE)

    def also(self, vehicles: Ints, rule: str, sentence: str) -> Judged:
        """Return what is told when these vehicles are left out too."""
        of = self.of.copy()
        of[vehicles] = len(self.told)
        return Judged(of, (*self.told, (rule, sentence)))


@dataclass(frozen=True, slots=True)
class LeftOuts(Sequence[LeftOut]):
    """Vehicles left out, in the order in which they are shown; objects are made when asked for.

    vehicle_nos, of: shape (n,); told: pairs of rule and sentence, `told[of[i]]`
    """

    vehicle_nos: Ints
    of: Ints
    told: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.vehicle_nos)

    @overload
    def __getitem__(self, index: int) -> LeftOut: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[LeftOut]: ...
    def __getitem__(self, index: int | slice) -> LeftOut | Sequence[LeftOut]:
        if isinstance(index, slice):
            return [self._one(i) for i in range(*index.indices(len(self)))]
        return self._one(range(len(self))[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # equal to a list, which has none either

    def by_rule(self) -> dict[str, int]:
        """Return how many vehicles each rule left out, the most first."""
        counts: Counter[str] = Counter()
        for code, n in zip(*np.unique(self.of, return_counts=True), strict=True):
            counts[self.told[code][0]] += int(n)
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    def _one(self, i: int) -> LeftOut:
        return LeftOut(int(self.vehicle_nos[i]), *self.told[self.of[i]])


def judge(choices: Choices, need: Need, at: At) -> Judged:
    """Return for each vehicle the first rule that leaves it out."""
    of = np.full(len(choices), NO_RULE, dtype=np.int64)
    numbers: dict[tuple[str, str], int] = {}
    left = np.arange(len(choices), dtype=np.int64)
    for rule in RULES:
        firsts, group = choices.groups(READS.get(rule, ("no",)), left)
        said = np.full(len(firsts), NO_RULE, dtype=np.int64)
        for n, first in enumerate(firsts.tolist()):
            sentence = rule(choices[first], need, at)
            if sentence is not None:
                said[n] = numbers.setdefault((rule.__name__, sentence), len(numbers))
        of[left] = said[group]
        left = left[of[left] == NO_RULE]
    return Judged(of, tuple(numbers))
