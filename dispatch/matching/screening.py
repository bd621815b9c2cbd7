"""Which vehicles may serve which needs, in arrays, by the same rules as one by one.

No rule is written a second time. Each is asked once for vehicles that are alike to it (`READS` of
the rules) and for needs that are alike to it: needs are, when the rule never looks at the need, or
only at what stands in `NEED_READS`. Rules that look at more (`asked_later`) are asked about the
pairs that were matched: what the screen lets through too much costs another round, never a rule.
"""

import dis
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace

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
from dispatch.matching.problem import Bools

NeedReads = Callable[[Need, At], Hashable]


def _is_immediate(need: Need, at: At) -> bool:
    return need.is_immediate(at.now, at.limits)


def _category(need: Need, at: At) -> Hashable:  # noqa: ARG001
    return need.category


NEED_READS: Mapping[Rule, NeedReads] = {
    allowance: lambda need, _: need.no_allowance,
    category: _category,
    courier_only: _category,
    enforcement_only: _category,
    technical_only: _category,
    seats: lambda need, _: need.passengers,
    back: _is_immediate,
    terminal_fresh: _is_immediate,
    placed: _is_immediate,
}
"""All that a rule looks at in a need; a test sees whether needs alike in it are judged alike."""

OWN_OR_NOT: frozenset[Rule] = frozenset({cross_unit_open})
"""Rules that ask of the need only whether the vehicle is of its unit."""

_NO_UNIT = -1


def reads_need(rule: Rule) -> bool:
    """Whether a rule looks at the need at all: whether its code ever loads that argument."""
    code = rule.__code__
    need = code.co_varnames[1]
    return any(
        need in (step.argval if isinstance(step.argval, tuple) else (step.argval,))
        for step in dis.get_instructions(code)
        if step.opname.startswith("LOAD_")
    )


def asked_later(rules: Sequence[Rule] = RULES) -> list[Rule]:
    """Return the rules that are asked about matched pairs; the one on drivers crews answer."""
    return [
        rule
        for rule in rules
        if rule not in NEED_READS and rule not in OWN_OR_NOT and reads_need(rule)
        if rule is not driver
    ]


class Screen:
    """The vehicles that may serve, by need: a column of booleans, one for each vehicle."""

    def __init__(self, choices: Choices, at: At, rules: Sequence[Rule] = RULES) -> None:
        self._choices, self._at = choices, at
        self._reads: dict[Rule, NeedReads] = {
            rule: NEED_READS.get(rule, _nothing)
            for rule in rules
            if rule in NEED_READS or rule in OWN_OR_NOT or not reads_need(rule)
        }
        self._readers = tuple(dict.fromkeys((_is_immediate, *self._reads.values())))
        self._all = np.arange(len(choices), dtype=np.int64)
        self._answers: dict[tuple[Rule, bool, Hashable], Bools] = {}
        self._fits: dict[tuple[Hashable, ...], Bools] = {}

    def key(self, need: Need) -> tuple[Hashable, ...]:
        """Needs of the same key may be served by the same vehicles, as far as is screened."""
        return tuple(read(need, self._at) for read in self._readers)

    def fits(self, need: Need, *, as_own: bool) -> Bools:
        """Return which vehicles may serve the need, were they all of its unit, or none of them."""
        key = as_own, *self.key(need)
        if key not in self._fits:
            fits = np.ones(len(self._choices), dtype=np.bool_)
            for rule in self._reads:
                fits &= self._answer(rule, need, as_own=as_own)
            self._fits[key] = fits
        return self._fits[key]

    def _answer(self, rule: Rule, need: Need, *, as_own: bool) -> Bools:
        asked = rule, as_own and rule in OWN_OR_NOT, self._reads[rule](need, self._at)
        if asked not in self._answers:
            firsts, group = self._choices.groups(READS.get(rule, ("no",)), self._all)
            answers = []
            for vehicle in (self._choices[i] for i in firsts.tolist()):
                if rule in OWN_OR_NOT:
                    need = replace(need, unit_no=vehicle.unit_no if as_own else _NO_UNIT)
                answers.append(rule(vehicle, need, self._at) is None)
            self._answers[asked] = np.array(answers, dtype=np.bool_)[group]
        return self._answers[asked]


def _nothing(need: Need, at: At) -> Hashable:  # noqa: ARG001
    return None
