"""All vehicles judged at once, held to the plain rules one by one."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.eligibility.choices import DriverChoice, Fix, VehicleChoice
from dispatch.eligibility.columns import Choices
from dispatch.eligibility.judging import judge
from dispatch.eligibility.need import At, Limits, Need
from dispatch.eligibility.rules import READS, RULES, LeftOut, objection
from dispatch.matching.ranking import rank
from dispatch.roads.straight_line import StraightLineTravelTimes
from fleet.outages.words import OutageKind
from fleet.vehicles.words import Body, LifeState

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
AT = At(NOW, Limits())
ORIGIN = (45.75, 126.64)
SEED = 20261122


def fleet(random: Random, size: int) -> list[VehicleChoice]:
    """Vehicles of some units, each with drivers, in every state that a rule looks at."""
    crews = [[_driver(random, 100 * unit + n) for n in range(unit % 6)] for unit in range(12)]
    return [_vehicle(random, no, crews) for no in range(1, size + 1)]


def _vehicle(random: Random, no: int, crews: Sequence[Sequence[DriverChoice]]) -> VehicleChoice:
    def seldom(value: object) -> object:
        return value if random.random() < 0.1 else None

    unit = random.randrange(len(crews))
    point = ORIGIN[0] + random.uniform(-0.3, 0.3), ORIGIN[1] + random.uniform(-0.3, 0.3)
    seen_at = NOW - timedelta(seconds=random.choice((5, 60, 899, 901, 4000)))
    return VehicleChoice(
        no=no,
        unit_no=unit,
        seats=random.choice((2, 5, 7, 19)),
        category=random.choice(("other_prescribed", "emergency", "enforcement")),
        holding=random.choice(("retained", "pool", "rental")),
        base=random.choice((None, (45.7, 126.6))),
        fix=random.choice((None, Fix(point, seen_at), Fix(point, NOW))),
        busy_until=seldom(NOW + timedelta(hours=random.randint(1, 9))),  # type: ignore[arg-type]
        overdue_since=seldom(NOW - timedelta(hours=1)),  # type: ignore[arg-type]
        drivers=crews[unit],
        body=random.choice((None, Body.SEDAN, Body.COACH)),
        state=random.choice((LifeState.IN_USE,) * 9 + (LifeState.DISPOSED,)),
        sealed_by=seldom("春节封存"),  # type: ignore[arg-type]
        out_of_use=seldom(random.choice(list(OutageKind))),  # type: ignore[arg-type]
        out_of_use_until=seldom(NOW + timedelta(days=1)),  # type: ignore[arg-type]
        insurance_ended=seldom(NOW),  # type: ignore[arg-type]
        inspection_ended=seldom(NOW),  # type: ignore[arg-type]
        closed_to_others=random.random() < 0.1,
        range_m=seldom(random.choice((10_000, 300_000))),  # type: ignore[arg-type]
    )


def _driver(random: Random, no: int) -> DriverChoice:
    return DriverChoice(
        no=no,
        licence_class=random.choice(("C1", "B1", "A1")),
        licence_until=random.choice((None, NOW, NOW + timedelta(days=99))),
        busy_until=random.choice((None, None, NOW + timedelta(hours=2))),
        duty_s=random.choice((0, 0, 3600, 8 * 3600)),
        on_leave=random.random() < 0.2,
        off_shift=random.random() < 0.2,
        week_s=random.choice((0, 40 * 3600)),
    )


def need(random: Random) -> Need:
    start = NOW + timedelta(minutes=random.choice((10, 60 * 30)))
    return Need(
        unit_no=random.randrange(12),
        category=random.choice((None, None, "enforcement")),
        passengers=random.randint(1, 8),
        start=start,
        end=start + timedelta(hours=random.randint(1, 9)),
        origin=ORIGIN,
        ride_m=random.choice((None, 50_000)),
    )


def judged(vehicles: Sequence[VehicleChoice], asked: Need) -> list[LeftOut | None]:
    choices = Choices.of(vehicles)
    answer = judge(choices, asked, AT)
    return [
        None if code < 0 else LeftOut(no, *answer.told[code])
        for no, code in zip(choices.nos.tolist(), answer.of.tolist(), strict=True)
    ]


def test_5000_vehicles_judged_at_once_are_judged_as_one_by_one() -> None:
    random = Random(SEED)
    vehicles = fleet(random, 5_000)
    for _ in range(3):
        asked = need(random)
        plain = [objection(vehicle, asked, AT) for vehicle in vehicles]
        assert judged(vehicles, asked) == plain
        assert {one.rule for one in plain if one} > {"seats", "driver", "free"}


@given(st.integers(0, 2**32), st.integers(0, 60))
def test_any_vehicles_judged_at_once_are_judged_as_one_by_one(seed: int, size: int) -> None:
    random = Random(seed)
    vehicles = fleet(random, size)
    asked = need(random)
    assert judged(vehicles, asked) == [objection(vehicle, asked, AT) for vehicle in vehicles]


@given(st.integers(0, 2**32))
def test_rank_is_a_total_order_whatever_the_order_of_vehicles(seed: int) -> None:
    random = Random(seed)
    vehicles = fleet(random, 60)
    asked = need(random)
    shuffled = random.sample(vehicles, len(vehicles))
    straight = StraightLineTravelTimes()
    ranking = rank(vehicles, asked, AT, straight)
    assert rank(shuffled, asked, AT, straight) == ranking
    costs = [candidate.cost.total_s for candidate in ranking.candidates]
    assert costs == sorted(costs)
    assert [c.use for c in ranking.candidates] == sorted(c.use for c in ranking.candidates)


class _Watched:
    """A vehicle that notes which of its facts are read."""

    def __init__(self, vehicle: VehicleChoice) -> None:
        self._vehicle, self.read = vehicle, set[str]()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(self._vehicle, name)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_reads_nothing_but_the_facts_by_which_vehicles_are_grouped(rule: object) -> None:
    random = Random(SEED)
    reads = READS[rule]  # type: ignore[index]
    for vehicle in fleet(random, 300):
        for asked in (need(random), need(random)):
            watched = _Watched(vehicle)
            rule(watched, asked, AT)  # type: ignore[operator]
            assert watched.read <= set(reads)


def test_vehicles_in_columns_are_the_same_vehicles() -> None:
    vehicles = fleet(Random(SEED), 200)
    assert [replace(one, drivers=list(one.drivers)) for one in Choices.of(vehicles)] == vehicles
    assert {field.name for field in fields(VehicleChoice)} == {"no", "fix", *Choices.of([]).facts}
