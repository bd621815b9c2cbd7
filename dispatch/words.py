"""Code lists of dispatch; the words are those of docs/glossary.md."""

from enum import StrEnum

# Rules name purposes too; whoever asks for a ride finds them here.
from fleet.words import Purpose as Purpose

PURPOSE_LABEL: dict[Purpose, str] = {
    Purpose.INSPECTION: "调研检查",
    Purpose.MEETING: "会议",
    Purpose.RECEPTION: "公务接待",
    Purpose.DOCUMENT: "文件送取",
    Purpose.EMERGENCY: "应急处置",
    Purpose.GROUP_ACTIVITY: "集体公务活动",
    Purpose.OTHER: "其他公务",
}


class OrderKind(StrEnum):
    """Whom an order serves: people, or the vehicle itself (车务派车)."""

    RIDE = "ride"
    SERVICE = "service"


class ServiceKind(StrEnum):
    """What a vehicle needs for itself."""

    FUEL = "fuel"
    REPAIR = "repair"
    ANNUAL_INSPECTION = "annual_inspection"
    WASHING = "washing"
    MOVING = "moving"


SERVICE_LABEL: dict[ServiceKind, str] = {
    ServiceKind.FUEL: "加油",
    ServiceKind.REPAIR: "维修",
    ServiceKind.ANNUAL_INSPECTION: "年检",
    ServiceKind.WASHING: "洗车",
    ServiceKind.MOVING: "挪车",
}


class FilingKind(StrEnum):
    """What a filing (报备) explains."""

    OFF_BASE_PARKING = "off_base_parking"
    NIGHT_AWAY = "night_away"
    SEALED_DUTY = "sealed_duty"
    SILENT_TERMINAL = "silent_terminal"
    OTHER = "other"


class Part(StrEnum):
    """What somebody is to one request or order; roles and scopes decide it, states use it."""

    APPLICANT = "applicant"
    PASSENGER = "passenger"
    APPROVER = "approver"
    RIDERS_DEPUTY = "riders_deputy"
    DISPATCHER = "dispatcher"
    DRIVER = "driver"
