"""Code lists of duty; the words are those of docs/glossary.md."""

from enum import StrEnum


class ShiftKind(StrEnum):
    """What kind of shift (班次) a driver has."""

    DAY_SHIFT = "day_shift"
    NIGHT_SHIFT = "night_shift"
    STANDBY = "standby"


class LeaveKind(StrEnum):
    """Why a driver is away (请假)."""

    ANNUAL = "annual"
    SICK = "sick"
    PERSONAL = "personal"
    TRAINING = "training"
    OTHER = "other"


class RosterKind(StrEnum):
    """What a duty roster (值班表) is for."""

    REGULAR_DUTY = "regular_duty"
    HOLIDAY_DUTY = "holiday_duty"
    EMERGENCY_STANDBY = "emergency_standby"
