"""Which requests and vehicles never share: courier, enforcement and missions."""

from dispatch.words import Purpose
from fleet.words import Category

NEVER = frozenset({Category.CONFIDENTIAL_COURIER, Category.ENFORCEMENT})


def never_shares(
    purpose: str, category: str | None, vehicle_category: str | None, *, is_of_mission: bool
) -> bool:
    """Whether a request never shares (合乘), whatever its passengers agree to.

    机要通信 with documents fetched or delivered, 执法执勤 and 保障任务 never do, nor does anybody
    ride along in a vehicle that is kept for courier or enforcement.
    """
    return (
        is_of_mission
        or purpose == Purpose.DOCUMENT
        or category in NEVER
        or vehicle_category in NEVER
    )
