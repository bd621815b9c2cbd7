"""Solves one instance and prints what came of it: python -m loadtests.solve FILE [--seconds 5]

Reads dial-a-ride instances (Cordeau 2006, Cordeau and Laporte 2003) and pickups and deliveries (Li
and Lim 2001: fewest vehicles first), solves them on one core, and has the routes judged as the
benches do. Stops are called as in the file. Ends with status 1 where a limit is broken, somebody is
left out, or the file is no instance.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dispatch.sharing import Steps, fewest_vehicles, improve
from dispatch.sharing.warming import warm
from loadtests.budgets import Seconds
from loadtests.instances import Instance, NoInstance, read_instance
from loadtests.judging import cost_of_served, objections_to


def main() -> None:
    """Solve the instance that is named."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.solve", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=_seconds, default=5.0, help="of processor time: 5")
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    try:
        instance = read_instance(told.file)
        routes = _solved(instance, told.seconds, told.seed)
    except NoInstance as error:
        sys.exit(str(error))
    lines, is_kept = report(instance, routes)
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(int(not is_kept))


def report(instance: Instance, routes: Sequence[Sequence[int]]) -> tuple[list[str], bool]:
    """Return what is told of routes, and whether they serve all within limits."""
    served = {stop for route in routes for stop in route}
    left_out = [instance.number[r + 1] for r in range(instance.n) if r not in served]
    wrong = objections_to(instance, routes)
    lines = [
        f"{instance.name}: {instance.n} requests, {instance.vehicles} vehicles",
        f"cost: {cost_of_served(instance, routes):.2f}",
        f"vehicles: {sum(map(bool, routes))}",
        f"left out: {', '.join(map(str, left_out)) or 'nobody'}",
        f"judged: {'; '.join(wrong) or 'all limits are kept'}",
    ]
    named = [[str(instance.number[stop + 1]) for stop in route] for route in routes if route]
    lines += [f"route: {' '.join(stops)}" for stops in named]
    return lines, not wrong and not left_out


def _solved(instance: Instance, seconds: float, seed: int) -> list[list[int]]:
    warm()
    problem = instance.problem()
    solve = fewest_vehicles if instance.has_fewest_first else improve
    solve(problem, Steps(1), seed)  # what was compiled is fetched
    return [list(route) for route in solve(problem, Seconds(seconds), seed).routes]


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 3_600:
        raise argparse.ArgumentTypeError("from a little more than 0 to 3600")
    return seconds


if __name__ == "__main__":
    main()
