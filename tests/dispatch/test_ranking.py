"""Eligibility and ranking, as rules without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.eligibility.choices import DriverChoice, Fix, VehicleChoice
from dispatch.eligibility.need import At, Limits, Need
from dispatch.eligibility.rules import objection
from dispatch.matching.ranking import RankingTerms, Use, rank, use_of
from dispatch.roads.straight_line import StraightLineTravelTimes

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AT = At(NOW, Limits())
ORIGIN = (40.05, 110.05)
OWN, OTHER, CENTRE = 1, 2, 3
STRAIGHT = StraightLineTravelTimes()
NEED = Need(
    unit_no=OWN,
    category=None,
    passengers=2,
    start=NOW + timedelta(minutes=30),
    end=NOW + timedelta(hours=3),
    origin=ORIGIN,
)


def driver(no: int = 1, **changes: object) -> DriverChoice:
    base = DriverChoice(
        no=no,
        licence_class="C1",
        licence_until=None,
        busy_until=None,
        duty_s=0,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def vehicle(no: int = 1, away: float = 0.01, **changes: object) -> VehicleChoice:
    base = VehicleChoice(
        no=no,
        seats=5,
        category="other_prescribed",
        holding="retained",
        unit_no=OWN,
        base=(40.0, 110.0),
        fix=Fix((ORIGIN[0] + away, ORIGIN[1]), NOW - timedelta(seconds=30)),
        busy_until=None,
        overdue_since=None,
        drivers=(driver(no),),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"category": "enforcement"}, "enforcement_only"),
        ({"seats": 2}, "seats"),
        ({"busy_until": NOW + timedelta(hours=1)}, "free"),
        ({"overdue_since": NOW - timedelta(hours=1)}, "back"),
        ({"fix": None}, "terminal_fresh"),
        ({"fix": Fix(ORIGIN, NOW - timedelta(seconds=901))}, "terminal_fresh"),
        ({"drivers": ()}, "driver"),
        ({"drivers": (driver(busy_until=NOW + timedelta(hours=1)),)}, "driver"),
        ({"drivers": (driver(licence_until=NOW + timedelta(hours=2)),)}, "driver"),
        ({"drivers": (driver(on_leave=True),)}, "driver"),
        ({"drivers": (driver(off_shift=True),)}, "driver"),
        ({"seats": 19}, "driver"),
    ],
)
def test_vehicle_is_left_out_by_the_rule_that_it_breaks(
    changes: dict[str, object], rule: str
) -> None:
    left_out = objection(vehicle(**changes), NEED, AT)
    assert left_out is not None
    assert left_out.rule == rule
    assert left_out.sentence


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"seats": 3},
        {"fix": Fix(ORIGIN, NOW - timedelta(seconds=900))},
        {"drivers": (driver(busy_until=NOW + timedelta(hours=1)), driver(2))},
    ],
)
def test_vehicle_that_breaks_no_rule_may_serve(changes: dict[str, object]) -> None:
    assert objection(vehicle(**changes), NEED, AT) is None


def test_enforcement_vehicle_serves_who_asks_for_it() -> None:
    asked = replace(NEED, category="enforcement")
    assert objection(vehicle(category="enforcement"), asked, AT) is None
    left_out = objection(vehicle(), asked, AT)
    assert left_out is not None
    assert left_out.rule == "category"


def test_ride_of_tomorrow_starts_from_the_base_and_needs_no_fresh_position() -> None:
    tomorrow = replace(NEED, start=NOW + timedelta(days=1), end=NOW + timedelta(days=1, hours=2))
    ranking = rank([vehicle(fix=None)], tomorrow, AT, STRAIGHT)
    (candidate,) = ranking.candidates
    assert (candidate.start, candidate.seen_at) == ((40.0, 110.0), None)
    (left_out,) = rank([vehicle(fix=None, base=None)], tomorrow, AT, STRAIGHT).left_out
    assert left_out.rule == "placed"


def test_order_of_use_stands_above_arrival_time() -> None:
    vehicles = [
        vehicle(1, away=0.001, holding="rental", unit_no=OWN),
        vehicle(2, away=0.002, unit_no=OTHER),
        vehicle(3, away=0.003, holding="pool", unit_no=CENTRE),
        vehicle(4, away=0.05),
    ]
    ranking = rank(vehicles, NEED, AT, STRAIGHT)
    assert [c.vehicle.no for c in ranking.candidates] == [4, 3, 2, 1]
    assert [use_of(v, NEED) for v in vehicles] == [
        Use.RENTAL,
        Use.CROSS_UNIT,
        Use.POOL,
        Use.OWN_UNIT,
    ]


def test_nearer_vehicle_comes_first_and_ties_go_to_less_duty_and_then_number() -> None:
    vehicles = [
        vehicle(1, away=0.05),
        vehicle(4, away=0.0100, drivers=(driver(4, duty_s=0),)),
        vehicle(2, away=0.0100, drivers=(driver(2, duty_s=3600),)),
        vehicle(3, away=0.0100, drivers=(driver(3, duty_s=0),)),
    ]
    ranking = rank(vehicles, NEED, AT, STRAIGHT)
    assert [c.vehicle.no for c in ranking.candidates] == [3, 4, 2, 1]


def test_driver_with_the_least_duty_is_chosen() -> None:
    drivers = (driver(1, duty_s=900), driver(2, duty_s=60), driver(3, busy_until=NOW))
    (candidate,) = rank([vehicle(drivers=drivers)], NEED, AT, STRAIGHT).candidates
    assert candidate.driver.no == 2


def test_vehicles_beyond_the_cap_are_left_out_and_said_so() -> None:
    vehicles = [vehicle(n, away=n / 1000) for n in range(1, 6)]
    ranking = rank(vehicles, NEED, AT, STRAIGHT, RankingTerms(measured=3))
    assert [c.vehicle.no for c in ranking.candidates] == [1, 2, 3]
    assert [(o.vehicle_no, o.rule) for o in ranking.left_out] == [(4, "farther"), (5, "farther")]


def test_vehicle_without_a_way_is_left_out() -> None:
    class NoWay(StraightLineTravelTimes):
        def matrix(self, origins, destinations):  # type: ignore[no-untyped-def]
            durations, distances = super().matrix(origins, destinations)
            return np.full_like(durations, np.inf), distances

    (left_out,) = rank([vehicle()], NEED, AT, NoWay()).left_out
    assert left_out.rule == "reachable"


VEHICLES = st.lists(
    st.builds(
        vehicle,
        no=st.integers(1, 200),
        away=st.floats(-0.2, 0.2),
        seats=st.integers(2, 9),
        holding=st.sampled_from(["retained", "pool", "rental"]),
        unit_no=st.integers(1, 3),
        category=st.sampled_from(["other_prescribed", "emergency", "enforcement"]),
    ),
    unique_by=lambda v: v.no,
    max_size=40,
)


@given(VEHICLES, st.randoms(use_true_random=False))
def test_ranking_depends_on_the_vehicles_and_not_on_their_order(vehicles, random) -> None:  # type: ignore[no-untyped-def]
    ranking = rank(vehicles, NEED, AT, STRAIGHT)
    shuffled = list(vehicles)
    random.shuffle(shuffled)
    assert rank(shuffled, NEED, AT, STRAIGHT) == ranking


@given(VEHICLES)
def test_every_vehicle_is_a_candidate_or_left_out_with_a_sentence(
    vehicles: list[VehicleChoice],
) -> None:
    ranking = rank(vehicles, NEED, AT, STRAIGHT)
    named = [c.vehicle.no for c in ranking.candidates] + [o.vehicle_no for o in ranking.left_out]
    assert sorted(named) == sorted(v.no for v in vehicles)
    assert all(o.sentence for o in ranking.left_out)
    assert list(ranking.candidates) == sorted(ranking.candidates, key=lambda c: c.use)
