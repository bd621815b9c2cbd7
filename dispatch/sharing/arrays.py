"""What compiled code sees: the problem and its routes as arrays.

Nodes are numbered: the pickup of request r is r, its delivery n + r, the start of vehicle v is
2n + v and its end 2n + V + v. Times are of one unit, which the caller chooses; so are costs.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NONE = -1


class Stops(NamedTuple):
    """What is asked of each node.

    earliest, latest: when service may begin
    service: how long it lasts
    seats: by how much it changes the load
    pickup: the node whose passenger is set down here, if the vehicle calls there; else NONE
    ride: the longest time from the end of service there to the begin of service here
    """

    earliest: Floats
    latest: Floats
    service: Floats
    seats: Floats
    pickup: Ints
    ride: Floats


class Fleet(NamedTuple):
    """What each vehicle can do.

    capacity: seats
    aboard: how many are taken as it leaves its start
    duration: the longest time from start to end
    kind: vehicles of the same kind are alike while they are empty
    fixed: the last position that is settled, nothing comes before or into it
    """

    capacity: Floats
    aboard: Floats
    duration: Floats
    kind: Ints
    fixed: Ints


class Ways(NamedTuple):
    """Travel times and costs from node to node, and turned round: to node from node."""

    time: Floats
    cost: Floats
    time_to: Floats
    cost_to: Floats


class Routes(NamedTuple):
    """Routes by vehicle and position, from start to end; columns beyond `size` mean nothing.

    size: how many nodes a route has, start and end among them
    early, late: the earliest and the latest begin of service in any feasible schedule
    load: seats taken as the vehicle leaves
    time, cost: of the way to the next node
    total: the cost of the route
    likeness: the same number for the same stops in the same order and a vehicle of the same kind
    vehicle, place: of each node, the route it is in, or NONE, and its position
    """

    nodes: Ints
    size: Ints
    early: Floats
    late: Floats
    load: Floats
    time: Floats
    cost: Floats
    total: Floats
    likeness: Ints
    vehicle: Ints
    place: Ints
