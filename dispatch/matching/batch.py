"""Batch matching of waiting requests to free vehicles (see `problem` for what comes back)."""

from collections.abc import Sequence

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At
from dispatch.matching.problem import Matching, Waiting
from dispatch.matching.ranking import TravelMatrix
from dispatch.matching.weights import Weights

DEFAULT_WEIGHTS = Weights()


def match_batch(
    waiting: Sequence[Waiting],
    vehicles: Sequence[VehicleChoice],
    at: At,
    travel_times: TravelMatrix,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Matching:
    """Return the cheapest assignment of the most requests, class by class.

    Each match obeys all rules of `dispatch.eligibility`; no vehicle and no driver is in two
    matches. The order of the input decides nothing: requests are taken by class, time of asking
    and id, vehicles by plate.
    """
    raise NotImplementedError
