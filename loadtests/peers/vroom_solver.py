"""VROOM beside ours, in its own process: python -m loadtests.peers.vroom_solver SECONDS < PROBLEM

It knows pickups and deliveries, windows and seats, and no longest ride. It ends by itself, most
often long before its time, and looks as hard as it can (exploration level 5) on one core.
"""

import json
import sys
from datetime import timedelta

from loadtests.peers.solving import SCALE, Told, ways

VEHICLE = 10**7
LEVEL = 5


def _solve(told: Told, seconds: float) -> list[list[int]]:
    import numpy as np
    import vroom

    n, latest = told["n"], told["latest"]
    model = vroom.Input()
    model.set_durations_matrix("car", np.array(ways(told["points"]), dtype=np.uint32))

    def window(k: int) -> "vroom.TimeWindow":
        return vroom.TimeWindow(round(told["earliest"][k] * SCALE), round(latest[k] * SCALE))

    def step(request: int, k: int) -> "vroom.ShipmentStep":
        stay = round(told["service"][k] * SCALE)
        return vroom.ShipmentStep(
            request, location=k, default_service=stay, time_windows=[window(k)]
        )

    model.add_vehicle(
        [
            vroom.Vehicle(
                v, start=0, end=0, capacity=[round(told["seats"])], time_window=window(0),
                costs=vroom.VehicleCosts(fixed=VEHICLE),
            )
            for v in range(told["vehicles"])
        ]
    )  # fmt: skip
    for p in range(1, n + 1):
        amount = vroom.Amount([round(told["load"][p])])
        model.add_shipment(step(p - 1, p), step(p - 1, n + p), amount=amount)
    found = model.solve(LEVEL, nb_threads=1, timeout=timedelta(seconds=seconds)).to_dict()
    return [
        [
            stop["id"] if stop["type"] == "pickup" else n + stop["id"]
            for stop in route["steps"]
            if stop["type"] in ("pickup", "delivery")
        ]
        for route in found["routes"]
    ]


if __name__ == "__main__":
    json.dump(_solve(json.load(sys.stdin), float(sys.argv[1])), sys.stdout)
