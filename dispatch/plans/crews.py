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
from dispatch.plans.model import Crew, Day
from fleet.duty.hours import DutyLimits

NOBODY = -1
LIMITS = DutyLimits()
# What a promised request, and any other, left without a driver costs, in seconds of unfair work.
_PROMISED_S = 10_000_000
_ASKED_S = 1_000_000


def give_out(day: Day, chains: Sequence[Chain], cars: Sequence[int]) -> list[int]:
    """Return the driver of each chain, or NOBODY.

    cars: the vehicle of each chain
    """
    pairs = [
        (c, d)
        for c, chain in enumerate(chains)
        for d, crew in enumerate(day.crews)
        if cars[c] in crew.cars and may_be_out(day, crew, chain)
    ]
    found = [NOBODY] * len(chains)
    if not pairs:
        return found
    work = [work_s(day, chain) for chain in chains]
    people, width = len(day.crews), len(pairs)
    mean_s = (sum(one.before_s for one in day.crews) + sum(work)) / people
    entries: list[tuple[int, int, float]] = []
    upper: list[float] = []

    def row(members: Sequence[tuple[int, float]], most: float) -> None:
        entries.extend((len(upper), column, by) for column, by in members)
        upper.append(most)

    for c in range(len(chains)):
        row([(k, 1.0) for k, pair in enumerate(pairs) if pair[0] == c], 1.0)
    instants = sorted({chain.span[0] for chain in chains})
    for d, crew in enumerate(day.crews):
        own = [(k, c) for k, (c, of) in enumerate(pairs) if of == d]
        for at in instants:
            out = [(k, 1.0) for k, c in own if chains[c].span[0] <= at < chains[c].span[1]]
            if len(out) > 1:
                row(out, 1.0)
        row([(k, float(work[c])) for k, c in own], float(max(crew.day_left_s, 0)))
        row([(k, float(work[c])) for k, c in own], float(max(crew.week_left_s, 0)))
        above = mean_s - crew.before_s
        row([*((k, float(work[c])) for k, c in own), (width + d, -1.0)], above)
    costs = [
        -float(sum(day.rides[r].worth(_PROMISED_S, _ASKED_S) for r in chains[c].rides))
        for c, _ in pairs
    ]
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


def may_be_out(day: Day, crew: Crew, chain: Chain) -> bool:
    """Whether a driver is free from leaving the base until being back, and has the hours."""
    start, end = chain.span
    on_the_road = start, end - day.limits.turnaround_s
    work = work_s(day, chain)
    return work <= min(crew.day_left_s, crew.week_left_s) and any(
        since <= on_the_road[0] and on_the_road[1] <= until for since, until in crew.free
    )


def work_s(day: Day, chain: Chain) -> int:
    """Return what of a chain counts as hours of its driver: its rides, as orders count."""
    spent = sum(day.rides[r].span[1] - day.rides[r].span[0] for r in chain.rides)
    days = -(-spent // 86_400)
    return min(spent, days * LIMITS.planned_day_s)
