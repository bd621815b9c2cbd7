"""Which vehicles may serve which needs, in arrays, by the same rules as one by one.

No rule is written a second time. Each is asked once for vehicles that are alike to it (`READS` of
the rules) and for needs that are alike to it: needs are, when the rule never looks at the need, or
only at what stands in `NEED_READS`. Rules that look at more (`asked_later`) are asked about the
pairs that were matched: what the screen lets through too much costs another round, never a rule.

Answers that rest neither on the instant nor on positions are kept for the next batch (`Answers`).
"""

import dis
from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from operator import attrgetter

import numpy as np

from dispatch.eligibility.columns import Choices
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rules import READS, RULES
from dispatch.eligibility.rules.allowance import allowance
from dispatch.eligibility.rules.category import (
    category,
    courier_only,
    enforcement_only,
    technical_only,
)
from dispatch.eligibility.rules.driver import driver
from dispatch.eligibility.rules.orders import back
from dispatch.eligibility.rules.position import placed, terminal_fresh
from dispatch.eligibility.rules.rule import Rule
from dispatch.eligibility.rules.seats import seats
from dispatch.eligibility.rules.units import cross_unit_open
from dispatch.matching.problem import Bools, Ints

IMMEDIATE = "is_immediate"

NEED_READS: Mapping[Rule, str] = {
    allowance: "no_allowance",
    category: "category",
    courier_only: "category",
    enforcement_only: "category",
    technical_only: "category",
    seats: "passengers",
    back: IMMEDIATE,
    terminal_fresh: IMMEDIATE,
    placed: IMMEDIATE,
}
"""All that a rule looks at in a need; a test sees whether needs alike in it are judged alike."""

OWN_OR_NOT: frozenset[Rule] = frozenset({cross_unit_open})
"""Rules that ask of the need only whether the vehicle is of its unit."""

FRESHER_PASSES: frozenset[Rule] = frozenset({terminal_fresh})
"""Rules on `seen_at` that never let a vehicle pass and leave out one seen later, all else equal.

Of thousands of instants they are asked about the few between which the answer changes.
"""

_NO_UNIT = -1
_OF_POSITIONS = frozenset({"seen_at", "is_seen", "fix", "no"})
_MOST_KEPT = 256

Answers = dict[tuple[Rule, bool, Hashable], Bools]


def reads(function: Callable[..., object], place: int) -> bool:
    """Whether a function looks at its argument at a place: whether its code ever loads it."""
    code = function.__code__
    name = code.co_varnames[place]
    return any(
        name in (step.argval if isinstance(step.argval, tuple) else (step.argval,))
        for step in dis.get_instructions(code)
        if step.opname.startswith("LOAD_")
    )


def reads_need(rule: Rule) -> bool:
    """Whether a rule looks at the need at all."""
    return reads(rule, 1)


def asked_later(rules: Sequence[Rule] = RULES) -> list[Rule]:
    """Return the rules that are asked about matched pairs; the one on drivers crews answer."""
    screened, _ = _screened(tuple(rules))
    return [rule for rule in rules if rule not in screened and rule is not driver]


class Screen:
    """The vehicles that may serve, by need: a column of booleans, one for each vehicle."""

    def __init__(
        self,
        choices: Choices,
        at: At,
        kept: Answers | None = None,
        rules: Sequence[Rule] = RULES,
    ) -> None:
        """kept: answers of earlier screens of the same vehicles; new ones are added to it."""
        self._choices, self._at = choices, at
        self._soon = at.now + timedelta(seconds=at.limits.immediate_s)
        self._rules, self._lasting = _screened(tuple(rules))
        self._read = attrgetter("no_allowance", "category", "passengers", "start")
        self._all = np.arange(len(choices), dtype=np.int64)
        self._kept: Answers = {} if kept is None else kept
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        self._answers: Answers = {}
        self._fits: dict[tuple[Hashable, ...], Bools] = {}

    def key(self, need: Need) -> tuple[Hashable, ...]:
        """Needs of the same key may be served by the same vehicles, as far as is screened."""
        no_allowance, category, passengers, start = self._read(need)
        return no_allowance, category, passengers, start <= self._soon

    def fits(self, need: Need, *, as_own: bool) -> Bools:
        """Return which vehicles may serve the need, were they all of its unit, or none of them."""
        key = as_own, *self.key(need)
        if key not in self._fits:
            fits = np.ones(len(self._choices), dtype=np.bool_)
            for rule in self._rules:
                fits &= self._answer(rule, need, as_own=as_own)
            self._fits[key] = fits
        return self._fits[key]

    def _answer(self, rule: Rule, need: Need, *, as_own: bool) -> Bools:
        name = NEED_READS.get(rule)
        read: Hashable = None
        if name is not None:
            read = need.start <= self._soon if name == IMMEDIATE else getattr(need, name)
        asked = rule, as_own and rule in OWN_OR_NOT, read
        answers = self._kept if rule in self._lasting else self._answers
        if asked not in answers:
            answers[asked] = self._asked(rule, need, as_own=as_own)
        return answers[asked]

    def _asked(self, rule: Rule, need: Need, *, as_own: bool) -> Bools:
        firsts, group = self._choices.groups(READS.get(rule, ("no",)), self._all)

        def passes(first: int) -> bool:
            vehicle, asking = self._choices[first], need
            if rule in OWN_OR_NOT:
                asking = replace(need, unit_no=vehicle.unit_no if as_own else _NO_UNIT)
            return rule(vehicle, asking, self._at) is None

        if rule in FRESHER_PASSES:
            # Groups stand by the instant, those never seen first.
            return group >= bisect_left(firsts.tolist(), x=True, key=passes)
        return np.array([passes(first) for first in firsts.tolist()], dtype=np.bool_)[group]


class Later:
    """The rules that are asked about matched pairs: each of one vehicle of those alike to it."""

    def __init__(self, choices: Choices, rules: Sequence[Rule] = RULES) -> None:
        everybody = np.arange(len(choices), dtype=np.int64)
        # A group's number leads to one of its vehicles, which answers for all of them.
        self._rules = [
            (rule, *choices.groups(READS[rule], everybody))
            if rule in READS and not _OF_POSITIONS.intersection(READS[rule])
            else (rule, everybody, everybody)
            for rule in asked_later(rules)
        ]

    def refuses(self, choices: Choices, columns: Ints, needs: Sequence[Need], at: At) -> Bools:
        """Return for each pair of vehicle and need whether any of the rules objects.

        choices: the vehicles of which this was made, wherever they are seen now
        """
        refused = np.zeros(len(columns), dtype=np.bool_)
        for rule, firsts, group in self._rules:
            kinds, kind = np.unique(group[columns], return_inverse=True)
            vehicles = [choices[first] for first in firsts[kinds].tolist()]
            asked = zip(kind.tolist(), needs, strict=True)
            refused |= np.array(
                [rule(vehicles[number], need, at) is not None for number, need in asked],
                dtype=np.bool_,
            )
        return refused


@lru_cache(maxsize=8)
def _screened(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], frozenset[Rule]]:
    """Return the rules of a screen, and those of which answers last: facts alone decide them."""
    screened = tuple(
        rule for rule in rules if rule in NEED_READS or rule in OWN_OR_NOT or not reads_need(rule)
    )
    return screened, frozenset(
        rule
        for rule in screened
        if not reads(rule, 2) and not _OF_POSITIONS.intersection(READS.get(rule, ("no",)))
    )
