"""PyVRP beside ours, in its own process: python -m loadtests.peers.hybrid SECONDS < PROBLEM

It knows pickups and deliveries, windows and seats, and no longest ride. A vehicle costs more than
all ways together, so that it looks for few. It is stopped by its processor time.
"""

import json
import sys
import time

from loadtests.peers.solving import SCALE, Told, costs, ways

VEHICLE = 10**7


class Processor:
    """Stops when so many seconds of this process are over."""

    def __init__(self, seconds: float) -> None:
        self._until_s = time.process_time() + seconds

    def __call__(self, _best_cost: int) -> bool:
        return time.process_time() > self._until_s


def _solve(told: Told, seconds: float) -> list[list[int]]:
    from pyvrp import Model

    n, points, stop = told["n"], told["points"], Processor(seconds)
    model, cost, apart = Model(), costs(points), ways(points)
    earliest, latest, service = (
        [round(value * SCALE) for value in values]
        for values in (told["earliest"], told["latest"], told["service"])
    )
    places = [model.add_location(round(x * SCALE), round(y * SCALE)) for x, y in points]
    depot = model.add_depot(places[0])
    model.add_vehicle_type(
        told["vehicles"], capacity=[round(told["seats"])], start_depot=depot, end_depot=depot,
        fixed_cost=VEHICLE, tw_early=earliest[0], tw_late=latest[0],
    )  # fmt: skip
    for a, here in enumerate(places):
        for b, there in enumerate(places):
            if a != b:
                model.add_edge(here, there, distance=cost[a][b], duration=apart[a][b])
    for p in range(1, n + 1):
        d = n + p
        model.add_shipment(
            places[p], places[d], amount=[round(told["load"][p])],
            pickup_tw_early=earliest[p], pickup_tw_late=latest[p],
            pickup_service_duration=service[p],
            delivery_tw_early=earliest[d], delivery_tw_late=latest[d],
            delivery_service_duration=service[d],
        )  # fmt: skip
    found = model.solve(stop, seed=1, collect_stats=False, display=False)
    return [
        [one.idx if one.is_pickup() else n + one.idx for one in route if not one.is_depot()]
        for route in found.best.routes()
    ]


if __name__ == "__main__":
    json.dump(_solve(json.load(sys.stdin), float(sys.argv[1])), sys.stdout)
