"""All vehicles judged by all rules, what is equal once.

The answer is that of `rules.objection` for each vehicle, which a test holds it to.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dispatch.eligibility.columns import Choices, Ints
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rules import FRESHER_PASSES, READS, RULES, LeftOut
from dispatch.eligibility.rules.driver import driver, sentence
from dispatch.eligibility.rules.rule import Rule
from dispatch.eligibility.staff import NOBODY, Staff
from kit.sequences import MadeWhenAsked

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


@dataclass(frozen=True, slots=True, eq=False)
class LeftOuts(MadeWhenAsked[LeftOut]):
    """Vehicles left out, in the order in which they are shown; objects are made when asked for.

    vehicle_nos, of: shape (n,); told: pairs of rule and sentence, `told[of[i]]`
    """

    vehicle_nos: Ints
    of: Ints
    told: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.vehicle_nos)

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
        doubted = _doubted(rule, choices, left, need, at)
        firsts, group = choices.groups(READS.get(rule, ("no",)), doubted)
        said = np.full(len(firsts), NO_RULE, dtype=np.int64)
        for n, words in enumerate(_told(rule, choices, firsts, need, at)):
            if words is not None:
                said[n] = numbers.setdefault((rule.__name__, words), len(numbers))
        if (said != NO_RULE).any():
            of[doubted] = said[group]
            left = left[of[left] == NO_RULE]
    return Judged(of, tuple(numbers))


def _doubted(rule: Rule, choices: Choices, left: Ints, need: Need, at: At) -> Ints:
    """Return those of the vehicles left to which the rule may object; columns say so of some."""
    if rule is driver:
        undriven: Ints = left[choices.once(Staff).best(left, need) == NOBODY]
        return undriven
    if rule not in FRESHER_PASSES:
        return left
    seen_us = choices.fixes.time_us[left]
    instants = np.sort(seen_us)  # never stands before all others

    def passes_from(place: int) -> bool:
        first = left[np.argmax(seen_us == instants[place])]
        return rule(choices[int(first)], need, at) is None

    first = bisect_left(range(len(left)), x=True, key=passes_from)
    if first < len(left):
        left = left[seen_us < instants[first]]
    return left


def _told(rule: Rule, choices: Choices, vehicles: Ints, need: Need, at: At) -> Iterable[str | None]:
    """Return what a rule says of each of these vehicles."""
    if rule is driver:
        return map(sentence, choices.once(Staff).struck(vehicles, need))
    return (rule(choices[vehicle], need, at) for vehicle in vehicles.tolist())
