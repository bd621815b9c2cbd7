"""What an order refuses of its vehicle, its driver and its passengers' pick-up."""

from dispatch.errors import DriverBusy, VehicleBusy
from kit.errors import BadRequest


class VehicleOut(VehicleBusy):
    """The vehicle is still out on another order; end that one first."""


class DriverOut(DriverBusy):
    """The driver is still out on another order; end that one first."""


class PickupOutsideOrder(BadRequest):
    """The pick-up lies within the period of the order; extend it first for a later one."""


class RevisionNeeded(BadRequest):
    """Say which revision of the order you have read, so that nothing newer is taken back."""
