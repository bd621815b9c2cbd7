"""Better vehicles for promised requests, without a promise made worse."""

from collections.abc import Sequence

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At
from dispatch.matching.batch import DEFAULT_WEIGHTS
from dispatch.matching.immediate import ImmediatePolicy
from dispatch.matching.problem import Exchange, Promised
from dispatch.matching.ranking import TravelMatrix
from dispatch.matching.weights import Weights

DEFAULT_POLICY = ImmediatePolicy()


def improve(
    promised: Sequence[Promised],
    vehicles: Sequence[VehicleChoice],
    at: At,
    travel_times: TravelMatrix,
    policy: ImmediatePolicy = DEFAULT_POLICY,
    weights: Weights = DEFAULT_WEIGHTS,
) -> tuple[Exchange, ...]:
    """Return the exchanges worth making, the one that saves most first.

    vehicles: those that are free, and those of `promised` as they would be without that promise
        (their own order must not make them busy)

    Each request keeps a vehicle; it comes no later than was promised, or than now expected where
    that is later already; for a request above the ordinary class no later than now expected.
    Departed ones stay. An exchange saves at least `change_s` for each change and `ask_s` for each
    driver who is asked.
    """
    raise NotImplementedError
