"""May this driver drive this vehicle for this need? A list of named rules, each with its label.

A rule returns None, or a few Chinese words that complete “2 人……”. The first that objects is the
one counted. Labels say nothing of where somebody is, nor why they are away.
"""

from collections.abc import Callable, Sequence

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.duty_hours import day_beyond, week_beyond
from dispatch.eligibility.need import Need
from fleet.duty.hours import DutyLimits
from fleet.people.licences import allows

DriverRule = Callable[[DriverChoice, VehicleChoice, Need], str | None]

LIMITS = DutyLimits()


def driver_free(driver: DriverChoice, vehicle: VehicleChoice, need: Need) -> str | None:  # noqa: ARG001
    """No order is promised to the driver in that period."""
    return "有任务" if driver.is_busy else None


def driver_present(driver: DriverChoice, vehicle: VehicleChoice, need: Need) -> str | None:  # noqa: ARG001
    """The driver is not on leave in that period."""
    return "请假" if driver.on_leave else None


def driver_on_shift(driver: DriverChoice, vehicle: VehicleChoice, need: Need) -> str | None:  # noqa: ARG001
    """The ride begins in one of the driver's shifts, where shifts are planned for that day."""
    return "不当班" if driver.off_shift else None


def licence_class(driver: DriverChoice, vehicle: VehicleChoice, need: Need) -> str | None:  # noqa: ARG001
    """The licence covers the vehicle (机动车驾驶证申领和使用规定, annex 1)."""
    return None if allows(driver.licence_class, vehicle.licence_needed) else "准驾不符"


def licence_valid(driver: DriverChoice, vehicle: VehicleChoice, need: Need) -> str | None:  # noqa: ARG001
    """The licence is valid to the ride's end; unknown validity passes (道路交通安全法 art 19)."""
    until = driver.licence_until
    return None if until is None or until >= need.end else "驾驶证到期"


def duty_day(driver: DriverChoice, vehicle: VehicleChoice, need: Need) -> str | None:  # noqa: ARG001
    """The orders of the day, with this ride, stay within the longest day of duty."""
    if not day_beyond(driver.duty_s, need, LIMITS):
        return None
    return f"当日任务将超过 {LIMITS.planned_day_s // 3600} 小时"


def duty_week(driver: DriverChoice, vehicle: VehicleChoice, need: Need) -> str | None:  # noqa: ARG001
    """The orders of the week, with this ride, stay within the longest week of duty."""
    if not week_beyond(driver.week_s, need, LIMITS):
        return None
    return f"本周任务将超过 {LIMITS.planned_week_s // 3600} 小时"


DRIVER_RULES: Sequence[DriverRule] = (
    driver_present,
    licence_class,
    licence_valid,
    driver_on_shift,
    driver_free,
    duty_day,
    duty_week,
)


def driver_objection(
    driver: DriverChoice, vehicle: VehicleChoice, need: Need
) -> tuple[str, str] | None:
    """Return the first rule that objects and its label, None when the driver may drive."""
    for rule in DRIVER_RULES:
        label = rule(driver, vehicle, need)
        if label is not None:
            return rule.__name__, label
    return None
