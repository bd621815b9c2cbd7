"""Rules on the vehicle itself: it is in use, and no sealing makes it stand."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from fleet.vehicles.words import LifeState

STATE_LABEL: dict[LifeState, str] = {
    LifeState.QUOTA_APPROVED: "编制核定",
    LifeState.PURCHASED: "购置",
    LifeState.REGISTERED: "登记上牌",
    LifeState.ALLOCATED: "配备",
    LifeState.RENEWED: "更新",
    LifeState.DISPOSED: "处置",
    LifeState.STRUCK_OFF: "注销登记",
}


def in_use(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle has been put in use, and its renewal is not decided."""
    if vehicle.state is LifeState.IN_USE:
        return None
    return f"车辆不在用，状态为{STATE_LABEL[vehicle.state]}"


def unsealed(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """No sealing makes the vehicle stand in that period."""
    return f"该时段车辆封存：{vehicle.sealed_by}" if vehicle.sealed_by else None
