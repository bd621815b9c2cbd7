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
from dispatch.eligibility.rules import FRESHER_PASSES, READS, RULES
from dispatch.eligibility.rules.allowance import allowance
from dispatch.eligibility.rules.battery import in_range
from dispatch.eligibility.rules.category import (
    category,
    courier_only,
    enforcement_only,
    technical_only,
)
from dispatch.eligibility.rules.documents import inspected, insured
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

MORE_NEVER_PASSES: Mapping[Rule, str] = {
    insured: "end",
    inspected: "end",
    in_range: "ride_m",
}
"""Rules that look at one quantity of a need, and leave out whoever they leave out with less of it.

A quantity that is None passes. So vehicles that pass with the most of a batch pass with all of it.
"""

_NO_UNIT = -1
_OF_POSITIONS = frozenset({"seen_at", "is_seen", "fix", "no"})
_MOST_KEPT = 512

Key = tuple[Hashable, ...]
"""All that screened rules look at in a need, except whose it is."""

Answers = dict[tuple[Rule | tuple[Rule, ...], bool, Hashable], Bools]
"""Which vehicles pass, by the rule, or rules together, that were asked, and by what they read."""


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
        self._read = attrgetter("no_allowance", "category", "passengers", "start")
        self._soon = at.now + timedelta(seconds=at.limits.immediate_s)
        screened, lasting = _screened(tuple(rules))
        self._lasting = tuple(rule for rule in screened if rule in lasting)
        self._of_now = tuple(rule for rule in screened if rule not in lasting)
        self._all = np.arange(len(choices), dtype=np.int64)
        self._kept: Answers = {} if kept is None else kept
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        self._answers: Answers = {}

    def keys(self, needs: Sequence[Need]) -> list[Key]:
        """Needs of the same key may be served by the same vehicles, as far as is screened."""
        soon, read = self._soon, map(self._read, needs)
        return [(listed, kind, people, start <= soon) for listed, kind, people, start in read]

    def fits(self, need: Need, *, as_own: bool) -> Bools:
        """Return which vehicles may serve the need, were they all of its unit, or none of them."""
        lasting = self._together(self._lasting, self._kept, need, as_own=as_own)
        of_now = self._together(self._of_now, self._answers, need, as_own=as_own)
        fits: Bools = lasting & of_now
        return fits

    def _together(
        self, rules: tuple[Rule, ...], answers: Answers, need: Need, *, as_own: bool
    ) -> Bools:
        """Return which vehicles pass all of these rules; needs alike in what they read are one."""
        asked = rules, as_own, tuple([self._told(name, need) for name in _names(rules)])
        if asked not in answers:
            fits = np.ones(len(self._choices), dtype=np.bool_)
            for rule in rules:
                fits &= self._answer(rule, answers, need, as_own=as_own)
            answers[asked] = fits
        return answers[asked]

    def _answer(self, rule: Rule, answers: Answers, need: Need, *, as_own: bool) -> Bools:
        name = NEED_READS.get(rule)
        told = None if name is None else self._told(name, need)
        asked = rule, as_own and rule in OWN_OR_NOT, told
        if asked not in answers:
            answers[asked] = self._asked(rule, need, as_own=as_own)
        return answers[asked]

    def _told(self, name: str, need: Need) -> Hashable:
        if name == IMMEDIATE:
            return need.start <= self._soon
        told: Hashable = getattr(need, name)
        return told

    def _asked(self, rule: Rule, need: Need, *, as_own: bool) -> Bools:
        def passes(first: int) -> bool:
            vehicle, asking = self._choices[first], need
            if rule in OWN_OR_NOT:
                asking = replace(need, unit_no=vehicle.unit_no if as_own else _NO_UNIT)
            return rule(vehicle, asking, self._at) is None

        if rule in FRESHER_PASSES:
            return self._fresher(passes)
        firsts, group = self._choices.groups(READS.get(rule, ("no",)), self._all)
        return np.array([passes(first) for first in firsts.tolist()], dtype=np.bool_)[group]

    def _fresher(self, passes: Callable[[int], bool]) -> Bools:
        """Which vehicles pass where none does that was seen before one that doesn't."""
        seen_us = self._choices.fixes.time_us
        instants = np.sort(seen_us)  # never stands before all others

        def passes_from(place: int) -> bool:
            return passes(int(np.argmax(seen_us == instants[place])))

        first = bisect_left(self._all, x=True, key=passes_from)
        if first == len(instants):
            return np.zeros(len(instants), dtype=np.bool_)
        fresh: Bools = seen_us >= instants[first]
        return fresh


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
        if not needs:
            return refused
        most = {name: _most(needs, name) for name in set(MORE_NEVER_PASSES.values())}
        for rule, firsts, group in self._rules:
            is_of = group[columns]
            is_matched = np.zeros(len(firsts), dtype=np.bool_)
            is_matched[is_of] = True
            kinds = np.flatnonzero(is_matched).tolist()
            vehicles = {kind: choices[int(firsts[kind])] for kind in kinds}
            if rule in MORE_NEVER_PASSES:
                hardest = most[MORE_NEVER_PASSES[rule]]
                passes = [kind for kind in kinds if rule(vehicles[kind], hardest, at) is None]
                is_matched[passes] = False
            for pair in np.flatnonzero(is_matched[is_of]).tolist():
                asked = rule(vehicles[int(is_of[pair])], needs[pair], at)
                refused[pair] |= asked is not None
        return refused


def _most(needs: Sequence[Need], name: str) -> Need:
    """Return the need with the most of a quantity; None is nothing."""
    told = list(map(attrgetter(name), needs))
    known = [quantity for quantity in told if quantity is not None]
    return needs[told.index(max(known))] if known else needs[0]


@lru_cache(maxsize=16)
def _names(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """Return all that any of these rules looks at in a need, without whose it is."""
    return tuple(sorted({NEED_READS[rule] for rule in rules if rule in NEED_READS}))


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
