"""The promise to a passenger, as a rule without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import PromiseWorsened
from dispatch.orders.promising import Offer, pickup_time, to_tell

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
INSTANTS = st.integers(-3600, 3600).map(lambda s: NOW + timedelta(seconds=s))


@given(INSTANTS, INSTANTS, st.booleans(), st.none() | st.just("道路封闭"))
def test_only_a_persons_reason_makes_a_told_time_later(
    standing: datetime, offered: datetime, automatic: bool, reason: str | None
) -> None:
    offer = Offer(offered, reason, automatic)
    if offered > standing and (automatic or reason is None):
        with pytest.raises(PromiseWorsened):
            to_tell(standing, offer)
    else:
        assert to_tell(standing, offer) == offered


def test_unknown_arrival_keeps_the_promise_for_a_person_and_is_refused_to_the_system() -> None:
    assert to_tell(NOW, Offer(None)) is None
    with pytest.raises(PromiseWorsened):
        to_tell(NOW, Offer(None, automatic=True))
    assert to_tell(None, Offer(None, automatic=True)) is None


def test_pick_up_is_never_before_the_start_nor_before_the_vehicle_can_be_there() -> None:
    soon, past = NOW + timedelta(minutes=20), NOW - timedelta(minutes=1)
    assert pickup_time(soon, NOW, 600) == soon
    assert pickup_time(soon, NOW, 1800) == NOW + timedelta(minutes=30)
    assert pickup_time(soon, NOW, None) == soon
    assert pickup_time(past, NOW, 60) == NOW + timedelta(minutes=1)
    assert pickup_time(past, NOW, None) is None
