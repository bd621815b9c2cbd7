"""The limits within which a request is assigned; beyond them it is left, with the sentence."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.automatic.limits import Ride, stop_of_ride, stop_of_vehicle
from dispatch.automatic.words import AutoDispatchStop
from dispatch.matching.ranking import Use
from dispatch.words import Purpose
from fleet.rules.auto_dispatch import AutoDispatchLimits
from tests.dispatch.automatic.conftest import Made
from tests.dispatch.automatic.telling import notes_of, said, state_of
from tests.dispatch.office import Json, Office, ok
from tests.dispatch.test_suggestions import see

_EIGHT_AT_NIGHT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_RIDE = Ride(Purpose.MEETING, _EIGHT_AT_NIGHT, _EIGHT_AT_NIGHT + timedelta(hours=2))


@pytest.mark.parametrize(
    ("said_limits", "stop", "figure"),
    [
        ({"purposes": ["reception"]}, AutoDispatchStop.PURPOSES, "会议"),
        ({"longest_ride_s": 5400}, AutoDispatchStop.LONGEST_RIDE, "1.5 小时"),
        ({"hours": {"start": "08:00", "end": "18:00"}}, AutoDispatchStop.HOURS, "20:00"),
        ({"longest_ride_s": 7200, "purposes": ["meeting"]}, None, ""),
        ({"hours": {"start": "20:00", "end": "06:00"}}, None, ""),
        # When it begins counts, not when it is over.
        ({"hours": {"start": "19:00", "end": "21:00"}}, None, ""),
    ],
)
def test_a_ride_is_stopped_by_the_first_limit_that_it_passes(
    said_limits: Json, stop: AutoDispatchStop | None, figure: str
) -> None:
    found = stop_of_ride(_RIDE, AutoDispatchLimits.model_validate(said_limits))
    assert (found.stop if found else None) is stop
    assert figure in (found.sentence if found else "")


@pytest.mark.parametrize(
    ("vehicles", "farthest"),
    [("own_unit", Use.OWN_UNIT), ("pool", Use.POOL), ("cross_unit", Use.CROSS_UNIT)],
)
def test_a_vehicle_of_a_later_step_of_use_is_left_to_the_dispatcher(
    vehicles: str, farthest: Use
) -> None:
    limits = AutoDispatchLimits.model_validate({"vehicles": vehicles})
    allowed = [use for use in Use if stop_of_vehicle(use, 0, limits) is None]
    assert allowed == [use for use in Use if use <= farthest]


def test_an_empty_way_may_be_as_long_as_the_limit_and_no_longer() -> None:
    limits = AutoDispatchLimits(greatest_empty_m=5_000)
    assert stop_of_vehicle(Use.OWN_UNIT, 5_000, limits) is None
    stop = stop_of_vehicle(Use.OWN_UNIT, 5_100, limits)
    assert stop is not None
    assert (stop.stop, "5.1 公里" in stop.sentence) == (AutoDispatchStop.GREATEST_EMPTY, True)


async def test_a_request_beyond_the_limits_waits_with_its_suggestion_and_the_sentence(
    desk_of: Office, dispatcher: Made
) -> None:
    await see(desk_of, "b1", 0.01)
    await said(desk_of, "assign", vehicles="pool")
    request = await desk_of.approved()
    system = dispatcher()
    await system.step()
    assert await notes_of(desk_of, request) == [("left", "vehicles")]
    shown = ok(await desk_of.get("dispatcher", f"/requests/{request['id']}"))
    assert shown["auto_dispatch"]["stop"] == "vehicles"
    assert "跨单位统一调度" in shown["auto_dispatch"]["sentence"]
    assert shown["auto_dispatch"]["suggestion_id"] is not None
    assert system.state.left == {"vehicles": 1}
    await dispatcher().step()
    assert len(await notes_of(desk_of, request)) == 1, "the same is not noted twice"
    (listed,) = ok(await desk_of.get("dispatcher", "/requests"))["items"]
    assert listed["auto_dispatch"]["outcome"] == "left"
    await said(desk_of, "assign", vehicles="cross_unit")
    await dispatcher().step()
    assert await state_of(desk_of, request) == "assigned"
