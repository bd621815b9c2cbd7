"""Rules on use categories (用途类别).

Three kinds are kept for their statutory use: they go only to requests that ask for them by
category. To use them otherwise is a breach (挪用执法执勤、机要通信等车辆, 党政机关公务用车管理办法
art 26).
"""

from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Need
from fleet.words import Category

CATEGORY_LABEL: dict[str, str] = {
    Category.CONFIDENTIAL_COURIER: "机要通信",
    Category.EMERGENCY: "应急保障",
    Category.ENFORCEMENT: "执法执勤",
    Category.SPECIAL_TECHNICAL: "特种专业技术",
    Category.OTHER_PRESCRIBED: "其他",
}

RESERVED = frozenset(
    {Category.CONFIDENTIAL_COURIER, Category.ENFORCEMENT, Category.SPECIAL_TECHNICAL}
)


def enforcement_only(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """An enforcement vehicle goes to enforcement alone."""
    return _kept(Category.ENFORCEMENT, vehicle, need)


def courier_only(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """A vehicle of confidential couriers goes to them alone."""
    return _kept(Category.CONFIDENTIAL_COURIER, vehicle, need)


def technical_only(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """A vehicle with special equipment goes where that is asked for."""
    return _kept(Category.SPECIAL_TECHNICAL, vehicle, need)


def category(vehicle: VehicleChoice, need: Need, at: At) -> str | None:  # noqa: ARG001
    """The vehicle's category is the one asked for, where one is."""
    if need.category is None or vehicle.category == need.category:
        return None
    label = CATEGORY_LABEL.get(vehicle.category, vehicle.category)
    return f"用途类别为{label}，申请要求{CATEGORY_LABEL.get(need.category, need.category)}"


def _kept(reserved: Category, vehicle: VehicleChoice, need: Need) -> str | None:
    if vehicle.category != reserved or need.category == reserved:
        return None
    label = CATEGORY_LABEL[reserved]
    return f"{label}用车只用于{label}，本次申请不属于此类"
