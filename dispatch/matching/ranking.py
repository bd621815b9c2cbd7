"""Ranks the vehicles that may serve a request, each with its reasons.

The order of use is the regulation's and stands above arrival time. Ties are broken in writing:

1. order of use: own unit → pool → other units (cross_unit) → rental
2. arrival time, in buckets of `bucket_s`: a difference that no passenger notices decides nothing
3. fewest seconds of duty of the driver on that day
4. plate

Travel times are asked for the nearest `measured` vehicles of each step of use by straight line,
a cap by number so that the same input gives the same ranking; the rest are left out and said so.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import isfinite
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.drivers import best_driver
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rules import LeftOut, objection
from dispatch.eligibility.setting_out import Start, setting_out
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


@dataclass(frozen=True, slots=True)
class RankingTerms:
    """What ranking may be tuned by."""

    bucket_s: int = 120
    measured: int = 25

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
    """A vehicle that may serve, with its driver and why it stands where it stands."""

    vehicle: VehicleChoice
    driver: DriverChoice
    use: Use
    start: LatLon
    arrival_s: int
    empty_m: int
    position_age_s: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, and all others with the rule that left them out."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]


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
    """Return the vehicles that may serve, best first, and those left out, by plate."""
    left_out = [o for v in vehicles if (o := objection(v, need, at)) is not None]
    objected = {o.vehicle.no for o in left_out}
    eligible = [v for v in vehicles if v.no not in objected]
    near, far = _nearest(eligible, need, at, terms)
    left_out += [LeftOut(v, "farther", "直线距离更远，未计算到达时间") for v in far]
    candidates, unreachable = _measured(near, need, at, travel_times)
    left_out += [LeftOut(v, "reachable", "按路网无法到达上车地点") for v in unreachable]
    return Ranking(
        candidates=tuple(
            sorted(
                candidates,
                key=lambda c: (
                    c.use,
                    c.arrival_s // terms.bucket_s,
                    c.driver.duty_s,
                    c.vehicle.plate,
                ),
            )
        ),
        left_out=tuple(sorted(left_out, key=lambda o: o.vehicle.plate)),
    )


def _nearest(
    eligible: Sequence[VehicleChoice], need: Need, at: At, terms: RankingTerms
) -> tuple[list[VehicleChoice], list[VehicleChoice]]:
    """Split into the nearest `measured` of each step of use, and the others."""
    groups: dict[Use, list[VehicleChoice]] = defaultdict(list)
    for vehicle in eligible:
        groups[use_of(vehicle, need)].append(vehicle)
    near: list[VehicleChoice] = []
    far: list[VehicleChoice] = []
    for group in groups.values():
        straight_m = _straight_m(group, need, at)
        ordered = sorted(group, key=lambda v: (straight_m[v.no], v.plate))
        near += ordered[: terms.measured]
        far += ordered[terms.measured :]
    return near, far


def _straight_m(group: Sequence[VehicleChoice], need: Need, at: At) -> dict[int, float]:
    """Return each vehicle's straight line to the passengers, in metres, by its number."""
    starts = {v.no: start.point for v in group if (start := setting_out(v, need, at))}
    points = np.array(list(starts.values()), dtype=np.float64).reshape(-1, 2)
    origin = np.array([need.origin], dtype=np.float64)
    straight = distance_m(points[:, 0], points[:, 1], origin[:, 0], origin[:, 1])
    return dict(zip(starts, straight.tolist(), strict=True))


def _measured(
    vehicles: Sequence[VehicleChoice], need: Need, at: At, travel_times: TravelMatrix
) -> tuple[list[Candidate], list[VehicleChoice]]:
    """Return the vehicles as candidates with their travel times, and those without a way."""
    ready = [
        (vehicle, start, driver)
        for vehicle in vehicles
        if (start := setting_out(vehicle, need, at)) and (driver := best_driver(vehicle, need))
    ]
    if not ready:
        return [], []
    durations, distances = travel_times.matrix([s.point for _, s, _ in ready], [need.origin])
    candidates: list[Candidate] = []
    unreachable: list[VehicleChoice] = []
    for (vehicle, start, driver), duration_s, empty_m in zip(
        ready, durations[:, 0].tolist(), distances[:, 0].tolist(), strict=True
    ):
        if isfinite(duration_s) and isfinite(empty_m):
            way = _Way(start, round(duration_s), round(empty_m))
            candidates.append(_candidate(vehicle, driver, way, need, at))
        else:
            unreachable.append(vehicle)
    return candidates, unreachable


@dataclass(frozen=True, slots=True)
class _Way:
    """How a vehicle would come to the passengers."""

    start: Start
    arrival_s: int
    empty_m: int


def _candidate(
    vehicle: VehicleChoice, driver: DriverChoice, way: _Way, need: Need, at: At
) -> Candidate:
    use = use_of(vehicle, need)
    seen_at = way.start.seen_at
    minutes = max(1, round(way.arrival_s / 60))
    return Candidate(
        vehicle=vehicle,
        driver=driver,
        use=use,
        start=way.start.point,
        arrival_s=way.arrival_s,
        empty_m=way.empty_m,
        position_age_s=round((at.now - seen_at).total_seconds()) if seen_at else None,
        reasons=(
            Reason("order_of_use", _USE_SENTENCE[use]),
            Reason("arrival_time", f"从{'当前位置' if seen_at else '停放点'}约 {minutes} 分钟到达"),
            Reason("empty_distance", f"空驶 {kilometres(way.empty_m)}"),
            Reason("duty", f"驾驶员当日任务 {driver.duty_s // 60} 分钟"),
        ),
    )
