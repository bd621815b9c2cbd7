"""Code lists of plans; the words are those of docs/glossary.md."""

from enum import StrEnum


class PlanState(StrEnum):
    """How far a day's plan (排班方案) has come."""

    ASKED = "asked"
    PROPOSED = "proposed"
    REPLACED = "replaced"


class PlanLineState(StrEnum):
    """What became of one ride of a plan."""

    PROPOSED = "proposed"
    UNSERVED = "unserved"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
