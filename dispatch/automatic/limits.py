"""May this be assigned automatically? The limits of the rule, each with its sentence.

Pure: the first limit that stops is the one told. Sentences name figures, no vehicle and nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from dispatch.automatic.words import AutoDispatchStop
from dispatch.matching.ranking import Use
from dispatch.slips.content import kilometres
from dispatch.words import PURPOSE_LABEL, Purpose
from fleet.rules.auto_dispatch import AutoDispatchLimits, VehicleReach
from kit.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Stop:
    """What leaves a request to the dispatcher, and its sentence."""

    stop: AutoDispatchStop
    sentence: str


@dataclass(frozen=True, slots=True)
class Ride:
    """What limits look at before any vehicle is known."""

    purpose: Purpose
    start: datetime
    end: datetime

    @property
    def length_s(self) -> int:
        """From the planned departure to the planned return, in seconds."""
        return round((self.end - self.start).total_seconds())


_FARTHEST_USE = {
    VehicleReach.OWN_UNIT: Use.OWN_UNIT,
    VehicleReach.POOL: Use.POOL,
    VehicleReach.CROSS_UNIT: Use.CROSS_UNIT,
}
_REACH_LABEL = {
    VehicleReach.OWN_UNIT: "本单位车辆",
    VehicleReach.POOL: "平台车辆",
    VehicleReach.CROSS_UNIT: "跨单位统一调度",
}
_USE_LABEL = {
    Use.OWN_UNIT: "本单位车辆",
    Use.POOL: "平台车辆",
    Use.CROSS_UNIT: "跨单位统一调度",
    Use.SHARING: "合乘车辆",
    Use.RENTAL: "租赁车辆",
}


def purpose_allowed(ride: Ride, limits: AutoDispatchLimits) -> Stop | None:
    """The purpose is one of those that are dispatched automatically."""
    if limits.purposes is None or ride.purpose in limits.purposes:
        return None
    sentence = f"用车事由“{PURPOSE_LABEL[ride.purpose]}”不在自动派车范围内"
    return Stop(AutoDispatchStop.PURPOSES, sentence)


def short_enough(ride: Ride, limits: AutoDispatchLimits) -> Stop | None:
    """The ride is no longer than the limit."""
    if ride.length_s <= limits.longest_ride_s:
        return None
    planned, most = _hours(ride.length_s), _hours(limits.longest_ride_s)
    sentence = f"计划用车 {planned} 小时，超过自动派车上限 {most} 小时"
    return Stop(AutoDispatchStop.LONGEST_RIDE, sentence)


def in_hours(ride: Ride, limits: AutoDispatchLimits) -> Stop | None:
    """The ride begins in the hours of automatic dispatch."""
    if limits.hours is None or limits.hours.contains(ride.start):
        return None
    start, end = _clock(limits.hours.start), _clock(limits.hours.end)
    begins = _clock(ride.start.astimezone(SHANGHAI).time())
    return Stop(AutoDispatchStop.HOURS, f"出发时间 {begins} 不在自动派车时段 {start}–{end} 内")


_OF_RIDES: tuple[Callable[[Ride, AutoDispatchLimits], Stop | None], ...] = (
    purpose_allowed,
    short_enough,
    in_hours,
)


def stop_of_ride(ride: Ride, limits: AutoDispatchLimits) -> Stop | None:
    """Return the first limit that the ride itself passes, None within all."""
    return next((stop for rule in _OF_RIDES if (stop := rule(ride, limits))), None)


def stop_of_vehicle(use: Use, empty_m: int, limits: AutoDispatchLimits) -> Stop | None:
    """Return the first limit that the best vehicle passes, None within all."""
    if use > _FARTHEST_USE[limits.vehicles]:
        sentence = f"首选车辆为{_USE_LABEL[use]}，自动派车至多用到{_REACH_LABEL[limits.vehicles]}"
        return Stop(AutoDispatchStop.VEHICLES, sentence)
    if empty_m > limits.greatest_empty_m:
        most = kilometres(limits.greatest_empty_m)
        sentence = f"首选车辆空驶 {kilometres(empty_m)}，超过自动派车上限 {most}"
        return Stop(AutoDispatchStop.GREATEST_EMPTY, sentence)
    return None


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:.1f}".removesuffix(".0")


def _clock(at: time) -> str:
    return at.strftime("%H:%M")
