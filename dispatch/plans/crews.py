"""Drivers for the chains of a day: shifts, rest and hours bind, work is shared out over weeks.

Who drives on without coming back stays the driver, so whole chains are given out: one variable for
each chain and driver who may. At no instant does a driver drive two; the hours of the day and of
the week stay within their limits. Of all that serve the most rides those are chosen in which the
least work lies above the mean of all drivers, the weeks before counted.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from dispatch.plans.chains import Chain
from dispatch.plans.duty import NOBODY, cost_s, may_be_out, mean_s, work_s, worth_s
from dispatch.plans.in_turn import give_in_turn
from dispatch.plans.model import Day

_MOST_PAIRS = 10_000
"""Of more pairs of chain and driver the programme finds less in its time than going in turn."""


def give_out(day: Day, chains: Sequence[Chain], cars: Sequence[int]) -> list[int]:
    """Return the driver of each chain, or NOBODY: by the programme, or in turn where that's better.

    cars: the vehicle of each chain
    """
    answers = [give_in_turn(day, chains, cars), _by_programme(day, chains, cars)]
    return min(answers, key=lambda given: cost_s(day, chains, given))


def _by_programme(day: Day, chains: Sequence[Chain], cars: Sequence[int]) -> list[int]:
    pairs = [
        (c, d)
        for c, chain in enumerate(chains)
        for d, crew in enumerate(day.crews)
        if cars[c] in crew.cars and may_be_out(day, crew, chain)
    ]
    found = [NOBODY] * len(chains)
    if not 0 < len(pairs) <= _MOST_PAIRS:
        return found
    work = [work_s(day, chain) for chain in chains]
    people, width = len(day.crews), len(pairs)
    mean = mean_s(day, chains)
    entries: list[tuple[int, int, float]] = []
    upper: list[float] = []

    def row(members: Sequence[tuple[int, float]], most: float) -> None:
        entries.extend((len(upper), column, by) for column, by in members)
        upper.append(most)

    for c in range(len(chains)):
        row([(k, 1.0) for k, pair in enumerate(pairs) if pair[0] == c], 1.0)
    instants = _crowded(chains)
    for d, crew in enumerate(day.crews):
        own = [(k, c) for k, (c, of) in enumerate(pairs) if of == d]
        for at in instants:
            out = [(k, 1.0) for k, c in own if chains[c].span[0] <= at < chains[c].span[1]]
            if len(out) > 1:
                row(out, 1.0)
        row([(k, float(work[c])) for k, c in own], float(max(crew.day_left_s, 0)))
        row([(k, float(work[c])) for k, c in own], float(max(crew.week_left_s, 0)))
        above = mean - crew.before_s
        row([*((k, float(work[c])) for k, c in own), (width + d, -1.0)], above)
    costs = [-float(worth_s(day, chains[c])) for c, _ in pairs]
    told = np.array(entries, dtype=np.float64).reshape(-1, 3)
    matrix = coo_array(
        (told[:, 2], (told[:, 0].astype(np.int64), told[:, 1].astype(np.int64))),
        shape=(len(upper), width + people),
    )
    answer = milp(
        np.array([*costs, *([1.0] * people)]),
        constraints=LinearConstraint(matrix.tocsr(), -np.inf, np.array(upper)),
        integrality=np.array([1] * width + [0] * people),
        bounds=Bounds(0.0, np.array([1.0] * width + [np.inf] * people)),
        options={"time_limit": day.limits.limit_s, "mip_rel_gap": 1e-6},
    )
    if answer.x is not None:
        for k in np.flatnonzero(answer.x[:width] > 0.5).tolist():
            found[pairs[k][0]] = pairs[k][1]
    return found


def _crowded(chains: Sequence[Chain]) -> list[int]:
    """Return the starts at which as many chains are out as before the next that ends."""
    starts = sorted({chain.span[0] for chain in chains})
    ends = sorted({chain.span[1] for chain in chains})
    following = [*starts[1:], ends[-1]] if starts else []
    return [
        at
        for at, then in zip(starts, following, strict=True)
        if any(at < end <= then for end in ends)
    ]
