"""Properties of the trip machine on random tracks, and its oracle."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.tracks import tracks
from tests.tracking.trips.oracle import oracle_events
from tracking.trips.advance import advance, open_trip
from tracking.trips.positions import PositionArrays
from tracking.trips.rules import TripRules
from tracking.trips.state import TripState
from tracking.trips.values import StopEnded, TripEnded, TripEvent, TripStarted

RULES = TripRules()


@given(tracks(), st.data())
def test_any_split_gives_the_same_events_and_the_same_state(
    track: PositionArrays, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(track)), max_size=6)))
    state, events = TripState(), list[TripEvent]()
    for start, stop in zip([0, *cuts], [*cuts, len(track)], strict=True):
        state = TripState.from_json(state.to_json())
        state, happened = advance(state, track.part(start, stop), RULES)
        events += happened
    assert (state, events) == advance(TripState(), track, RULES)


@given(tracks())
def test_one_position_at_a_time_gives_the_same(track: PositionArrays) -> None:
    state, events = TripState(), list[TripEvent]()
    for i in range(len(track)):
        state, happened = advance(state, track.part(i, i + 1), RULES)
        events += happened
    assert (state, events) == advance(TripState(), track, RULES)


@given(tracks())
def test_the_machine_agrees_with_the_oracle(track: PositionArrays) -> None:
    _, events = advance(TripState(), track, RULES)
    assert events == oracle_events(track, RULES)


@given(tracks())
def test_a_state_survives_json(track: PositionArrays) -> None:
    state, _ = advance(TripState(), track, RULES)
    assert TripState.from_json(state.to_json()) == state


@given(tracks())
def test_the_newest_position_is_believed_or_suspected(track: PositionArrays) -> None:
    state, _ = advance(TripState(), track, RULES)
    newest = state.suspects[-1] if state.suspects else state.last
    assert newest is not None
    assert (newest.time_s, newest.lat, newest.lon) == (
        track.time_s[-1],
        track.lat[-1],
        track.lon[-1],
    )


@given(tracks())
def test_trips_are_sound(track: PositionArrays) -> None:
    state, events = advance(TripState(), track, RULES)
    open_now = open_trip(state, RULES)
    ended = [event.trip for event in events if isinstance(event, TripEnded)]
    for trip in [*ended, *([open_now] if open_now else [])]:
        assert trip.offsets_s[0] == 0
        assert len(trip.offsets_s) >= 2
        assert list(trip.offsets_s) == sorted(trip.offsets_s)
        assert len(trip.pair_m) == len(trip.offsets_s) - 1 == len(trip.lats) - 1
        assert len(trip.lons) == len(trip.lats)
        assert min(trip.pair_m) >= 0
        assert set(trip.gaps) <= set(range(len(trip.pair_m)))
    for one, following in pairwise(ended):
        assert one.ended_at_s <= following.started_at_s


@given(tracks())
def test_every_start_has_its_end_or_is_open(track: PositionArrays) -> None:
    state, events = advance(TripState(), track, RULES)
    started = sum(isinstance(event, TripStarted) for event in events)
    ended = sum(isinstance(event, TripEnded) for event in events)
    assert started - ended == (open_trip(state, RULES) is not None)
    for event in events:
        if isinstance(event, StopEnded):
            assert event.stop.ended_at_s is not None
            assert event.stop.ended_at_s >= event.stop.started_at_s


@pytest.mark.parametrize(
    "wrong",
    [{"jitter_m": 60.0}, {"far_m": 50.0}, {"slow_kmh": 0.0}, {"rest_s": 0}, {"stray_m": 100.0}],
)
def test_rules_that_contradict_themselves_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must|need"):
        TripRules(**wrong)  # type: ignore[arg-type]
