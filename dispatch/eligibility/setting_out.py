"""From where a vehicle would drive to the passengers."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from dispatch.roads.network import LatLon


@dataclass(frozen=True, slots=True)
class Start:
    """From where a vehicle would drive to the passengers; `seen_at` is None for its base."""

    point: LatLon
    seen_at: datetime | None


def setting_out(vehicle: VehicleChoice, need: Need, at: At) -> Start | None:
    """Return from where the vehicle would set out, None when nobody can tell.

    For an immediate ride that is its last position; later ones start from the base, or from the
    last position when there is no base.
    """
    seen = Start(vehicle.fix.point, vehicle.fix.time) if vehicle.fix else None
    if vehicle.base is None or need.is_immediate(at.now, at.limits):
        return seen
    return Start(vehicle.base, None)
