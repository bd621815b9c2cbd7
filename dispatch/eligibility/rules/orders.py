"""Rules on the vehicle's other orders: none in that period, and back from the last one."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from dispatch.slips.content import beijing


def free(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """No order is promised to the vehicle in that period."""
    if vehicle.busy_until is None:
        return None
    return f"该时段已有派车任务，至 {beijing(vehicle.busy_until)}"


def back(vehicle: VehicleChoice, need: Need, at: At) -> str | None:
    """For an immediate ride the vehicle has returned from its last order."""
    if vehicle.overdue_since is None or not need.is_immediate(at.now, at.limits):
        return None
    return f"上一派车任务应于 {beijing(vehicle.overdue_since)} 结束，尚未收车"
