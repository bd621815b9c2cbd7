"""The rule on use categories (用途类别)."""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from fleet.words import Category

# Kept for their statutory use: they go only to requests that ask for them by category.
RESERVED = frozenset(
    {Category.CONFIDENTIAL_COURIER, Category.ENFORCEMENT, Category.SPECIAL_TECHNICAL}
)

CATEGORY_LABEL: dict[str, str] = {
    Category.CONFIDENTIAL_COURIER: "机要通信",
    Category.EMERGENCY: "应急保障",
    Category.ENFORCEMENT: "执法执勤",
    Category.SPECIAL_TECHNICAL: "特种专业技术",
    Category.OTHER_PRESCRIBED: "其他",
}


def category(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle's category is the one asked for, or open to general use."""
    label = CATEGORY_LABEL.get(vehicle.category, vehicle.category)
    if need.category is None:
        return f"{label}用车不用于一般公务" if vehicle.category in RESERVED else None
    if vehicle.category == need.category:
        return None
    return f"用途类别为{label}，申请要求{CATEGORY_LABEL.get(need.category, need.category)}"
