"""The life of a vehicle is what its events in order of their days make of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.vehicles.life_cycle import ENDED, NEXT, IllegalStep, in_order, state_after, step
from fleet.vehicles.renewals import is_early
from fleet.vehicles.words import EventKind as E
from fleet.vehicles.words import LifeState as S

DAY = date(2026, 1, 1)


def test_a_whole_life_runs_from_quota_to_disposal() -> None:
    life = [
        *(E.QUOTA_APPROVED, E.PURCHASED, E.REGISTERED, E.ALLOCATED, E.PUT_IN_USE),
        *(E.CHANGED, E.TRANSFERRED, E.PLATE_CHANGED, E.RENEWED, E.DISPOSED),
    ]
    assert state_after(life) is S.DISPOSED


@pytest.mark.parametrize("state", sorted(ENDED))
@pytest.mark.parametrize("event", list(E))
def test_nothing_happens_to_a_vehicle_that_has_left(state: S, event: E) -> None:
    with pytest.raises(IllegalStep):
        step(state, event)


@given(st.lists(st.sampled_from(list(E)), max_size=12))
def test_a_life_is_possible_only_as_far_as_each_of_its_steps_is(events: list[E]) -> None:
    try:
        state = state_after(events)
    except IllegalStep:
        return
    assert state is None or state in NEXT
    for cut in range(len(events)):
        state_after(events[:cut])


@given(st.permutations([E.PURCHASED, E.REGISTERED, E.ALLOCATED, E.PUT_IN_USE]))
def test_the_order_in_which_one_day_is_recorded_does_not_matter(events: list[E]) -> None:
    assert state_after(in_order((one, DAY) for one in events)) is S.IN_USE


def test_a_renewal_after_eight_years_and_no_day_more_is_early() -> None:
    assert is_early(date(2018, 1, 10), date(2026, 1, 10))
    assert not is_early(date(2018, 1, 10), date(2026, 1, 10) + timedelta(days=1))
    assert is_early(date(2020, 2, 29), date(2028, 2, 29))
