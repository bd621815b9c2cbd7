"""Rules on where the vehicle is: its position is fresh where that matters, and known at all."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need


def terminal_fresh(vehicle: VehicleChoice, need: Need, at: At) -> str | None:
    """For an immediate ride the vehicle's position is known and fresh."""
    if not need.is_immediate(at.now, at.limits):
        return None
    minutes = at.limits.fresh_s // 60
    if vehicle.seen_at is None:
        return f"车载终端近 {minutes} 分钟无有效定位"
    age_s = (at.now - vehicle.seen_at).total_seconds()
    if age_s <= at.limits.fresh_s:
        return None
    return f"最后定位在 {int(age_s // 60)} 分钟前，超过 {minutes} 分钟"


def placed(vehicle: VehicleChoice, need: Need, at: At) -> str | None:
    """It is known from where the vehicle would set out (see `setting_out`)."""
    if vehicle.is_seen or (vehicle.has_base and not need.is_immediate(at.now, at.limits)):
        return None
    return "无定点停放点，也无近期定位，无法估计到达时间"
