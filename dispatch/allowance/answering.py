"""Whether a request is allowed beside the transport allowance: a pure rule with its sentence.

Inside the allowance area a passenger who draws the allowance gets a vehicle only for a listed
purpose. What nobody has written down (no area, no word on the passenger) restrains nobody: the
sentence says so, and whoever approves reads it. Source: 党政机关公务用车管理办法 art 16 and 26.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.roads.network import LatLon
from dispatch.roads.plane import distance_m
from dispatch.words import PURPOSE_LABEL, Purpose
from fleet.rules.dispatching import AllowanceCircle


@dataclass(frozen=True, slots=True)
class Answer:
    """What the allowance says of a ride.

    inside_area: whether it begins and ends inside the area; None where no area is said
    draws_allowance: whether the passenger draws the allowance then; None where nobody knows
    """

    inside_area: bool | None
    draws_allowance: bool | None
    purpose_listed: bool
    allowed: bool
    sentence: str


def answer(
    area: Sequence[AllowanceCircle],
    listed: Collection[Purpose],
    *,
    places: Sequence[LatLon],
    purpose: Purpose,
    draws_allowance: bool | None,
) -> Answer:
    """Return what the allowance says of a ride between `places`, for one passenger and purpose."""
    inside = all(is_inside(area, place) for place in places) if area else None
    is_listed = purpose in listed
    allowed = not (inside and draws_allowance and not is_listed)
    sentence = _sentence(inside, draws_allowance, purpose, is_listed=is_listed)
    return Answer(inside, draws_allowance, is_listed, allowed, sentence)


def is_inside(area: Sequence[AllowanceCircle], place: LatLon) -> bool:
    """Whether a place lies in any circle of the area, its edge included."""
    centres = np.array([(one.latitude, one.longitude) for one in area], dtype=np.float64)
    here = np.array([place], dtype=np.float64)
    metres = distance_m(centres[:, 0], centres[:, 1], here[:, 0], here[:, 1])
    return bool(np.any(metres <= np.array([one.radius_m for one in area])))


def _sentence(inside: bool | None, draws: bool | None, purpose: Purpose, *, is_listed: bool) -> str:
    if inside is None:
        return "未设定补贴范围，不受公务交通补贴限制"
    if not inside:
        return "行程超出补贴范围，可以派车"
    if draws is None:
        return "行程在补贴范围内，未登记用车人是否领取公务交通补贴"
    if not draws:
        return "行程在补贴范围内，用车人未领取公务交通补贴，可以派车"
    return (
        "行程在补贴范围内，用车人领取公务交通补贴，"
        f"事由“{PURPOSE_LABEL[purpose]}”{'' if is_listed else '不'}在可派车事由之列"
    )
