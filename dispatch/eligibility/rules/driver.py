"""The rule on drivers: the vehicle's unit has one on duty, free and licensed."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.drivers import is_available
from dispatch.eligibility.need import At, Need


def driver(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle's unit has a driver on duty who is free and licensed for the vehicle."""
    if any(is_available(d, vehicle, need) for d in vehicle.drivers):
        return None
    if not vehicle.drivers:
        return "所属单位没有登记驾驶员"
    return f"所属单位 {len(vehicle.drivers)} 名驾驶员该时段均有任务、请假、不当班或准驾不符"
