"""Ranks the vehicles that may serve a request, best first, and says why for every vehicle.

First the rules leave vehicles out. Of those that may serve, the nearest by straight line are
measured by road, at every step of the order of use. They are ranked by their cost, which is the
sum that batch matching minimises (`weights`): the order of use stands above all else, then come
arrival, empty distance, and the duty of the driver and of the unit's drivers that day. No chance
is used. Among equal costs the written order decides: step of use, arrival in steps of `bucket_s`,
the driver's duty, the vehicle's number in the register.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.columns import Choices, Floats, Ints
from dispatch.eligibility.crews import mean_duty_s
from dispatch.eligibility.judging import Judged, LeftOuts, judge
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.setting_out import Start, setting_out
from dispatch.eligibility.staff import NOBODY, Staff
from dispatch.matching.problem import CostTerms
from dispatch.matching.weights import Weights
from dispatch.roads.network import LatLon
from dispatch.roads.plane import distance_m
from dispatch.slips.content import kilometres
from fleet.words import Holding


class TravelMatrix(Protocol):
    """The part of `dispatch.roads.travel_times.TravelTimes` that ranking needs."""

    @property
    def label(self) -> str:
        """What the figures rest on: `roads` or `straight_line`."""

    def matrix(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Seconds and metres from each origin to each destination."""


class Use(IntEnum):
    """In which order vehicles are tried.

    The numbers are kept with suggestions. No vehicle stands at sharing (合乘) until an order can
    take a second request.
    """

    OWN_UNIT = 1
    POOL = 2
    CROSS_UNIT = 3
    SHARING = 4
    RENTAL = 5


_USE_SENTENCE = {
    Use.OWN_UNIT: "本单位车辆，优先使用",
    Use.POOL: "平台车辆",
    Use.CROSS_UNIT: "跨单位统一调度",
    Use.SHARING: "与其他用车申请合乘",
    Use.RENTAL: "租赁车辆，自有和平台车辆之后使用",
}
FARTHER = "farther", "直线距离更远，未计算到达时间"
REACHABLE = "reachable", "按路网无法到达上车地点"


@dataclass(frozen=True, slots=True)
class RankingTerms:
    """What ranking may be tuned by.

    bucket_s: arrivals within so many seconds count as equal where costs are
    measured: how many vehicles of each step of use are measured by road
    """

    bucket_s: int = 120
    measured: int = 25
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        if self.bucket_s < 1 or self.measured < 1:
            raise ValueError("bucket_s and measured must be positive")


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of a candidate's place, named by its rule."""

    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A vehicle that may serve, with its driver and why it stands where it stands.

    seen_at: when the vehicle was seen at `start`; None where it is its base
    """

    vehicle: VehicleChoice
    driver: DriverChoice
    use: Use
    start: LatLon
    seen_at: datetime | None
    arrival_s: int
    empty_m: int
    unit_duty_s: int
    cost: CostTerms

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The terms of the cost in sentences."""
        origin = "当前位置" if self.seen_at else "停放点"
        minutes = max(1, round(self.arrival_s / 60))
        duty, unit_duty = self.driver.duty_s // 60, self.unit_duty_s // 60
        return (
            Reason("order_of_use", _USE_SENTENCE[self.use]),
            Reason("arrival_time", f"从{origin}约 {minutes} 分钟到达"),
            Reason("empty_distance", f"空驶 {kilometres(self.empty_m)}"),
            Reason("duty", f"驾驶员当日任务 {duty} 分钟"),
            Reason("unit_duty", f"所属单位驾驶员当日平均任务 {unit_duty} 分钟"),
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, and all others with the rule that left them out, nearest first."""

    candidates: tuple[Candidate, ...]
    left_out: LeftOuts


def use_of(vehicle: VehicleChoice, need: Need) -> Use:
    """Return at which step of the order of use the vehicle is tried."""
    if vehicle.holding == Holding.RENTAL:
        return Use.RENTAL
    if vehicle.unit_no == need.unit_no:
        return Use.OWN_UNIT
    return Use.POOL if vehicle.holding == Holding.POOL else Use.CROSS_UNIT


def rank(
    vehicles: Sequence[VehicleChoice],
    need: Need,
    at: At,
    travel_times: TravelMatrix,
    terms: RankingTerms = RankingTerms(),
) -> Ranking:
    """Return the vehicles that may serve, best first, and those left out, nearest first.

    The order in which vehicles are given makes no difference.
    """
    choices = Choices.of(vehicles)
    judged = judge(choices, need, at)
    straight_m = _straight_m(choices, need, at)
    near, far = _nearest(choices, judged.eligible, straight_m, need, terms)
    judged = judged.also(far, *FARTHER)
    ways, unreachable = _measured(choices, near, need, at, travel_times)
    judged = judged.also(unreachable, *REACHABLE)
    candidates = _candidates(ways, need, terms.weights)
    return Ranking(
        candidates=tuple(sorted(candidates, key=lambda c: _place(c, terms))),
        left_out=_left_out(choices, judged, straight_m),
    )


def _place(candidate: Candidate, terms: RankingTerms) -> tuple[int, ...]:
    """Return what candidates are sorted by: the cost, then the written order of ties."""
    return (
        candidate.cost.total_s,
        candidate.use,
        candidate.arrival_s // terms.bucket_s,
        candidate.driver.duty_s,
        candidate.vehicle.no,
    )


def _straight_m(choices: Choices, need: Need, at: At) -> Floats:
    """Return each vehicle's straight line to the passengers in metres, NaN where unknown.

    From where `setting_out` says, for all at once. Shape (n,).
    """
    lat, lon = choices.fixes.lat, choices.fixes.lon
    if not need.is_immediate(at.now, at.limits):
        base_lat, base_lon = choices.bases()
        has_base = ~np.isnan(base_lat)
        lat, lon = np.where(has_base, base_lat, lat), np.where(has_base, base_lon, lon)
    origin_lat, origin_lon = (np.float64(degrees) for degrees in need.origin)
    return distance_m(lat, lon, np.asarray(origin_lat), np.asarray(origin_lon))


def _nearest(
    choices: Choices, eligible: Ints, straight_m: Floats, need: Need, terms: RankingTerms
) -> tuple[Ints, Ints]:
    """Split into the nearest `measured` of each step of use, and the others."""
    steps = _steps(choices, eligible, need)
    order = np.lexsort((choices.nos[eligible], straight_m[eligible], steps))
    eligible, steps = eligible[order], steps[order]
    starts = np.searchsorted(steps, steps)
    is_near = np.arange(len(steps)) - starts < terms.measured
    return eligible[is_near], eligible[~is_near]


def _steps(choices: Choices, among: Ints, need: Need) -> Ints:
    """Return at which step of the order of use each of these vehicles is tried, shape of `among`.

    Vehicles of one holding stand at one step, apart from those of the unit that asks.
    """
    is_own = choices.facts["unit_no"].of(lambda unit_no: unit_no == need.unit_no).as_numbers()
    kinds = 2 * choices.facts["holding"].codes[among] + is_own[among]
    _, firsts, kind = np.unique(kinds, return_index=True, return_inverse=True)
    steps = [use_of(choices[i], need) for i in among[firsts].tolist()]
    return np.array(steps, dtype=np.int64)[kind]


@dataclass(frozen=True, slots=True)
class _Way:
    """How a vehicle and its driver would come to the passengers, in seconds and metres."""

    vehicle: VehicleChoice
    driver: DriverChoice
    start: Start
    arrival_s: float
    empty_m: float


def _measured(
    choices: Choices, near: Ints, need: Need, at: At, travel_times: TravelMatrix
) -> tuple[list[_Way], Ints]:
    """Return the ways of these vehicles by travel times, and the vehicles without one."""
    staff = choices.once(Staff)
    places = staff.best(near, need).tolist()
    ready = [
        (vehicle, staff.drivers[place], start)
        for vehicle, place in zip((choices[i] for i in near.tolist()), places, strict=True)
        if place != NOBODY and (start := setting_out(vehicle, need, at))
    ]
    if not ready:
        return [], near[:0]
    seconds, metres = travel_times.matrix([start.point for *_, start in ready], [need.origin])
    ways = [
        _Way(*one, arrival_s, empty_m)
        for one, arrival_s, empty_m in zip(
            ready, seconds[:, 0].tolist(), metres[:, 0].tolist(), strict=True
        )
    ]
    reached = np.isfinite(seconds[:, 0]) & np.isfinite(metres[:, 0])
    return [way for way, there in zip(ways, reached, strict=True) if there], near[~reached]


def _candidates(ways: Sequence[_Way], need: Need, weights: Weights) -> list[Candidate]:
    candidates = []
    for way in ways:
        use, unit_duty_s = use_of(way.vehicle, need), mean_duty_s(way.vehicle.drivers)
        candidates.append(
            Candidate(
                vehicle=way.vehicle,
                driver=way.driver,
                use=use,
                start=way.start.point,
                seen_at=way.start.seen_at,
                arrival_s=round(way.arrival_s),
                empty_m=round(way.empty_m),
                unit_duty_s=unit_duty_s,
                cost=_cost(way, use, unit_duty_s, weights),
            )
        )
    return candidates


# Steps as `weights` counts them; nobody shares yet.
_STEP = {Use.OWN_UNIT: 0, Use.POOL: 1, Use.CROSS_UNIT: 2, Use.RENTAL: 3}


def _cost(way: _Way, use: Use, unit_duty_s: int, weights: Weights) -> CostTerms:
    """Return the terms of one vehicle's cost by the formula of `weights`."""
    steps = round(way.arrival_s / weights.arrival_step_s)
    return CostTerms(
        use_s=_STEP[use] * weights.use_step_s,
        arrival_s=steps * weights.arrival_step_s,
        empty_s=round(way.empty_m * (weights.empty_s_a_km / 1000)),
        driver_duty_s=way.driver.duty_s * weights.driver_duty_s_an_hour // 3600,
        unit_duty_s=unit_duty_s * weights.unit_duty_s_an_hour // 3600,
    )


def _left_out(choices: Choices, judged: Judged, straight_m: Floats) -> LeftOuts:
    left = np.flatnonzero(judged.of >= 0)
    left = left[np.lexsort((choices.nos[left], straight_m[left]))]
    return LeftOuts(choices.nos[left], judged.of[left], judged.told)
