"""A day's plan with sharing (合乘), beside the same day's plan in which nobody shares.

Random days of an invented city 20 km wide: a morning and an afternoon peak, six places that all
rides lead to, half of them there and back, and three of five passengers agree to share within the
detour that holds by default. One driver to each vehicle, all from one base.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dispatch.capacity.fitting import seconds
from dispatch.eligibility.ride_length import ride_m
from dispatch.plans.model import Car, Crew, Day, Ride
from dispatch.plans.reading import ReadDay
from dispatch.plans.sharing import Arranged, arrange, arrange_apart
from dispatch.plans.ways import ways_between
from dispatch.roads.network import LatLon
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.shared_rides.detours import limit_of
from dispatch.shared_rides.legs import Ride as SharedRide
from dispatch.tables import Request
from fleet.rules.sharing import SharingDetour
from loadtests.measuring import Figure, Place

SIZES = ((40, 10), (40, 20), (100, 25), (100, 40))
"""Rides and vehicles of a day."""
_SEEDS = (1, 2, 3)
_ROADS = StraightLineTravelTimes()
_NOW = datetime(2026, 3, 1, 16, tzinfo=UTC)  # midnight in Shanghai
_HOUR_S, _QUARTER_S = 3_600, 900
_BASE = (45.75, 126.65)
_NORTH_KM, _EAST_KM = 1 / 111.2, 1 / 77.6  # degrees at the base
_HALF_WIDTH_KM = 10.0
_AGREE, _RETURN = 0.6, 0.5
_SEATS = (4, 4, 4, 6)
_DAY_S, _WEEK_S = 11 * _HOUR_S, 44 * _HOUR_S


def run(place: Place) -> list[Figure]:  # noqa: ARG001
    """Plan some days of each size twice: apart, and with sharing."""
    arrange(read_day(2, 1, seed=0), _ROADS, _NOW)  # compiled before anything is measured
    return [figure for size in SIZES for figure in figures_of(*size)]


def figures_of(rides: int, vehicles: int) -> list[Figure]:
    """Return what was measured of some days of this size."""
    days = [read_day(rides, vehicles, seed) for seed in _SEEDS]
    apart = [_tried(day, is_shared=False) for day in days]
    shared = [_tried(day, is_shared=True) for day in days]
    name = f"{rides} rides, {vehicles} vehicles"
    served = sum(one.served for one in apart)
    asked = rides * len(days)
    return [
        Figure(f"{name}, apart: served", served, f"of {asked}"),
        Figure(
            f"{name}, with sharing: served",
            sum(one.served for one in shared),
            f"of {asked}",
            at_least=served,
        ),
        Figure(f"{name}, with sharing: who share", sum(one.sharing for one in shared), "rides"),
        Figure(f"{name}, apart: driven for each", _km_each(apart), "km"),
        Figure(f"{name}, with sharing: driven for each", _km_each(shared), "km"),
        Figure(f"{name}, apart: CPU a day, the most", max(one.cpu_s for one in apart), "s"),
        Figure(f"{name}, with sharing: CPU a day, the most", max(one.cpu_s for one in shared), "s"),
    ]


@dataclass(frozen=True, slots=True)
class _Planned:
    """What became of a day: requests served, those of them who share, metres driven in all."""

    served: int
    sharing: int
    driven_m: int
    cpu_s: float


def _tried(read: ReadDay, *, is_shared: bool) -> _Planned:
    before_s = time.process_time()
    made = arrange(read, _ROADS, _NOW) if is_shared else arrange_apart(read)
    cpu_s = time.process_time() - before_s
    riders = [made.riders[line.ride] for line in made.proposal.lines]
    served = [one for group in riders for one in group]
    if len(set(served)) < len(served):
        raise ValueError("somebody is served twice")
    return _Planned(
        len(served), sum(len(group) for group in riders if len(group) > 1), _driven_m(made), cpu_s
    )


def _driven_m(made: Arranged) -> int:
    lengths = (made.day.rides[line.ride].length_m for line in made.proposal.lines)
    return made.proposal.empty_m + sum(lengths)


def _km_each(planned: Sequence[_Planned]) -> float:
    return sum(one.driven_m for one in planned) / sum(one.served for one in planned) / 1_000


def read_day(rides: int, vehicles: int, seed: int) -> ReadDay:
    """Return a random day; the same of each seed."""
    chance = random.Random(seed)
    known = [_anywhere(chance) for _ in range(6)]
    asked = [_asked(chance, n, known) for n in range(rides)]
    everything = frozenset(range(vehicles))
    whole_day = (seconds(_NOW + timedelta(hours=5)), seconds(_NOW + timedelta(hours=24)))
    cars = [Car(_BASE)] * vehicles
    planned = [_planned(one, everything) for one in asked]
    crews = [Crew(everything, (whole_day,), _DAY_S, _WEEK_S)] * vehicles
    return ReadDay(
        day=Day(planned, cars, crews, ways_between(planned, cars, _ROADS)),
        requests=tuple(Request(id=one.request_id) for one in asked),
        held=frozenset(),
        vehicle_nos=tuple(range(vehicles)),
        driver_nos=tuple(range(vehicles)),
        away=0,
        sharers=tuple(one if chance.random() < _AGREE else None for one in asked),
        seats=tuple(_SEATS[v % len(_SEATS)] for v in range(vehicles)),
        base=_BASE,
    )


def _anywhere(chance: random.Random) -> LatLon:
    north, east = (chance.uniform(-_HALF_WIDTH_KM, _HALF_WIDTH_KM) for _ in range(2))
    return _BASE[0] + north * _NORTH_KM, _BASE[1] + east * _EAST_KM


def _asked(chance: random.Random, n: int, known: Sequence[LatLon]) -> SharedRide:
    peak = chance.gauss(9, 1) if chance.random() < 0.5 else chance.gauss(14, 1.2)
    start_s = int(min(max(peak, 6), 18) * _HOUR_S) // _QUARTER_S * _QUARTER_S
    origin = _anywhere(chance)
    destination = chance.choice(known)
    is_return = chance.random() < _RETURN
    direct_s = float(_ROADS.matrix([origin], [destination])[0][0, 0])
    stay_s = chance.choice((1, 2, 3)) * _HOUR_S if is_return else 0
    length_s = direct_s * (2 if is_return else 1) + stay_s + 2 * _QUARTER_S
    start = _NOW + timedelta(seconds=start_s)
    return SharedRide(
        request_id=UUID(int=n + 1),
        passengers=chance.choice((1, 1, 1, 2, 2, 3)),
        origin=origin,
        destination=destination,
        start=start,
        end=start + timedelta(seconds=int(length_s) // _QUARTER_S * _QUARTER_S),
        is_round_trip=is_return,
        limit=limit_of(None, None, SharingDetour()),
    )


def _planned(asked: SharedRide, vehicles: frozenset[int]) -> Ride:
    is_return = asked.is_round_trip
    return Ride(
        span=(seconds(asked.start), seconds(asked.end)),
        origin=asked.origin,
        ends_at=asked.origin if is_return else asked.destination,
        length_m=ride_m(asked.origin, asked.destination, round_trip=is_return),
        vehicles=vehicles,
        promised=0,
    )
