"""A city to simulate, and the requests of one of its days."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dispatch.matching.problem import Floats


@dataclass(frozen=True, slots=True)
class Scenario:
    """A square of so many metres, vehicles in it, and people who ask for one.

    ride_min: how long a vehicle is taken by one ride, from pick-up to free, least and most
    """

    vehicles: int
    requests_an_hour: float
    hours: float = 4.0
    side_m: float = 26_000.0
    ride_min: tuple[float, float] = (10.0, 32.0)

    def __post_init__(self) -> None:
        if self.vehicles < 1 or min(self.requests_an_hour, self.hours, self.side_m) <= 0:
            raise ValueError("a scenario has vehicles, requests, hours and a side above zero")
        if not 0 < self.ride_min[0] <= self.ride_min[1]:
            raise ValueError("ride_min is a span above zero")


LIGHT = Scenario(vehicles=150, requests_an_hour=72)
SATURATED = Scenario(vehicles=150, requests_an_hour=252)
LARGE = Scenario(vehicles=600, requests_an_hour=1_080)
LARGE_SATURATED = Scenario(vehicles=600, requests_an_hour=1_150)
"""Greedy nearest lets people wait here as long as in `SATURATED`; a few requests less, in a city
so dense, and it copes."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happens whatever is decided: where vehicles stand at first, who asks when for what.

    vehicles: (V, 2) metres; asked_s: (R,) ascending, origins, destinations: (R, 2) metres
    ride_s: (R,) from pick-up until the vehicle is free at the destination
    """

    vehicles: Floats
    asked_s: Floats
    origins: Floats
    destinations: Floats
    ride_s: Floats


def day_of(scenario: Scenario, seed: int) -> Day:
    """Return the day that belongs to a seed: requests at random instants, evenly over the city."""
    chance = np.random.default_rng(seed)
    count = int(chance.poisson(scenario.requests_an_hour * scenario.hours))
    least_s, most_s = (minutes * 60 for minutes in scenario.ride_min)
    return Day(
        vehicles=chance.uniform(0, scenario.side_m, (scenario.vehicles, 2)),
        asked_s=np.sort(chance.uniform(0, scenario.hours * 3600, count)),
        origins=chance.uniform(0, scenario.side_m, (count, 2)),
        destinations=chance.uniform(0, scenario.side_m, (count, 2)),
        ride_s=chance.uniform(least_s, most_s, count),
    )


class Ways(Protocol):
    """How long and how far vehicles drive between places in metres."""

    def seconds(self, origins: Floats, destinations: Floats) -> Floats:
        """(O, D) seconds."""

    def metres(self, origin: Floats, destination: Floats) -> float:
        """Metres from one place to another."""


@dataclass(frozen=True, slots=True)
class StraightWays:
    """Straight lines with a detour factor at one speed."""

    detour_factor: float = 1.4
    speed_kmh: float = 30.0

    def seconds(self, origins: Floats, destinations: Floats) -> Floats:
        """(O, D) seconds."""
        apart = origins[:, None, :] - destinations[None, :, :]
        seconds: Floats = np.hypot(apart[..., 0], apart[..., 1]) * (
            self.detour_factor / (self.speed_kmh / 3.6)
        )
        return seconds

    def metres(self, origin: Floats, destination: Floats) -> float:
        """Metres from one place to another."""
        apart = origin - destination
        return float(np.hypot(apart[0], apart[1])) * self.detour_factor
