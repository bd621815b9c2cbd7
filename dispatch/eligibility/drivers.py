"""Whether a driver may drive a vehicle for a need."""

from datetime import datetime

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.driver_rules import driver_objection
from dispatch.eligibility.need import Need
from fleet.people.licences import may_drive
from fleet.vehicles.words import Body


def is_licensed(
    licence_class: str,
    licence_until: datetime | None,
    body: Body | None,
    vehicle_seats: int,
    end: datetime,
) -> bool:
    """Whether a licence covers the vehicle and is valid to the end; unknown validity passes."""
    return may_drive(licence_class, body, vehicle_seats) and (
        licence_until is None or licence_until >= end
    )


def is_available(choice: DriverChoice, vehicle: VehicleChoice, need: Need) -> bool:
    """Whether no rule on drivers objects: on duty, free, within hours, licensed to the end."""
    return driver_objection(choice, vehicle, need) is None
