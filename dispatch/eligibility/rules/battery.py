"""The rule on the range of electric vehicles."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from dispatch.slips.content import kilometres


def in_range(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The battery lasts for the ride, there and back, beside the other orders of that day.

    Unknown figures pass. How full the battery counts says the inherited rule `charged_percent`:
    terminals don't tell it.
    """
    if vehicle.range_m is None or need.ride_m is None or need.ride_m <= vehicle.range_m:
        return None
    left, ride = kilometres(max(0, vehicle.range_m)), kilometres(need.ride_m)
    return f"估算当日还可行驶 {left}，本次约 {ride}"
