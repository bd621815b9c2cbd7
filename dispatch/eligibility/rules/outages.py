"""Rules on outages (停用): no defect, and no maintenance in that period."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from dispatch.slips.content import beijing
from fleet.outages.words import OutageKind


def no_defect(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """No defect of the vehicle waits to be mended, a failed departure check's included.

    Nobody drives a vehicle with a hidden danger to safety (道路交通安全法 art 21).
    """
    if vehicle.out_of_use is not OutageKind.DEFECT:
        return None
    return f"该时段车辆故障停用，{_until(vehicle)}"


def no_maintenance(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle is not planned to be maintained in that period."""
    if vehicle.out_of_use is not OutageKind.MAINTENANCE:
        return None
    return f"该时段车辆维护停用，{_until(vehicle)}"


def _until(vehicle: VehicleChoice) -> str:
    until = vehicle.out_of_use_until
    return "未定恢复时间" if until is None else f"至 {beijing(until)}"
