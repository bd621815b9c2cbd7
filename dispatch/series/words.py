"""Code lists of series; the words are those of docs/glossary.md."""

from enum import StrEnum


class Repeats(StrEnum):
    """On which days the rides of a series (周期用车) fall."""

    WORKDAYS = "workdays"
    DAILY = "daily"
    WEEKLY = "weekly"


class NoRide(StrEnum):
    """Why there is no ride on a day that a series names."""

    DAY_OFF = "day_off"
    PAST = "past"
