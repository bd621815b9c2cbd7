"""Ways of assigning vehicles, beside one another. Each looks at the city and sends vehicles.

`every_s` says how often a policy looks although nothing has happened; None: never.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from dispatch.matching.immediate import ImmediatePolicy, is_light
from dispatch.matching.problem import Bools, Floats, Ints
from dispatch.matching.sparse import UNSERVED, Pairs, assign
from dispatch.simulation.city import City


class Policy(Protocol):
    """A way of assigning vehicles."""

    @property
    def every_s(self) -> float | None:
        """How often it looks by itself, in seconds."""

    def act(self, city: City, *, is_turn: bool) -> None:
        """Send vehicles; is_turn: whether it looks by itself now, and not because of the city."""


@dataclass(frozen=True, slots=True)
class GreedyNearest:
    """Whoever has waited longest gets the nearest free vehicle, at once."""

    every_s: float | None = None

    def act(self, city: City, *, is_turn: bool) -> None:  # noqa: ARG002
        """Send vehicles."""
        free = city.free.tolist()
        for request in city.waiting.copy():
            if not free:
                return
            arrivals_s = city.arrivals_s(np.array(free), np.array([request]))[:, 0]
            city.send(free.pop(int(arrivals_s.argmin())), request)


@dataclass(frozen=True, slots=True)
class Batch:
    """All who wait, matched together every few seconds; what was assigned stays."""

    every_s: float | None = 10.0

    def act(self, city: City, *, is_turn: bool) -> None:
        """Send vehicles."""
        if is_turn:
            match_waiting(city)


@dataclass(frozen=True, slots=True)
class Improving:
    """Ours: at once at light load, in batches above it, and improved until pick-up.

    Passengers are told an instant `slack_s` after the one expected, and that isn't made worse.
    """

    policy: ImmediatePolicy = field(default_factory=ImmediatePolicy)
    slack_s: float = 300.0

    @property
    def every_s(self) -> float | None:
        """As often as requests are gathered."""
        return float(self.policy.batch_s)

    def act(self, city: City, *, is_turn: bool) -> None:
        """Send vehicles."""
        if is_turn or is_light(len(city.waiting), len(city.free)):
            sent = match_waiting(city)
            city.told_s[sent] = city.due_s(sent) + self.slack_s
        is_due = city.now_s - city.improved_s >= self.policy.improve_s
        if is_turn and is_due and len(city.approaching):
            improve_promised(city, self.policy)


def match_waiting(city: City) -> Ints:
    """Match those who wait to the free vehicles at least waiting; return who got a vehicle."""
    free, waiting = city.free, np.array(city.waiting, dtype=np.int64)
    if not len(free) or not len(waiting):
        return waiting[:0]
    pairs = _pairs(city.arrivals_s(free, waiting).T)
    found = assign(pairs, len(waiting))
    served = found != UNSERVED
    for request, column in zip(waiting[served].tolist(), found[served].tolist(), strict=True):
        city.send(int(free[column]), request)
    sent: Ints = waiting[served]
    return sent


def improve_promised(city: City, policy: ImmediatePolicy) -> None:
    """Give promised requests better vehicles, none later than told, as `matching.improve` does."""
    held, city.improved_s = city.approaching, city.now_s
    requests = city.serving[held]
    vehicles = np.concatenate((held, city.free))
    arrivals_s = city.arrivals_s(vehicles, requests).T
    own = np.eye(len(requests), len(vehicles), dtype=np.bool_)
    in_time = city.now_s + arrivals_s <= city.told_s[requests][:, None]
    price_s = np.where(own, 0, policy.change_s + policy.ask_s)
    now_s = arrivals_s[own][:, None]
    if not (in_time & (arrivals_s + price_s < now_s)).any():
        return  # every exchange makes somebody wait less by more than the price
    everybody = np.ones(len(requests), dtype=np.bool_)
    found = assign(_pairs(arrivals_s + price_s, own | in_time), len(requests), everybody)
    changed = np.flatnonzero(found != np.arange(len(requests)))
    city.exchange({int(requests[row]): int(vehicles[found[row]]) for row in changed.tolist()})


def _pairs(cost: Floats, allowed: Bools | None = None) -> Pairs:
    rows, columns = np.nonzero(np.ones(cost.shape, dtype=np.bool_) if allowed is None else allowed)
    return Pairs(rows, columns, np.rint(cost[rows, columns]).astype(np.int64))
