"""What an order refuses of its vehicle, its driver and its passengers' pick-up."""

from dispatch.errors import DriverBusy, VehicleBusy
from kit.errors import BadRequest, Conflict


class VehicleOut(VehicleBusy):
    """The vehicle is still out on another order; end that one first."""


class DriverOut(DriverBusy):
    """The driver is still out on another order; end that one first."""


class PickupOutsideOrder(BadRequest):
    """The pick-up lies within the period of the order; extend it first for a later one."""


class PickupsOfSeveral(BadRequest):
    """Somebody rides already, and others are picked up each in their turn: name no time for all."""


class RevisionNeeded(BadRequest):
    """Say which revision of the order you have read, so that nothing newer is passed over."""


class TooEarly(Conflict):
    """The order begins later: depart nearer to its start, or have it planned from sooner on."""


class ExtensionTooLong(Conflict):
    """So much longer than was approved is another ride: ask for it."""
