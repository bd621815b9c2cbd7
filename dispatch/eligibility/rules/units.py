"""The rule on other units' vehicles (跨单位统一调度)."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from fleet.words import Holding


def cross_unit_open(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle is the unit's own or the pool's, or its unit lets others be given its vehicles.

    The regulation wants vehicles dispatched as one (机关事务管理条例 art 26); which unit keeps its
    own to itself says the inherited rule `cross_unit`.
    """
    if vehicle.closed_unit_no in {None, need.unit_no} or vehicle.holding == Holding.POOL:
        return None
    return "所属单位车辆不用于跨单位统一调度"
