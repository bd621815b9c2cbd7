"""How many vehicles for which service: the same demand with smaller and larger fleets."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.simulation.weeks.model import Demand, Fleet, House, Network
from dispatch.simulation.weeks.outcome import Outcome
from dispatch.simulation.weeks.running import Policy, simulate


@dataclass(frozen=True, slots=True)
class Sized:
    """What a fleet of so many vehicles does."""

    vehicles: int
    outcome: Outcome


def size_fleet(
    network: Network,
    fleet: Fleet,
    demand: Demand,
    policy: Policy,
    counts: Sequence[int],
    house: House | None = None,
) -> list[Sized]:
    """Return the outcome for each size, with the fleet's mixture of bases and seats."""
    return [
        Sized(count, simulate(network, fleet.of(count), demand, policy, house)) for count in counts
    ]


def smallest(sized: Sequence[Sized], in_time_share: float) -> int | None:
    """Return the smallest size from which on, as far as tried, so much is in time; None: none."""
    enough: int | None = None
    for one in sorted(sized, key=lambda one: -one.vehicles):
        if one.outcome.in_time_share < in_time_share:
            break
        enough = one.vehicles
    return enough
