"""Why the register of vehicles refuses something."""

from kit.errors import BadRequest, Conflict, Unavailable


class VinTaken(Conflict):
    """Another vehicle has this identification number (VIN)."""


class SecretVehicleRefused(BadRequest):
    """This vehicle has no place in this system; keep it outside, and report only a count."""

    # Neither the sentence nor a fact may name the vehicle: a refusal must leave no plate.


class PlateRefusalsUnreadable(Unavailable):
    """The list of refused plates was made with another key, so no plate can be checked."""


class PurchasedAfterStart(BadRequest):
    """A vehicle is bought no later than a unit begins to use it."""


class UnknownUseType(BadRequest):
    """This finer kind of use is not in the list of the unit and its category."""


class MarkingIncomplete(BadRequest):
    """A marked vehicle needs the day of its marking, and an exempt one its basis."""


class VehicleGone(Conflict):
    """The vehicle has left the fleet."""


class SameUnit(Conflict):
    """The vehicle is already with this unit at that time."""


class OutsideUse(Conflict):
    """No unit used the vehicle at that time, or it was handed over again since."""


class NothingChanges(BadRequest):
    """Nothing in the request differs from what stands in the register."""


class MethodMissing(BadRequest):
    """Say by which method the vehicle is disposed of, or that it is struck off."""
