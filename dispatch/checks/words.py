"""Code lists of departure checks; the words are those of docs/glossary.md."""

from enum import StrEnum


class CheckItem(StrEnum):
    """What a driver looks at before departure (检查项目)."""

    TYRES = "tyres"
    BRAKES = "brakes"
    STEERING = "steering"
    LIGHTS = "lights"
    FLUIDS = "fluids"
    SAFETY_KIT = "safety_kit"
    DOCUMENTS = "documents"
    CLEANLINESS = "cleanliness"


CHECK_LABEL: dict[CheckItem, str] = {
    CheckItem.TYRES: "轮胎",
    CheckItem.BRAKES: "制动",
    CheckItem.STEERING: "转向",
    CheckItem.LIGHTS: "灯光",
    CheckItem.FLUIDS: "油液",
    CheckItem.SAFETY_KIT: "随车安全装备",
    CheckItem.DOCUMENTS: "随车证件",
    CheckItem.CLEANLINESS: "车容车貌",
}
