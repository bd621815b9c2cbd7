"""What the feed writes of a vehicle is what the API says of it."""

import json
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.live.spelling import Speller
from tracking.live.fleet import LiveFleet, OnOrder
from tracking.live.index import LivePosition
from tracking.live.register import LiveVehicle
from tracking.live.service import live_item

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.none() | st.floats(-1e6, 1e6) | st.integers(0, 360)
VEHICLES = st.builds(
    LiveVehicle, st.just(7), st.uuids(), WORDS, st.integers(1, 9), st.uuids(), WORDS
)
POSITIONS = st.builds(
    LivePosition,
    st.just(7),
    st.integers(0, 2**32),
    st.just(0),
    st.floats(-90, 90),
    st.floats(-180, 180),
    NUMBERS,
    NUMBERS,
)
IDS = st.none() | st.uuids()
ORDERS = st.none() | st.builds(OnOrder, IDS, st.sampled_from(["departed", "arrived"]))


@given(VEHICLES, POSITIONS, ORDERS)
def test_a_vehicle_is_spelt_as_the_api_has_it(
    vehicle: LiveVehicle, position: LivePosition, order: OnOrder | None
) -> None:
    fleet = LiveFleet()
    if order is not None:
        fleet.orders[vehicle.no] = order
    item = live_item(fleet, vehicle, position, NOW).model_dump_json()
    spelt = Speller().spelt(vehicle, position, order, NOW)
    assert spelt.isascii()
    assert json.loads(spelt) == json.loads(item)


def test_a_vehicle_that_the_register_calls_otherwise_is_spelt_anew() -> None:
    speller, position = Speller(), LivePosition(7, 0, 0, 40.0, 110.0)
    before, after = (
        LiveVehicle(7, UUID(int=7), plate, 1, UUID(int=1), "甲局")
        for plate in ("示A10001", "示A99999")
    )
    told = [speller.spelt(one, position, None, NOW) for one in (before, after, after)]
    assert [json.loads(text)["plate"] for text in told] == ["示A10001", "示A99999", "示A99999"]


def test_a_number_that_is_none_is_told_as_unknown() -> None:
    vehicle = LiveVehicle(7, UUID(int=7), "示A10001", 1, UUID(int=1), "甲局")
    position = LivePosition(7, 0, 0, 40.0, 110.0, float("nan"), float("inf"))
    told = json.loads(Speller().spelt(vehicle, position, None, NOW))
    assert (told["speed_kmh"], told["course_deg"]) == (None, None)
