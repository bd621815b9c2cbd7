"""What the transport allowance says of a ride."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.allowance.answering import answer, is_inside
from dispatch.words import Purpose
from fleet.rules.dispatching import AllowanceCircle

TOWN = AllowanceCircle(name="城区", latitude=40.0, longitude=110.0, radius_m=10_000)
AIRPORT = AllowanceCircle(name="机场", latitude=40.3, longitude=110.3, radius_m=2_000)
AREA = (TOWN, AIRPORT)
IN_TOWN, AT_AIRPORT, FAR = (40.01, 110.01), (40.3, 110.3), (40.6, 110.0)
LISTED = (Purpose.EMERGENCY, Purpose.DOCUMENT)


@pytest.mark.parametrize(
    ("area", "places", "purpose", "draws", "allowed", "sentence"),
    [
        (
            (),
            (IN_TOWN, IN_TOWN),
            Purpose.MEETING,
            True,
            True,
            "未设定补贴范围，不受公务交通补贴限制",
        ),
        (AREA, (IN_TOWN, FAR), Purpose.MEETING, True, True, "行程超出补贴范围，可以派车"),
        (
            AREA,
            (IN_TOWN, AT_AIRPORT),
            Purpose.MEETING,
            None,
            True,
            "行程在补贴范围内，未登记用车人是否领取公务交通补贴",
        ),
        (
            AREA,
            (IN_TOWN, IN_TOWN),
            Purpose.MEETING,
            False,
            True,
            "行程在补贴范围内，用车人未领取公务交通补贴，可以派车",
        ),
        (
            AREA,
            (IN_TOWN, IN_TOWN),
            Purpose.DOCUMENT,
            True,
            True,
            "行程在补贴范围内，用车人领取公务交通补贴，事由“文件送取”在可派车事由之列",
        ),
        (
            AREA,
            (IN_TOWN, AT_AIRPORT),
            Purpose.MEETING,
            True,
            False,
            "行程在补贴范围内，用车人领取公务交通补贴，事由“会议”不在可派车事由之列",
        ),
    ],
)
def test_only_an_unlisted_purpose_inside_the_area_is_not_allowed_to_who_draws(
    area: tuple[AllowanceCircle, ...],
    places: tuple[tuple[float, float], ...],
    purpose: Purpose,
    draws: bool | None,
    allowed: bool,
    sentence: str,
) -> None:
    found = answer(area, LISTED, places=places, purpose=purpose, draws_allowance=draws)
    assert (found.allowed, found.sentence) == (allowed, sentence)


def test_the_edge_of_the_area_is_inside() -> None:
    metres_north = 10_000 / 111_195.08
    assert is_inside((TOWN,), (40.0 + metres_north - 1e-7, 110.0))
    assert not is_inside((TOWN,), (40.0 + metres_north + 1e-5, 110.0))


@given(
    inside=st.booleans(),
    draws=st.sampled_from([None, False, True]),
    purpose=st.sampled_from(list(Purpose)),
    listed=st.sets(st.sampled_from(list(Purpose))),
)
def test_listing_a_purpose_never_takes_a_vehicle_away(
    inside: bool, draws: bool | None, purpose: Purpose, listed: set[Purpose]
) -> None:
    places = (IN_TOWN if inside else FAR,) * 2
    before = answer(AREA, listed, places=places, purpose=purpose, draws_allowance=draws)
    after = answer(AREA, listed | {purpose}, places=places, purpose=purpose, draws_allowance=draws)
    assert after.allowed
    assert before.allowed or (inside and draws and purpose not in listed)
