"""A problem: requests with limits, vehicles, travel times and costs; checked, then as arrays.

Windows are tightened to what rides and the fleet leave of them at all (Cordeau 2006, section 5.1):
so a contradiction shows before any search, and insertion has less to look at.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from dispatch.sharing.arrays import NONE, Fleet, Floats, Ints, Stops, Ways
from dispatch.sharing.errors import ContradictoryLimits, UnfitProblem
from dispatch.sharing.schedule import SLACK


@dataclass(frozen=True, slots=True)
class Requests:
    """n requests, each array of length n, in one unit of time.

    ride_max: from the end of service at the pickup to the begin of service at the delivery;
        infinity where there is no limit. A detour limit is one: `ride_limits` makes it
    aboard: the vehicle that a passenger sits in already, or NONE; the pickup is done then
    boarded: when its service ended, for those aboard
    """

    seats: Floats
    pickup_from: Floats
    pickup_until: Floats
    pickup_service: Floats
    delivery_from: Floats
    delivery_until: Floats
    delivery_service: Floats
    ride_max: Floats
    aboard: Ints
    boarded: Floats


@dataclass(frozen=True, slots=True)
class Vehicles:
    """V vehicles, each array of length V.

    start_from: when it can leave its start, at the earliest
    end_until: when it must have come to its end
    duration_max: the longest time from start to end; infinity where there is no limit
    """

    seats: Floats
    start_from: Floats
    end_until: Floats
    duration_max: Floats


def ride_limits(direct: Floats, share: Floats, allowance: Floats) -> Floats:
    """Return the longest ride of each: direct, a share of it as detour, and an allowance."""
    longest: Floats = direct * (1.0 + share) + allowance
    return longest


@dataclass(frozen=True, slots=True)
class Problem:
    """n requests and V vehicles, as compiled code sees them. Make one by `of`.

    Nodes: pickup r, delivery n + r, start 2n + v, end 2n + V + v.
    price: what it costs to leave a request out
    aboard: by request, its vehicle or NONE
    """

    n: int
    stops: Stops
    fleet: Fleet
    ways: Ways
    price: Floats
    aboard: Ints

    @classmethod
    def of(
        cls,
        requests: Requests,
        vehicles: Vehicles,
        time: Floats,
        cost: Floats | None = None,
        price: Floats | None = None,
    ) -> Self:
        """Return the problem.

        time, cost: square, from node to node; cost is time unless said. Both should obey the
            triangle inequality, as shortest paths do.
        price: by request; unless said so high that nobody stays out who needn't

        Raises UnfitProblem for arrays of wrong shapes or values, ContradictoryLimits when a
        request can be served by no vehicle at all.
        """
        n, fleet_size = len(requests.seats), len(vehicles.seats)
        cost = time if cost is None else cost
        _check_shapes(requests, vehicles, time, cost)
        _check_aboard(requests, fleet_size)
        _check_shifts(vehicles)
        stops = _tightened(_stops(requests, vehicles, n), time, n, fleet_size)
        _check_windows(stops, requests, time, n)
        _check_durations(requests, vehicles, time, n)
        if n and fleet_size and requests.seats.max() > vehicles.seats.max():
            largest = int(requests.seats.argmax())
            raise ContradictoryLimits(
                f"Request {largest} needs more seats than any vehicle has.", request=largest
            )
        taken = np.zeros(fleet_size)
        for r in np.flatnonzero(requests.aboard != NONE):
            taken[requests.aboard[r]] += requests.seats[r]
        if len(crowded := np.flatnonzero(taken > vehicles.seats)):
            raise ContradictoryLimits(
                f"Vehicle {crowded[0]} carries more than it has seats.", vehicle=int(crowded[0])
            )
        fleet = Fleet(
            capacity=_floats(vehicles.seats),
            aboard=taken,
            duration=_floats(vehicles.duration_max),
            kind=_kinds(vehicles, time, cost, n),
            fixed=np.zeros(fleet_size, dtype=np.int64),
        )
        time, cost = _floats(time), _floats(cost)
        ways = Ways(time, cost, _floats(time.T), _floats(cost.T))
        if price is None:
            price = np.full(n, 100.0 * (1.0 + float(cost.max(initial=0.0))))
        return cls(n, stops, fleet, ways, _floats(price), np.asarray(requests.aboard, np.int64))


def _floats(values: Floats) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


def _check_shapes(requests: Requests, vehicles: Vehicles, time: Floats, cost: Floats) -> None:
    for whose, told in (("request", requests), ("vehicle", vehicles)):
        lengths = {len(getattr(told, name)) for name in told.__slots__}
        if len(lengths) != 1:
            raise UnfitProblem(f"Not every {whose} has each of its limits: {sorted(lengths)}.")
        for name in told.__slots__:
            if np.isnan(getattr(told, name).astype(np.float64)).any():
                raise UnfitProblem(f"A {whose} has no number for {name}.")
    if len(vehicles.seats) == 0:
        raise UnfitProblem("There are no vehicles.")
    nodes = 2 * len(requests.seats) + 2 * len(vehicles.seats)
    for name, table in (("Travel times", time), ("Costs", cost)):
        if table.shape != (nodes, nodes):
            raise UnfitProblem(f"{name} must be {nodes} × {nodes}, and are {table.shape}.")
        if not np.isfinite(table).all() or (table < 0).any():
            raise UnfitProblem(f"{name} must be known and not below zero.")
    for name in ("seats", "pickup_service", "delivery_service", "ride_max"):
        if (getattr(requests, name) < 0).any():
            raise UnfitProblem(f"No request may have {name} below zero.")
    if not np.isfinite(requests.seats).all() or not np.isfinite(vehicles.seats).all():
        raise UnfitProblem("Seats can be counted: they are never infinite.")


def _check_aboard(requests: Requests, fleet_size: int) -> None:
    if ((requests.aboard < NONE) | (requests.aboard >= fleet_size)).any():
        raise UnfitProblem("A passenger sits in a vehicle that there is not.")


def _stops(requests: Requests, vehicles: Vehicles, n: int) -> Stops:
    fleet_size = len(vehicles.seats)
    none, nothing = np.full(n, NONE), np.zeros(2 * fleet_size)
    is_aboard = requests.aboard != NONE
    until = np.where(
        is_aboard,
        np.minimum(requests.delivery_until, requests.boarded + requests.ride_max),
        requests.delivery_until,
    )
    return Stops(
        earliest=np.concatenate(
            (
                requests.pickup_from,
                requests.delivery_from,
                vehicles.start_from,
                vehicles.start_from,
            )
        ).astype(np.float64),
        latest=np.concatenate(
            (requests.pickup_until, until, vehicles.end_until, vehicles.end_until)
        ).astype(np.float64),
        service=np.concatenate((requests.pickup_service, requests.delivery_service, nothing)),
        seats=np.concatenate((requests.seats, -requests.seats, nothing)).astype(np.float64),
        pickup=np.concatenate(
            (none, np.where(is_aboard, NONE, np.arange(n)), np.full(2 * fleet_size, NONE))
        ).astype(np.int64),
        ride=np.concatenate(
            (np.full(n, np.inf), requests.ride_max, np.full(2 * fleet_size, np.inf))
        ),
    )


def _tightened(stops: Stops, time: Floats, n: int, fleet_size: int) -> Stops:
    """Take from the windows what no vehicle and no ride can use; those aboard keep theirs."""
    earliest, latest, service = stops.earliest, stops.latest, stops.service
    starts, ends = slice(2 * n, 2 * n + fleet_size), slice(2 * n + fleet_size, None)
    p = np.flatnonzero(stops.pickup[n : 2 * n] != NONE)
    d = n + p
    if len(p):
        earliest[p] = np.maximum(earliest[p], (earliest[starts, None] + time[starts][:, p]).min(0))
        back = latest[None, ends] - time[d][:, ends] - service[d, None]
        latest[d] = np.minimum(latest[d], back.max(1))
        direct, ride = time[p, d], stops.ride[d]
        for _ in range(2):
            latest[d] = np.minimum(latest[d], latest[p] + service[p] + ride)
            latest[p] = np.minimum(latest[p], latest[d] - service[p] - direct)
            earliest[d] = np.maximum(earliest[d], earliest[p] + service[p] + direct)
            earliest[p] = np.maximum(earliest[p], earliest[d] - ride - service[p])
    return stops


def _check_shifts(vehicles: Vehicles) -> None:
    empty = (vehicles.end_until < vehicles.start_from) | (vehicles.duration_max < 0)
    if len(found := np.flatnonzero(empty)):
        raise ContradictoryLimits(
            f"Vehicle {found[0]} has a shift that ends before it begins.", vehicle=int(found[0])
        )


def _check_windows(stops: Stops, requests: Requests, time: Floats, n: int) -> None:
    waiting = requests.aboard == NONE
    empty = (requests.pickup_from > requests.pickup_until) | (
        requests.delivery_from > requests.delivery_until
    )
    if len(found := np.flatnonzero(empty)):
        raise ContradictoryLimits(
            f"Request {found[0]} has a window that ends before it begins.", request=int(found[0])
        )
    closed = stops.earliest[: 2 * n] > stops.latest[: 2 * n] + SLACK
    too_far = np.diagonal(time[:n, n:]) > requests.ride_max + SLACK
    closed = waiting & (closed[:n] | closed[n:] | too_far)
    if len(found := np.flatnonzero(closed)):
        raise ContradictoryLimits(
            f"Request {found[0]} can be served by no vehicle: windows, longest ride and shifts "
            "leave no time for it.",
            request=int(found[0]),
        )


def _check_durations(requests: Requests, vehicles: Vehicles, time: Floats, n: int) -> None:
    """Refuse a request that is longer, from start to end of a route, than any vehicle is out."""
    pickup, start = np.arange(n), np.arange(2 * n, 2 * n + len(vehicles.seats))
    delivery, end = pickup + n, start + len(start)
    ride = requests.pickup_service + time[pickup, delivery] + requests.delivery_service
    out = time[np.ix_(start, pickup)] + ride + time[np.ix_(delivery, end)].T
    closed = (out > vehicles.duration_max[:, None] + SLACK).all(axis=0)
    if len(found := np.flatnonzero(closed & (requests.aboard == NONE))):
        raise ContradictoryLimits(
            f"Request {found[0]} can be served by no vehicle: its shortest route takes longer than "
            "any vehicle may be out.",
            request=int(found[0]),
        )


def _kinds(vehicles: Vehicles, time: Floats, cost: Floats, n: int) -> Ints:
    """Return a number for each vehicle, the same for those that are alike while empty."""
    fleet_size = len(vehicles.seats)
    start = np.arange(2 * n, 2 * n + fleet_size)
    end = start + fleet_size
    nodes = slice(0, 2 * n)
    rows = np.column_stack(
        [
            vehicles.seats, vehicles.start_from, vehicles.end_until, vehicles.duration_max,
            time[start, end], cost[start, end],
            time[start, nodes], time[nodes, end].T, cost[start, nodes], cost[nodes, end].T,
        ]
    )  # fmt: skip
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
