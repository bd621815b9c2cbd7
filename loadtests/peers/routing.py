"""OR-Tools beside ours, in its own process: python -m loadtests.peers.routing SECONDS < PROBLEM

Visits are optional at a high price: with mandatory ones OR-Tools found no solution at all for some
instances. It is stopped by its processor time; its own limit is by the clock, and far behind that.
"""

import json
import sys
import time

from loadtests.peers.solving import SCALE, Told, costs, ways

OUT = 10**9
_FOREVER = 10**8
_CLOCK = 50


def _solve(told: Told, seconds: float) -> list[list[int]]:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    n, points = told["n"], told["points"]
    apart, cost = ways(points), costs(points)
    service = [round(s * SCALE) for s in told["service"]]
    manager = pywrapcp.RoutingIndexManager(2 * n + 1, told["vehicles"], 0)
    model = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode
    model.SetArcCostEvaluatorOfAllVehicles(
        model.RegisterTransitCallback(lambda a, b: cost[node(a)][node(b)])
    )
    timed = model.RegisterTransitCallback(lambda a, b: service[node(a)] + apart[node(a)][node(b)])
    model.AddDimension(timed, _FOREVER, _FOREVER, False, "time")
    clock = model.GetDimensionOrDie("time")
    seats = model.RegisterUnaryTransitCallback(lambda a: round(told["load"][node(a)]))
    model.AddDimensionWithVehicleCapacity(
        seats, 0, [round(told["seats"])] * told["vehicles"], True, "seats"
    )
    solver = model.solver()
    windows = [
        (round(told["earliest"][k] * SCALE), round(told["latest"][k] * SCALE))
        for k in range(2 * n + 1)
    ]
    for v in range(told["vehicles"]):
        for at in (model.Start(v), model.End(v)):
            clock.CumulVar(at).SetRange(*windows[0])
        if told["duration"] is not None:
            clock.SetSpanUpperBoundForVehicle(round(told["duration"] * SCALE), v)
    for r in range(1, n + 1):
        p, d = manager.NodeToIndex(r), manager.NodeToIndex(n + r)
        clock.CumulVar(p).SetRange(*windows[r])
        clock.CumulVar(d).SetRange(*windows[n + r])
        model.AddPickupAndDelivery(p, d)
        solver.Add(model.VehicleVar(p) == model.VehicleVar(d))
        solver.Add(clock.CumulVar(p) <= clock.CumulVar(d))
        if told["ride"] is not None:
            ride = round(told["ride"] * SCALE) + service[r]
            solver.Add(clock.CumulVar(d) - clock.CumulVar(p) <= ride)
        model.AddDisjunction([p], OUT)
        model.AddDisjunction([d], OUT)
    how = pywrapcp.DefaultRoutingSearchParameters()
    how.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_INSERTION
    how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    how.time_limit.FromMilliseconds(round(_CLOCK * seconds * 1000))
    until_s = time.process_time() + seconds
    model.AddSearchMonitor(solver.CustomLimit(lambda: time.process_time() > until_s))
    found = model.SolveWithParameters(how)
    routes: list[list[int]] = []
    for v in range(told["vehicles"]):
        at, stops = model.Start(v), []
        while found is not None and not model.IsEnd(at):
            if node(at):
                stops.append(node(at) - 1)
            at = found.Value(model.NextVar(at))
        routes.append(stops)
    return routes


if __name__ == "__main__":
    json.dump(_solve(json.load(sys.stdin), float(sys.argv[1])), sys.stdout)
