"""May this vehicle serve this request? A list of named rules, each with its sentence.

A rule is a small pure function of (vehicle, need, at) that returns None, or the Chinese sentence
that the dispatcher reads beside a vehicle left out. The first rule that objects is the one shown.
Sentences name figures, never people's whereabouts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.roads.network import LatLon
from dispatch.slips.content import beijing
from fleet.people.licences import may_drive
from fleet.vehicles.words import Body, LifeState
from fleet.words import Category


@dataclass(frozen=True, slots=True)
class Limits:
    """When a position is fresh, and from how soon a ride depends on where vehicles are now."""

    fresh_s: int = 900
    immediate_s: int = 7200

    def __post_init__(self) -> None:
        if min(self.fresh_s, self.immediate_s) < 1:
            raise ValueError("fresh_s and immediate_s must be positive")


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a vehicle was last seen (WGS-84)."""

    point: LatLon
    time: datetime


@dataclass(frozen=True, slots=True)
class DriverChoice:
    """A driver of the vehicle's unit, with what decides whether they may drive this ride.

    The licence is the one in force when the ride ends. `busy_until` is the end of an order that
    overlaps the period; `duty_s` is the time promised to orders on the day of the ride. `on_leave`:
    away in the period; `off_shift`: has shifts on that day, and the ride begins in none of them.
    """

    no: int
    id: UUID
    name: str
    licence_class: str
    licence_until: datetime | None
    busy_until: datetime | None
    duty_s: int
    on_leave: bool = False
    off_shift: bool = False


@dataclass(frozen=True, slots=True)
class VehicleChoice:
    """A vehicle within the dispatcher's scope, with what decides whether it may serve.

    `busy_until` is the end of an order that overlaps the period; `overdue_since` the planned end
    of an order from which the vehicle has not returned; `state` how far it has come in its life;
    `sealed_by` the name of the sealing under which it stands in the period.
    """

    no: int
    id: UUID
    plate: str
    seats: int
    category: str
    holding: str
    unit_no: int
    unit_id: UUID
    unit_name: str
    base: LatLon | None
    fix: Fix | None
    busy_until: datetime | None
    overdue_since: datetime | None
    drivers: Sequence[DriverChoice]
    body: Body | None = None
    state: LifeState = LifeState.IN_USE
    sealed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What a request asks of a vehicle; `passengers` does not count the driver."""

    unit_no: int
    category: str | None
    passengers: int
    start: datetime
    end: datetime
    origin: LatLon

    def is_immediate(self, now: datetime, limits: Limits) -> bool:
        """Whether the ride begins so soon that it matters where vehicles are now."""
        return self.start <= now + timedelta(seconds=limits.immediate_s)


@dataclass(frozen=True, slots=True)
class At:
    """The instant and the limits by which rules judge."""

    now: datetime
    limits: Limits


Rule = Callable[[VehicleChoice, Need, At], str | None]

# Kept for their statutory use: they go only to requests that ask for them by category.
RESERVED = frozenset(
    {Category.CONFIDENTIAL_COURIER, Category.ENFORCEMENT, Category.SPECIAL_TECHNICAL}
)

CATEGORY_LABEL: dict[str, str] = {
    Category.CONFIDENTIAL_COURIER: "机要通信",
    Category.EMERGENCY: "应急保障",
    Category.ENFORCEMENT: "执法执勤",
    Category.SPECIAL_TECHNICAL: "特种专业技术",
    Category.OTHER_PRESCRIBED: "其他",
}


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


def category(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle's category is the one asked for, or open to general use."""
    label = CATEGORY_LABEL.get(vehicle.category, vehicle.category)
    if need.category is None:
        return f"{label}用车不用于一般公务" if vehicle.category in RESERVED else None
    if vehicle.category == need.category:
        return None
    return f"用途类别为{label}，申请要求{CATEGORY_LABEL.get(need.category, need.category)}"


def seats(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """There is a seat for each passenger beside the driver's (核定载客 counts the driver)."""
    if has_seats(vehicle.seats, need.passengers):
        return None
    return f"核定载客 {vehicle.seats} 人（含驾驶员），乘车 {need.passengers} 人"


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


def terminal_fresh(vehicle: VehicleChoice, need: Need, at: At) -> str | None:
    """For an immediate ride the vehicle's position is known and fresh."""
    if not need.is_immediate(at.now, at.limits):
        return None
    minutes = at.limits.fresh_s // 60
    if vehicle.fix is None:
        return f"车载终端近 {minutes} 分钟无有效定位"
    age_s = (at.now - vehicle.fix.time).total_seconds()
    if age_s <= at.limits.fresh_s:
        return None
    return f"最后定位在 {int(age_s // 60)} 分钟前，超过 {minutes} 分钟"


def placed(vehicle: VehicleChoice, need: Need, at: At) -> str | None:
    """It is known from where the vehicle would set out."""
    if setting_out(vehicle, need, at) is not None:
        return None
    return "无定点停放点，也无近期定位，无法估计到达时间"


def driver(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle's unit has a driver on duty who is free and licensed for the vehicle."""
    if any(is_available(d, vehicle, need) for d in vehicle.drivers):
        return None
    if not vehicle.drivers:
        return "所属单位没有登记驾驶员"
    return f"所属单位 {len(vehicle.drivers)} 名驾驶员该时段均有任务、请假、不当班或准驾不符"


RULES: tuple[Rule, ...] = (
    in_use,
    unsealed,
    category,
    seats,
    free,
    back,
    terminal_fresh,
    placed,
    driver,
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A vehicle that may not serve, the rule that says so, and its sentence."""

    vehicle: VehicleChoice
    rule: str
    sentence: str


def objection(vehicle: VehicleChoice, need: Need, at: At) -> LeftOut | None:
    """Return the first rule that leaves the vehicle out, or None when it may serve."""
    for rule in RULES:
        sentence = rule(vehicle, need, at)
        if sentence is not None:
            return LeftOut(vehicle, rule.__name__, sentence)
    return None


def has_seats(vehicle_seats: int, passengers: int) -> bool:
    """Whether the passengers and the driver fit; the seats of a vehicle count the driver's."""
    return passengers + 1 <= vehicle_seats


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
    """Whether the driver is on duty and free in the period, and licensed until its end."""
    if choice.busy_until is not None or choice.on_leave or choice.off_shift:
        return False
    return is_licensed(
        choice.licence_class, choice.licence_until, vehicle.body, vehicle.seats, need.end
    )


def best_driver(vehicle: VehicleChoice, need: Need) -> DriverChoice | None:
    """Return the available driver with the least duty on that day, then by id; None if none."""
    available = [d for d in vehicle.drivers if is_available(d, vehicle, need)]
    return min(available, key=lambda d: (d.duty_s, d.id), default=None)


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
