"""The rule on seats (核定载客, which counts the driver)."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need


def seats(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """There is a seat for each passenger beside the driver's (核定载客 counts the driver)."""
    if has_seats(vehicle.seats, need.passengers):
        return None
    return f"核定载客 {vehicle.seats} 人（含驾驶员），乘车 {need.passengers} 人"


def has_seats(vehicle_seats: int, passengers: int) -> bool:
    """Whether the passengers and the driver fit; the seats of a vehicle count the driver's."""
    return passengers + 1 <= vehicle_seats
