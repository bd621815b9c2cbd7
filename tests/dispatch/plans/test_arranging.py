"""Sharing is proposed where it serves more or drives less, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from types import SimpleNamespace

from dispatch.capacity.fitting import seconds
from dispatch.plans.model import Car, Crew, Day, PlanLimits, Ride
from dispatch.plans.reading import ReadDay
from dispatch.plans.sharing import Arranged, arrange, arrange_apart
from dispatch.plans.ways import ways_between
from dispatch.shared_rides.legs import Ride as SharedRide
from tests.dispatch.shared_rides.test_grouping import ASIDE, BASE, NOW, ROADS, place, ride

HOUR_S = 3_600
ALL_DAY = (seconds(NOW), seconds(NOW + timedelta(days=1)))
NORTH = [ride(n, 60 + n, place(0, n), place(0, 20)) for n in range(2)]
OPPOSITE = [ride(0, 60, place(0, 5), place(0, 20)), ride(1, 60, place(0, -5), place(0, -20))]


def read_day(
    rides: Sequence[SharedRide],
    *,
    seats: Sequence[int] = (4, 4),
    alone: Sequence[int] = (),
    held: Sequence[int] = (),
    duty_s: int = 11 * HOUR_S,
) -> ReadDay:
    """A day of these rides, two drivers, and vehicles with so many seats at the base.

    alone: those of the rides whose passengers don't share; held: those that are promised
    """
    everything = frozenset(range(len(seats)))
    asked = [
        Ride(
            (seconds(one.start), seconds(one.end)),
            one.origin,
            one.origin if one.is_round_trip else one.destination,
            20_000,
            everything,
            int(r in held),
        )
        for r, one in enumerate(rides)
    ]
    cars = [Car(BASE) for _ in seats]
    crews = [Crew(everything, (ALL_DAY,), duty_s, 5 * duty_s) for _ in range(2)]
    return ReadDay(
        Day(asked, cars, crews, ways_between(asked, cars, ROADS)),
        tuple(SimpleNamespace(id=one.request_id) for one in rides),  # type: ignore[misc]
        frozenset(rides[r].request_id for r in held),
        tuple(range(len(seats))),
        (0, 1),
        0,
        tuple(None if r in alone else one for r, one in enumerate(rides)),
        tuple(seats),
        BASE,
    )


def served(arranged: Arranged) -> list[tuple[int, ...]]:
    return sorted(arranged.riders[line.ride] for line in arranged.proposal.lines)


def test_two_of_one_way_share_and_their_vehicle_drives_less() -> None:
    read = read_day(NORTH)
    arranged = arrange(read, ROADS, NOW)
    assert served(arranged) == [(0, 1)]
    assert arranged.worth > arrange_apart(read).worth
    assert arranged.pick_ups[0] == NORTH[0].start < arranged.pick_ups[1]
    (together,) = arranged.day.rides
    assert (together.promised, together.requests) == (0, 2)
    assert together.span == (seconds(NORTH[0].start), seconds(NORTH[1].end))


def test_two_of_opposite_ways_are_driven_apart_even_in_one_vehicle() -> None:
    assert served(arrange(read_day(OPPOSITE), ROADS, NOW)) == [(0,), (1,)]
    assert served(arrange(read_day(OPPOSITE, seats=(4,)), ROADS, NOW)) in ([(0,)], [(1,)])


def test_where_vehicles_are_wanting_those_share_who_drive_more_by_it() -> None:
    # Where vehicles stand isn't known: ways from and to a base don't count.
    enough, scarce = read_day(ASIDE), read_day(ASIDE, seats=(4,))
    assert served(arrange(replace(enough, base=None), ROADS, NOW)) == [(0,), (1,)]
    assert served(arrange(replace(scarce, base=None), ROADS, NOW)) == [(0, 1)]


def test_whoever_promised_is_served_first_and_counts_within_those_who_share() -> None:
    lonely = ride(2, 60, place(0, 2), place(0, 20))
    read = read_day([*NORTH, lonely], seats=(4,), alone=[2], held=[2])
    arranged = arrange(read, ROADS, NOW)
    assert served(arranged) == [(2,)]
    read = read_day([*NORTH, lonely], seats=(4,), alone=[2], held=[1])
    assert served(arrange(read, ROADS, NOW)) == [(0, 1)]


def test_who_does_not_share_is_never_put_together() -> None:
    assert served(arrange(read_day(NORTH, alone=[1]), ROADS, NOW)) == [(0,), (1,)]
    assert len(served(arrange(read_day(NORTH, alone=[1], seats=(4,)), ROADS, NOW))) == 1


def test_those_who_share_get_a_vehicle_with_seats_for_all_and_none_that_is_kept_apart() -> None:
    three = [replace(one, passengers=3) for one in NORTH]
    arranged = arrange(read_day(three, seats=(4, 6)), ROADS, NOW)
    assert served(arranged) == [(0, 1)]
    assert [line.car for line in arranged.proposal.lines] == [1]
    # 0: 机要通信 or 执法执勤
    assert served(arrange(read_day(three, seats=(4, 0)), ROADS, NOW)) == [(0,), (1,)]


def test_a_group_that_is_longer_than_any_drivers_day_is_planned_apart() -> None:
    later = [NORTH[0], replace(NORTH[1], end=NORTH[1].end + timedelta(hours=1))]
    day = read_day(later, duty_s=4 * HOUR_S)
    assert served(arrange(day, ROADS, NOW)) == [(0,), (1,)]
    day = read_day(later, duty_s=4 * HOUR_S + 120)
    assert served(arrange(day, ROADS, NOW)) == [(0, 1)]


def test_a_day_without_rides_or_vehicles_is_arranged_too() -> None:
    assert served(arrange(read_day([]), ROADS, NOW)) == []
    assert served(arrange(read_day(NORTH, seats=()), ROADS, NOW)) == []


def test_a_hundred_drivers_who_are_alike_serve_a_hundred_rides_however_short_the_time() -> None:
    draw = Random(1)
    many = [
        ride(
            n,
            max(60.0, draw.choice([draw.gauss(60, 30), draw.gauss(360, 40), draw.uniform(0, 600)])),
            place(draw.uniform(-10, 10), draw.uniform(-10, 10)),
            place(0, draw.choice([-9, 4, 12])),
        )
        for n in range(100)
    ]
    read = read_day(many, seats=(4,) * 100, alone=range(100))
    limits = PlanLimits(limit_s=0.5)
    day = replace(read.day, crews=[read.day.crews[0]] * 100, limits=limits)
    arranged = arrange_apart(replace(read, day=day))
    assert len(arranged.proposal.lines) == 100
    pairs = {(line.crew, line.car) for line in arranged.proposal.lines}
    assert len({crew for crew, _ in pairs}) >= len({car for _, car in pairs}), "work is shared out"


def test_vehicles_of_one_alone_are_not_given_to_those_who_share() -> None:
    read = read_day(NORTH, seats=(4, 4, 4))
    own = [frozenset({0}), frozenset({0, 1, 2})]
    rides = [replace(one, vehicles=may) for one, may in zip(read.day.rides, own, strict=True)]
    arranged = arrange(replace(read, day=replace(read.day, rides=rides)), ROADS, NOW)
    assert served(arranged) == [(0, 1)]
    assert [line.car for line in arranged.proposal.lines] == [0]
    none = [frozenset({0}), frozenset({1, 2})]
    rides = [replace(one, vehicles=may) for one, may in zip(read.day.rides, none, strict=True)]
    arranged = arrange(replace(read, day=replace(read.day, rides=rides)), ROADS, NOW)
    assert served(arranged) == [(0,), (1,)]
