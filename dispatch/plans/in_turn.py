"""Drivers one chain after another: each to whoever may and has driven least so far.

No answer of the programme is worse than this one, however many drivers are alike and however short
its time was (`crews`).
"""

from collections.abc import Sequence

from dispatch.plans.chains import Chain
from dispatch.plans.duty import NOBODY, cost_s, may_be_out, mean_s, overlap, work_s, worth_s
from dispatch.plans.model import Day

_ROUNDS = 5
"""How often chains are handed from those who drive more than the mean to those who drive less."""


def give_in_turn(day: Day, chains: Sequence[Chain], cars: Sequence[int]) -> list[int]:
    """Return the driver of each chain, or NOBODY: the better of two orders in which to go.

    cars: the vehicle of each chain
    """
    earliest = sorted(range(len(chains)), key=lambda c: (chains[c].span, c))
    worthiest = sorted(earliest, key=lambda c: -worth_s(day, chains[c]))
    answers = []
    for order in (earliest, worthiest):
        hands = _Hands(day, chains, cars)
        for c in order:
            hands.give(c, _least_busy(hands, c))
        _share_out(hands)
        answers.append(hands.given)
    return min(answers, key=lambda given: cost_s(day, chains, given))


class _Hands:
    """Who drives what, as far as it is given."""

    def __init__(self, day: Day, chains: Sequence[Chain], cars: Sequence[int]) -> None:
        self.day, self.chains = day, chains
        self.given = [NOBODY] * len(chains)
        self.work = [work_s(day, chain) for chain in chains]
        self.total = [crew.before_s for crew in day.crews]
        self._today = [0] * len(day.crews)
        self._held: list[set[int]] = [set() for _ in day.crews]
        self._may: list[list[int]] = [
            [
                d
                for d, crew in enumerate(day.crews)
                if cars[c] in crew.cars and may_be_out(day, crew, chain)
            ]
            for c, chain in enumerate(chains)
        ]

    def able(self, c: int) -> list[int]:
        """Return who may drive a chain beside all that they were given."""
        return [d for d in self._may[c] if self._has_time(c, d)]

    def give(self, c: int, d: int) -> None:
        """Give a chain to a driver instead of whoever has it; NOBODY takes it away."""
        before = self.given[c]
        if before != NOBODY:
            self._held[before].discard(c)
            self._today[before] -= self.work[c]
            self.total[before] -= self.work[c]
        self.given[c] = d
        if d != NOBODY:
            self._held[d].add(c)
            self._today[d] += self.work[c]
            self.total[d] += self.work[c]

    def _has_time(self, c: int, d: int) -> bool:
        crew, span = self.day.crews[d], self.chains[c].span
        today = self._today[d] + self.work[c]
        return today <= min(crew.day_left_s, crew.week_left_s) and not any(
            overlap(span, self.chains[other].span) for other in self._held[d]
        )


def _least_busy(hands: _Hands, c: int) -> int:
    return min(hands.able(c), key=lambda d: (hands.total[d], d), default=NOBODY)


def _share_out(hands: _Hands) -> None:
    """Hand chains on, each to whoever drives least, as long as less work lies above the mean."""
    mean = mean_s(hands.day, hands.chains)
    for _ in range(_ROUNDS):
        moved = False
        for c, d in enumerate(hands.given):
            if d == NOBODY or hands.total[d] <= mean:
                continue
            to = _least_busy(hands, c)
            if to == NOBODY:
                continue
            above = max(0.0, hands.total[to] + hands.work[c] - mean)
            if above - max(0.0, hands.total[to] - mean) < min(hands.work[c], hands.total[d] - mean):
                hands.give(c, to)
                moved = True
        if not moved:
            return
