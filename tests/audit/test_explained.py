"""Every metre belongs to exactly one day, unit and explanation."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.explained import DrivenTrip, Kind, day_figures, explain
from audit.kilometres import Kilometres, VehicleSum, by_unit, total
from audit.uses import Use, use_at
from kit.clock import shanghai_day
from tests.audit.facts import beijing

TRIP = UUID(int=1)
ALWAYS = [Use(7, None, None, None)]


@dataclass(frozen=True)
class Reason:
    kind: str
    start: datetime
    end: datetime
    source_id: UUID


def trip_from(start: datetime, pair_m: list[int], every_s: int = 60) -> DrivenTrip:
    return DrivenTrip(TRIP, start, [every_s * n for n in range(len(pair_m) + 1)], pair_m)


def test_an_order_goes_before_a_service_order_and_that_before_a_filing() -> None:
    trip = trip_from(beijing(20, 9), [1, 2, 4, 8])
    reasons = [
        Reason("filed", beijing(20, 9), beijing(20, 9, 4), UUID(int=10)),
        Reason("service", beijing(20, 9), beijing(20, 9, 3), UUID(int=11)),
        Reason("ordered", beijing(20, 9), beijing(20, 9, 2), UUID(int=12)),
    ]
    (figures,) = day_figures(explain(trip, reasons, ALWAYS))
    assert (figures.ordered_m, figures.service_m, figures.filed_m) == (1, 2, 4)
    assert figures.unexplained_m == 8
    assert [leg.source_id for leg in figures.legs] == [UUID(int=n) for n in (12, 11, 10)] + [None]


def test_a_pair_belongs_to_the_explanation_at_its_later_position() -> None:
    trip = trip_from(beijing(20, 9), [100, 200])
    ends_on_the_position = Reason("ordered", beijing(20, 8), beijing(20, 9, 1), UUID(int=10))
    (figures,) = day_figures(explain(trip, [ends_on_the_position], ALWAYS))
    assert (figures.ordered_m, figures.unexplained_m) == (0, 300)
    begins_on_the_position = Reason("ordered", beijing(20, 9, 1), beijing(20, 9, 2), UUID(int=10))
    (figures,) = day_figures(explain(trip, [begins_on_the_position], ALWAYS))
    assert (figures.ordered_m, figures.unexplained_m) == (100, 200)


@pytest.mark.parametrize("day", [20, 31])
def test_a_pair_that_ends_exactly_at_midnight_belongs_to_the_new_day(day: int) -> None:
    trip = trip_from(beijing(day, 23, 58), [1, 2, 4])
    before, after = day_figures(explain(trip, [], ALWAYS))
    assert (before.day, before.driven_m) == (beijing(day, 12).date(), 1)
    assert (after.day, after.driven_m) == (beijing(day, 12).date() + timedelta(days=1), 6)


def test_kilometres_stay_with_the_unit_of_their_time() -> None:
    uses = [Use(1, None, beijing(20, 9, 2), None), Use(2, beijing(20, 9, 2), None, None)]
    figures = day_figures(explain(trip_from(beijing(20, 9), [1, 2, 4]), [], uses))
    assert [(f.organisation_no, f.driven_m) for f in figures] == [(1, 1), (2, 6)]


def test_kilometres_between_two_uses_stay_with_the_last_unit() -> None:
    uses = [
        Use(1, beijing(1, 0), beijing(10, 0), None),
        Use(2, beijing(20, 0), None, None),
    ]
    assert use_at(uses, beijing(15, 0)).organisation_no == 1
    assert use_at(uses, beijing(1, 0) - timedelta(days=1)).organisation_no == 1
    assert use_at(uses, beijing(20, 0)).organisation_no == 2


@pytest.mark.parametrize("offsets", [[0], []])
def test_a_trip_without_a_pair_has_no_legs(offsets: list[int]) -> None:
    assert explain(DrivenTrip(TRIP, beijing(20, 9), offsets, []), [], ALWAYS) == []


ORIGIN = datetime(2026, 10, 30, tzinfo=UTC)
SPAN_S = 3 * 86_400


@st.composite
def trips(draw: st.DrawFn) -> DrivenTrip:
    pair_m = draw(st.lists(st.integers(0, 5_000), max_size=40))
    steps = draw(st.lists(st.integers(0, 9_000), min_size=len(pair_m), max_size=len(pair_m)))
    start = ORIGIN + timedelta(seconds=draw(st.integers(0, SPAN_S)))
    offsets = [0]
    for step in steps:
        offsets.append(offsets[-1] + step)
    return DrivenTrip(UUID(int=draw(st.integers(0, 2**64))), start, offsets, pair_m)


@st.composite
def reasons(draw: st.DrawFn) -> Reason:
    start = ORIGIN + timedelta(seconds=draw(st.integers(0, SPAN_S)))
    lasts = timedelta(seconds=draw(st.integers(0, 40_000)))
    kind = draw(st.sampled_from(["ordered", "service", "filed"]))
    return Reason(kind, start, start + lasts, UUID(int=draw(st.integers(1, 2**64))))


@st.composite
def use_lists(draw: st.DrawFn) -> list[Use]:
    cuts = sorted(draw(st.sets(st.integers(0, SPAN_S), max_size=3)))
    moments = [None, *(ORIGIN + timedelta(seconds=cut) for cut in cuts), None]
    return [Use(n, start, end, None) for n, (start, end) in enumerate(pairwise(moments))]


@given(st.lists(trips(), max_size=4), st.lists(reasons(), max_size=6), use_lists())
def test_sums_equal_their_parts_and_each_pair_goes_where_its_later_position_says(
    driven: list[DrivenTrip], explanations: list[Reason], uses: list[Use]
) -> None:
    legs = [leg for trip in driven for leg in explain(trip, explanations, uses)]
    figures = day_figures(legs)
    assert sum(f.driven_m for f in figures) == sum(sum(trip.pair_m) for trip in driven)
    for f in figures:
        assert f.driven_m == f.ordered_m + f.service_m + f.filed_m + f.unexplained_m
        assert f.driven_m == sum(leg.metres for leg in f.legs)
    strength = ["ordered", "service", "filed"]
    pairs = 0
    for leg in legs:
        for pair in range(leg.first, leg.last + 1):
            pairs += 1
            time = leg.trip.time(pair + 1)
            in_force = [e for e in explanations if e.start <= time < e.end]
            best = min(in_force, key=lambda e: (strength.index(e.kind), e.start, e.source_id),
                       default=None)  # fmt: skip
            assert leg.kind == (best.kind if best else Kind.UNEXPLAINED)
            assert leg.source_id == (best.source_id if best else None)
            assert leg.day == shanghai_day(time)
            assert leg.organisation_no == use_at(uses, time).organisation_no
    assert pairs == sum(len(trip.pair_m) for trip in driven)


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.lists(st.integers(0, 99_999), min_size=4, max_size=4)),
        max_size=12,
    )
)
def test_units_and_the_total_are_sums_of_their_vehicles(
    rows: list[tuple[int, list[int]]],
) -> None:
    sums = [
        VehicleSum(unit, n, Kilometres(*metres)) for n, (unit, metres) in enumerate(sorted(rows))
    ]
    units = by_unit(sums)
    assert total(u.kilometres for u in units) == total(s.kilometres for s in sums)
    assert len(units) == len({s.organisation_no for s in sums})
    assert total(u.kilometres for u in units).driven_m == sum(sum(m) for _, m in rows)
