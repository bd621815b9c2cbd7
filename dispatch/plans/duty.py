"""What a driver's day may hold, and what an answer costs that gives chains of rides to drivers."""

from collections.abc import Sequence

from dispatch.capacity.model import Span
from dispatch.plans.chains import Chain
from dispatch.plans.model import Crew, Day
from fleet.duty.hours import DutyLimits

NOBODY = -1
LIMITS = DutyLimits()
# What a promised request, and any other, left without a driver costs, in seconds of unfair work.
PROMISED_S = 10_000_000
ASKED_S = 1_000_000


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


def worth_s(day: Day, chain: Chain) -> int:
    """Return what it costs to leave a chain without a driver."""
    return sum(day.rides[r].worth(PROMISED_S, ASKED_S) for r in chain.rides)


def mean_s(day: Day, chains: Sequence[Chain]) -> float:
    """Return how much each driver would have driven in the end, were all work shared alike."""
    work = sum(one.before_s for one in day.crews) + sum(work_s(day, chain) for chain in chains)
    return work / max(1, len(day.crews))


def cost_s(day: Day, chains: Sequence[Chain], given: Sequence[int]) -> float:
    """Return the cost of an answer: who is left without a driver, and work above the mean."""
    driven = [float(crew.before_s) for crew in day.crews]
    left_out = 0
    for chain, d in zip(chains, given, strict=True):
        if d == NOBODY:
            left_out += worth_s(day, chain)
        else:
            driven[d] += work_s(day, chain)
    mean = mean_s(day, chains)
    return left_out + sum(max(0.0, one - mean) for one in driven)


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans have an instant in common."""
    return one[0] < other[1] and other[0] < one[1]
