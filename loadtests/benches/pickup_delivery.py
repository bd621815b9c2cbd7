"""Pickup and delivery with time windows, fewest vehicles first (Li and Lim 2001, 100 tasks).

Ours, OR-Tools, PyVRP and VROOM, each with the same seconds of one core, one after the other, the
peers in processes of their own; every solution is judged by the checker of our tests. For PyVRP and
VROOM a vehicle costs more than all ways; OR-Tools has no such order of aims and is asked for the
shortest ways.

Peers run beside every fourth instance; GONGCHE_BENCH_EXTENT=full has them beside all.
"""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from dispatch.sharing import Steps, fewest_vehicles
from dispatch.sharing.warming import warm
from loadtests.budgets import Seconds
from loadtests.extent import on_each_core, some
from loadtests.instances import FOLDER, Instance, best_known, li_lim
from loadtests.judging import cost_if_kept
from loadtests.measuring import Figure, Place
from loadtests.peers.solving import is_there, solved

SEED = 1
SECONDS = 10.0
PEERED = 4
PEERS = (
    ("OR-Tools", "ortools", "routing"),
    ("PyVRP", "pyvrp", "hybrid"),
    ("VROOM", "vroom", "vroom_solver"),
)
"""What each is called, its package, and the module that runs it."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """Vehicles more than the best known has, and percent of distance above it.

    is_known: whether there is a best-known value; else these are beyond the best that was found
    """

    vehicles: int
    distance: float
    is_known: bool = True

    def is_worse_than(self, other: "Beyond") -> bool:
        """Whether the other has fewer vehicles, or as many and a shorter way."""
        return (self.vehicles, self.distance) > (other.vehicles, other.distance + 0.01)


Told = dict[str, Beyond | None]
"""By solver; None where not all were served within limits."""
Found = tuple[int, float]
"""Vehicles in use, and their distance."""


def run(place: Place) -> list[Figure]:  # noqa: ARG001
    """Measure all instances."""
    if not (FOLDER / "lilim_100").is_dir():
        sys.stderr.write(f"pickup_delivery: no instances in {FOLDER}; GONGCHE_BENCHMARKS\n")
        return []
    there = [one for one in PEERS if is_there(one[1])]
    for name, package, _ in set(PEERS) - set(there):
        sys.stderr.write(f"pickup_delivery: {name} ({package}) is not installed\n")
    warm()
    names = sorted(path.stem for path in (FOLDER / "lilim_100").glob("*.txt"))
    if not names:
        return []
    peered = set(some(names, PEERED))
    told = on_each_core(partial(_measured, there, peered), names)
    for name, one in zip(names, told, strict=True):
        sys.stderr.write(f"pickup_delivery: {name}: {one}\n")
    figures = _of_solver("ours", [one["ours"] for one in told], is_ours=True)
    beside = [one for name, one in zip(names, told, strict=True) if name in peered]
    for peer, _, _ in there:
        figures += _of_solver(peer, [one[peer] for one in beside], is_ours=False)
        behind = sum(_is_behind(one["ours"], one[peer]) for one in beside)
        figures.append(Figure(f"{len(beside)} instances: behind {peer}", behind, "instances"))
    return figures


def _measured(there: list[tuple[str, str, str]], peered: set[str], name: str) -> Told:
    instance = li_lim(FOLDER / "lilim_100" / f"{name}.txt")
    problem = instance.problem()
    fewest_vehicles(problem, Steps(1), SEED)  # what was compiled is fetched
    plan = fewest_vehicles(problem, Seconds(SECONDS), SEED)
    routes = {"ours": [list(route) for route in plan.routes]}
    if name in peered:
        routes |= {peer: solved(module, instance, SECONDS) for peer, _, module in there}
    found = {solver: _found(instance, own) for solver, own in routes.items()}
    return beyond(found, best_known("lilim_100_best_known").get(name))


def _found(instance: Instance, routes: list[list[int]]) -> Found | None:
    routes += [[] for _ in range(instance.vehicles - len(routes))]
    cost = cost_if_kept(instance, routes)
    return None if cost is None else (sum(map(bool, routes)), cost)


def beyond(found: Mapping[str, Found | None], known: object) -> Told:
    """Return how far solvers are beyond the best known; where there is none, beyond the best."""
    is_known = isinstance(known, dict)
    best = (0, 1.0)
    if isinstance(known, dict):
        best = int(known["vehicles"]), float(known["distance"])
    elif any(found.values()):
        best = min(filter(None, found.values()))
    return {
        solver: one and Beyond(one[0] - best[0], 100.0 * (one[1] / best[1] - 1.0), is_known)
        for solver, one in found.items()
    }


def _is_behind(ours: Beyond | None, theirs: Beyond | None) -> bool:
    return theirs is not None and (ours is None or ours.is_worse_than(theirs))


def _of_solver(solver: str, told: list[Beyond | None], *, is_ours: bool) -> list[Figure]:
    kept = [one for one in told if one is not None]
    known = [one for one in told if one is None or one.is_known]
    few = [one.distance for one in known if one is not None and one.vehicles <= 0]
    name = f"{solver}, {len(told)} instances, {SECONDS:.0f} s"
    broken = Figure(
        f"{name}: not all served within limits", len(told) - len(kept), "instances",
        at_most=0 if is_ours else None,
    )  # fmt: skip
    if not any(one.is_known for one in kept):
        return [broken, Figure(f"{name}: vehicles as few as the best known", math.nan, "%")]
    return [
        broken,
        Figure(
            f"{name}: vehicles as few as the best known", 100.0 * len(few) / len(known), "%",
            at_least=95.0 if is_ours else None,
        ),
        Figure(
            f"{name}: vehicles too many, in sum",
            sum(max(0, one.vehicles) for one in kept if one.is_known), "vehicles",
        ),
        Figure(f"{name}: mean distance above, of those as few", _mean(few), "%"),
        Figure(f"{name}: worst distance above, of those as few", max(few, default=0.0), "%"),
        Figure(f"{name}: at the best known", sum(one <= 0.01 for one in few), "instances"),
    ]  # fmt: skip


def _mean(values: list[float]) -> float:
    return sum(values) / max(1, len(values))
