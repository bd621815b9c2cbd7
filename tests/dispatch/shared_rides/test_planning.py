"""Who may share, how far anybody is taken out of their way, and where another ride fits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from dispatch.roads.network import LatLon
from dispatch.roads.plane import Floats
from dispatch.roads.straight_line import StraightLineTravelTimes
from dispatch.shared_rides.detours import DetourLimit, check_limit, limit_of
from dispatch.shared_rides.errors import DetourBeyondRule
from dispatch.shared_rides.legs import Ride, legs_of
from dispatch.shared_rides.permitted import never_shares
from dispatch.shared_rides.planning import Asked, Call, Fit, Misfit, keeps, plan
from dispatch.shared_rides.words import SharingLimit, WhoseLimit, sentence_of
from fleet.rules.sharing import SharingDetour

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
ROADS = StraightLineTravelTimes()
LIMIT = DetourLimit(50, 900)
Ways = tuple[Floats, Floats]


def ride(n: int, start_min: float, origin_km: float, length_km: float, **more: object) -> Ride:
    """A ride along one road to the north, from so many kilometres on, beginning after `NOW`."""
    start = NOW + timedelta(minutes=start_min)
    plain = Ride(
        request_id=UUID(int=n),
        passengers=1,
        origin=(40 + origin_km / 111, 110.0),
        destination=(40 + (origin_km + length_km) / 111, 110.0),
        start=start,
        end=start + timedelta(hours=3),
        is_round_trip=False,
        limit=LIMIT,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def told(one: Ride) -> Ride:
    return replace(one, promised_at=one.start)


@pytest.mark.parametrize(
    ("purpose", "category", "vehicle", "of_mission", "never"),
    [
        ("meeting", None, "other_prescribed", False, False),
        ("meeting", "emergency", None, False, False),
        ("document", None, None, False, True),
        ("meeting", "confidential_courier", None, False, True),
        ("meeting", "enforcement", None, False, True),
        ("meeting", None, "enforcement", False, True),
        ("meeting", None, None, True, True),
    ],
)
def test_courier_enforcement_and_missions_never_share(
    purpose: str, category: str | None, vehicle: str | None, of_mission: bool, never: bool
) -> None:
    assert never_shares(purpose, category, vehicle, is_of_mission=of_mission) is never


def test_a_limit_is_the_passengers_own_within_the_cap_of_the_unit() -> None:
    rule = SharingDetour(default_percent=30, default_s=600, greatest_percent=60, greatest_s=1200)
    assert limit_of(None, None, rule) == DetourLimit(30, 600)
    assert limit_of(10, None, rule) == DetourLimit(10, 1200)
    # a rule may become stricter after somebody spoke
    assert limit_of(None, 3000, rule) == DetourLimit(60, 1200)
    assert DetourLimit(50, 600).of(1000.0) == 500.0
    assert DetourLimit(50, 600).of(5000.0) == 600.0
    check_limit(60, 1200, rule)
    with pytest.raises(DetourBeyondRule):
        check_limit(61, None, rule)
    with pytest.raises(ValidationError):
        SharingDetour(default_percent=70, greatest_percent=60)


def test_a_visit_too_short_for_its_ways_is_not_shared() -> None:
    there_and_back = ride(1, 60, 0, 10, is_round_trip=True)
    assert len(legs_of(there_and_back, 900.0, 900.0, NOW)) == 2
    short = replace(there_and_back, end=there_and_back.start + timedelta(minutes=35))
    assert legs_of(short, 900.0, 900.0, NOW) == []
    out, back = legs_of(there_and_back, 900.0, 900.0, NOW)
    assert out.set_down_until <= back.pick_up_from
    assert back.set_down_until == there_and_back.end.timestamp()


@dataclass(frozen=True)
class Severed(StraightLineTravelTimes):
    """Straight lines, but no way to or from one place."""

    place: LatLon = (0.0, 0.0)

    def matrix(self, origins: Sequence[LatLon], destinations: Sequence[LatLon]) -> Ways:
        seconds, metres = super().matrix(origins, destinations)
        for i, origin in enumerate(origins):
            for j, destination in enumerate(destinations):
                if origin != destination and self.place in (origin, destination):
                    seconds[i, j] = metres[i, j] = np.inf
        return seconds, metres


@pytest.mark.parametrize("round_trip", [False, True])
def test_a_place_that_no_road_joins_is_a_misfit_and_such_a_base_is_none(round_trip: bool) -> None:
    first = told(ride(1, 60, 0, 20, is_round_trip=round_trip))
    second = ride(2, 61, 1, 18, is_round_trip=round_trip)
    asked = Asked((first,), None, 4, (41.0, 111.0))
    fits = plan(asked, second, ROADS, NOW)
    assert isinstance(fits, Fit)
    for place, whose, id in (
        (second.origin, WhoseLimit.JOINING, 2),
        (second.destination, WhoseLimit.JOINING, 2),
        (first.origin, WhoseLimit.ABOARD, 1),
    ):
        found = plan(asked, second, Severed(place=place), NOW)
        assert found == Misfit(SharingLimit.TIMES, whose, UUID(int=id))
    based_nowhere = plan(asked, second, Severed(place=(41.0, 111.0)), NOW)
    assert isinstance(based_nowhere, Fit)
    assert based_nowhere.calls == fits.calls


def test_another_ride_along_the_way_fits_and_each_misfit_names_its_limit() -> None:
    first = told(ride(1, 60, 0, 20, is_round_trip=True))
    asked = Asked((first,), None, 4, first.origin)
    second = ride(2, 61, 1, 18, is_round_trip=True)
    found = plan(asked, second, ROADS, NOW)
    assert isinstance(found, Fit)
    assert keeps(found.legs, found.calls, 4)
    calls = [(c.request_id.int, c.is_pick_up) for c in found.calls if not c.is_return]
    assert calls == [(1, True), (2, True), (2, False), (1, False)]
    assert found.calls[0].at == pytest.approx(first.start.timestamp())
    # a visit isn't cut short by more than the others need
    last = [c for c in found.calls if c.is_return and not c.is_pick_up]
    assert last[-1].at == pytest.approx(max(first.end, second.end).timestamp(), abs=120)

    assert plan(asked, replace(second, passengers=4), ROADS, NOW) == Misfit(
        SharingLimit.SEATS, WhoseLimit.VEHICLE
    )
    aside = replace(second, origin=(40.03, 110.2), destination=(40.03, 110.25))
    strict = replace(asked, aboard=(replace(first, limit=DetourLimit(0, 0)),))
    assert plan(strict, replace(aside, is_round_trip=False), ROADS, NOW) == Misfit(
        SharingLimit.TIMES, WhoseLimit.JOINING, UUID(int=2)
    )
    # beside the way, just as the first could be there
    beside = (40.05, 110.03)
    there_s = float(ROADS.matrix([first.origin], [beside])[0][0, 0])
    passed = told(
        replace(
            second,
            origin=beside,
            destination=(40.1, 110.03),
            start=first.start + timedelta(seconds=there_s),
            is_round_trip=False,
        )
    )
    assert plan(strict, passed, ROADS, NOW) == Misfit(
        SharingLimit.DETOUR, WhoseLimit.ABOARD, UUID(int=1)
    )
    generous = replace(asked, aboard=(replace(first, limit=DetourLimit(100, 3600)),))
    assert isinstance(plan(generous, passed, ROADS, NOW), Fit)


def test_sentences_name_no_person() -> None:
    for limit in SharingLimit:
        for whose in WhoseLimit:
            assert sentence_of(limit, whose)
    assert sentence_of(SharingLimit.DETOUR, WhoseLimit.ABOARD) == (
        "同车的另一申请的绕行将超过乘车人同意的限度"
    )


def wanted(n: int) -> st.SearchStrategy[Ride]:
    return st.builds(
        lambda start, at, length, east, passengers, back, percent, seconds: replace(
            ride(n, start, at, length, passengers=passengers, is_round_trip=back),
            destination=(40 + (at + length) / 111, 110.0 + east / 85),
            limit=DetourLimit(percent, seconds),
        ),
        st.floats(30, 120),
        st.floats(0, 20),
        st.floats(2, 20),
        st.floats(-5, 5),
        st.integers(1, 3),
        st.booleans(),
        st.integers(0, 100),
        st.integers(0, 3600),
    )


def holds(rides: list[Ride], calls: tuple[Call, ...], seats: int) -> None:
    """Hold a plan against what each passenger agreed to, sharing nothing with the planner."""
    aboard = 0
    for before, after in pairwise(calls):
        assert before.at <= after.at + 1e-3
    for call in calls:
        one = next(r for r in rides if r.request_id == call.request_id)
        aboard += one.passengers if call.is_pick_up else -one.passengers
        assert 0 <= aboard <= seats
    assert aboard == 0
    for one in rides:
        own = [c for c in calls if c.request_id == one.request_id]
        assert [c.is_pick_up for c in own] == [True, False] * (2 if one.is_round_trip else 1)
        direct = float(ROADS.matrix([one.origin], [one.destination])[0][0, 0])
        detour = min(direct * one.limit.percent / 100, one.limit.seconds)
        assert own[1].at - own[0].at <= direct + detour + 1e-3
        if one.promised_at is not None:
            assert own[0].at == pytest.approx(one.promised_at.timestamp(), abs=1e-3)
        assert own[0].at >= one.start.timestamp() - 1e-3
        assert own[-1].at <= max(one.end.timestamp(), own[0].at + direct + detour) + 1e-3


def test_a_ride_that_turns_at_once_is_set_down_before_it_is_picked_up_again() -> None:
    first = told(ride(0, 30.0, 0.0, 2.0, limit=DetourLimit(0, 0)))
    turning = ride(2, 30.0, 0.0, 20.0, is_round_trip=True, limit=DetourLimit(61, 2035))
    seconds = float(ROADS.matrix([turning.origin], [turning.destination])[0][0, 0])
    begin = turning.start.timestamp()
    # The way back may begin at the very instant in which the way out must end.
    end = begin + 2 * seconds + 2 * min(seconds * 0.61, 2035)
    turning = replace(turning, end=datetime.fromtimestamp(end, UTC))
    found = plan(Asked((first,), None, 3, first.origin), turning, ROADS, NOW)
    if isinstance(found, Fit):
        holds([first, turning], found.calls, 3)
    out, back = legs_of(turning, seconds, seconds, NOW)
    assert back.pick_up_from > out.set_down_until


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_sequence_of_joining_and_leaving_breaks_a_limit(data: st.DataObject) -> None:
    first = told(data.draw(wanted(0)))
    riding, calls, seats = [first], None, data.draw(st.integers(3, 6))
    for n in range(1, data.draw(st.integers(2, 6))):
        if len(riding) > 1 and data.draw(st.booleans()):
            gone = riding.pop(data.draw(st.integers(0, len(riding) - 1)))
            assert calls is not None
            kept = tuple(c for c in calls if c.request_id != gone.request_id)
            again = plan(Asked(tuple(riding), kept, seats, first.origin), None, ROADS, NOW)
            calls = again.calls if isinstance(again, Fit) else kept
        else:
            joining = data.draw(wanted(n))
            found = plan(Asked(tuple(riding), calls, seats, first.origin), joining, ROADS, NOW)
            if isinstance(found, Misfit):
                continue
            up = next(c.at for c in found.calls if c.request_id == joining.request_id)
            promised = datetime.fromtimestamp(up, UTC)
            riding, calls = [*riding, replace(joining, promised_at=promised)], found.calls
        if calls is not None:
            holds(riding, calls, seats)


def test_driving_times_are_those_of_the_hour_in_which_the_first_ride_begins() -> None:
    class Rush(StraightLineTravelTimes):
        def at(self, instant: datetime) -> StraightLineTravelTimes:
            return StraightLineTravelTimes(speed_kmh=10.0 if instant.hour == 1 else 60.0)

    one, other = ride(1, 70, 0, 5), ride(2, 75, 1, 5)
    found = plan(Asked((told(one),), None, 4, None), other, Rush(), NOW)
    assert isinstance(found, Fit)
    slow, _ = Rush().at(one.start).matrix([one.origin], [one.destination])
    (leg,) = (leg for leg in found.legs if leg.request_id == one.request_id)
    assert leg.direct_s == slow[0, 0]
    up, down = (c.at for c in found.calls if c.request_id == one.request_id)
    assert down - up >= slow[0, 0] - 0.01


def test_who_waited_past_their_start_keeps_the_limits_that_they_joined_by() -> None:
    start = NOW - timedelta(minutes=15)
    one = replace(ride(0, 0, 0, 20), start=start)
    (joining,) = legs_of(one, 1_000.0, 1_000.0, NOW)
    (joined,) = legs_of(replace(one, promised_at=NOW, told_at=NOW), 1_000.0, 1_000.0, NOW)
    assert joined.set_down_until == joining.set_down_until
    late = NOW + timedelta(minutes=20)
    put_off = replace(one, promised_at=late, told_at=NOW, put_off_s=1_200.0)
    (later,) = legs_of(put_off, 1_000.0, 1_000.0, NOW)
    assert later.set_down_until == joining.set_down_until + 1_200.0
