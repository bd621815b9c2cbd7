"""Words of simulations."""

from enum import StrEnum


class Assigning(StrEnum):
    """By which rule a simulated pool gives vehicles out."""

    FIRST_COME = "first_come"
    NEAREST = "nearest"
    BATCH = "batch"
    OURS = "ours"


class Fate(StrEnum):
    """What comes of a simulated request."""

    SERVED = "served"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
