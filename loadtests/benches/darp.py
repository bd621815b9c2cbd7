"""Dial-a-ride with longest rides: gaps to the proven optimum and the best known, beside OR-Tools.

Instances of Cordeau 2006 (all solved to optimality) and of Cordeau and Laporte 2003. Ours and
OR-Tools, which runs in a process of its own, have the same seconds of one core, one after the
other; every solution is judged by the checker of our tests. PyVRP and VROOM know no longest ride.

Some of it is measured within twelve minutes on two cores: all of a in 5 s, every fourth of it in
30 s, every second of R in 60 s. GONGCHE_BENCH_EXTENT=full measures all.
"""

import math
import sys
from dataclasses import dataclass
from functools import partial

from dispatch.sharing import Steps, improve
from dispatch.sharing.warming import warm
from loadtests.budgets import Seconds
from loadtests.extent import on_each_core, some
from loadtests.instances import FOLDER, best_known, cordeau
from loadtests.judging import cost_if_kept
from loadtests.measuring import Figure, Place
from loadtests.peers.solving import is_there, solved

SEED = 1
SAME = 0.005
"""Percent: the published values are rounded to two decimals."""


@dataclass(frozen=True, slots=True)
class Part:
    """Instances of a folder, each solved for so many seconds; goals in percent.

    every: one of so many is measured, unless the whole bench is
    """

    name: str
    folder: str
    known: str
    seconds: float
    every: int
    mean: float
    worst: float | None


PARTS = (
    Part("a, 5 s", "darp_a", "darp_a_optimal", 5.0, 1, 0.3, None),
    Part("a, 30 s", "darp_a", "darp_a_optimal", 30.0, 4, 0.1, 1.0),
    Part("R, 60 s", "darp_r", "darp_r_best_known", 60.0, 2, 1.0, 1.0),
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Percent above the best known; None for routes that don't serve all within limits.

    is_known: whether there is a best-known value; else these are above the better of both
    """

    ours: float | None
    theirs: float | None
    is_known: bool = True

    @property
    def is_behind(self) -> bool:
        """Whether a peer's routes are the better ones."""
        return self.theirs is not None and (self.ours is None or self.ours > self.theirs + SAME)


def run(place: Place) -> list[Figure]:  # noqa: ARG001
    """Measure both sets."""
    if not (FOLDER / "darp_a").is_dir():
        sys.stderr.write(f"darp: no instances in {FOLDER}; GONGCHE_BENCHMARKS names the folder\n")
        return []
    is_beside = is_there("ortools")
    if not is_beside:
        sys.stderr.write("darp: OR-Tools is not installed (requirements-peers.lock)\n")
    warm()
    figures: list[Figure] = []
    for part in PARTS:
        names = some(sorted(path.stem for path in (FOLDER / part.folder).glob("*.txt")), part.every)
        if not names:
            continue
        gaps = on_each_core(partial(_measured, part, is_beside), names)
        for name, one in zip(names, gaps, strict=True):
            told = f"ours {one.ours}, OR-Tools {one.theirs}"
            told += "" if one.is_known else ", above one another: no best known"
            sys.stderr.write(f"darp: {part.name}: {name}: {told}\n")
        figures += _told(part, gaps, is_beside)
    return figures


def _measured(part: Part, is_beside: bool, name: str) -> Gaps:
    instance = cordeau(FOLDER / part.folder / f"{name}.txt")
    problem = instance.problem()
    improve(problem, Steps(1), SEED)  # what was compiled is fetched
    plan = improve(problem, Seconds(part.seconds), SEED)
    ours = cost_if_kept(instance, [list(route) for route in plan.routes])
    theirs = (
        cost_if_kept(instance, solved("routing", instance, part.seconds)) if is_beside else None
    )
    return gaps_of(ours, theirs, best_known(part.known).get(name))


def gaps_of(ours: float | None, theirs: float | None, known: object) -> Gaps:
    """Return how far costs are above the best known; where there is none, above one another."""
    is_known = isinstance(known, int | float)
    base = known if isinstance(known, int | float) else min(filter(None, (ours, theirs)), default=1)
    ours_gap, theirs_gap = (
        None if cost is None else 100.0 * (cost / base - 1.0) for cost in (ours, theirs)
    )
    return Gaps(ours_gap, theirs_gap, is_known)


def _told(part: Part, gaps: list[Gaps], is_beside: bool) -> list[Figure]:
    name = f"{part.name}, {len(gaps)} instances"
    known = [one.is_known for one in gaps]
    figures = _of_solver(name, [one.ours for one in gaps], known, part)
    if is_beside:
        figures += _of_solver(f"{name}: OR-Tools", [one.theirs for one in gaps], known, None)
        behind = sum(one.is_behind for one in gaps)
        figures.append(Figure(f"{name}: behind OR-Tools", behind, "instances", at_most=0))
    return figures


def _of_solver(
    name: str, gaps: list[float | None], known: list[bool], goals: Part | None
) -> list[Figure]:
    kept = [gap for gap, is_known in zip(gaps, known, strict=True) if is_known and gap is not None]
    broken = Figure(
        f"{name}: not all served within limits", gaps.count(None), "instances",
        at_most=0 if goals else None,
    )  # fmt: skip
    if gaps.count(None) == len(gaps):
        return [broken]
    if not kept:
        return [broken, Figure(f"{name}: mean gap", math.nan, "%")]
    mean, worst = (goals.mean, goals.worst) if goals else (None, None)
    return [
        broken,
        Figure(f"{name}: mean gap", sum(kept) / len(kept), "%", at_most=mean),
        Figure(f"{name}: worst gap", max(kept), "%", at_most=worst),
        Figure(f"{name}: at the best known", sum(gap <= SAME for gap in kept), "instances"),
    ]
