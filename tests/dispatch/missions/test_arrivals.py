"""Where a vehicle stands on its way to the assembly point, said by a pure rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.missions.arrivals import ArrivalRules, Seen, arrival_of
from dispatch.missions.words import ArrivalStanding
from dispatch.orders.states import OUT, OrderState

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RULES = ArrivalRules()
S, A = OrderState, ArrivalStanding


def seen(away_m: float = 5_000, road_s: float | None = 600, age_s: int = 30) -> Seen:
    return Seen(NOW - timedelta(seconds=age_s), away_m, road_s)


@pytest.mark.parametrize(
    ("state", "at", "gather_in_s", "standing", "late_s"),
    [
        (None, None, 600, A.UNASSIGNED, None),
        (S.RETURNED, seen(), 600, A.OVER, None),
        (S.DEPARTED, seen(away_m=150), 600, A.AT_ASSEMBLY, None),
        (S.ASSIGNED, seen(away_m=150), 600, A.AT_ASSEMBLY, None),
        (S.DEPARTED, seen(), 600, A.ON_THE_WAY, 0),
        (S.DEPARTED, seen(), 300, A.ON_THE_WAY, 300),
        (S.DEPARTED, seen(age_s=181), 300, A.MISSING, None),
        (S.DEPARTED, None, 300, A.MISSING, None),
        (S.ACCEPTED, seen(), 600, A.NOT_DEPARTED, 0),
        (S.ACCEPTED, seen(), 599, A.MISSING, 1),
        (S.ACCEPTED, None, 1, A.NOT_DEPARTED, None),
        (S.ACCEPTED, None, 0, A.MISSING, None),
        (S.DEPARTED, seen(road_s=None), 600, A.ON_THE_WAY, None),
    ],
)
def test_a_vehicle_stands_where_its_order_and_its_position_say(
    state: OrderState | None,
    at: Seen | None,
    gather_in_s: int,
    standing: ArrivalStanding,
    late_s: int | None,
) -> None:
    gather_at = NOW + timedelta(seconds=gather_in_s)
    told = arrival_of(state, at, 200, gather_at, NOW, RULES)
    assert (told.standing, told.late_s) == (standing, late_s)


@given(
    state=st.sampled_from([*OUT, OrderState.ASSIGNED, OrderState.ACCEPTED]),
    age_s=st.integers(0, 86_400),
    away_m=st.floats(0, 1e6),
    road_s=st.none() | st.floats(0, 1e6),
    gather_s=st.integers(-86_400, 86_400),
)
def test_an_old_position_forecasts_nothing_and_places_nobody(
    state: OrderState, age_s: int, away_m: float, road_s: float | None, gather_s: int
) -> None:
    at = Seen(NOW - timedelta(seconds=age_s), away_m, road_s)
    told = arrival_of(state, at, 200, NOW + timedelta(seconds=gather_s), NOW, RULES)
    if age_s > RULES.silent_s:
        assert told.arrives_at is None
        assert told.standing in {A.MISSING, A.NOT_DEPARTED}
    assert (told.late_s is None) == (told.arrives_at is None)
    if told.arrives_at is not None:
        assert told.arrives_at >= NOW


def test_a_vehicle_that_broke_off_is_missed_while_its_ride_is_wanted() -> None:
    for wanted, standing in ((True, A.MISSING), (False, A.OVER)):
        told = arrival_of(S.INTERRUPTED, seen(), 200, NOW, NOW, RULES, wanted=wanted)
        assert (told.standing, told.arrives_at, told.late_s) == (standing, None, None)
