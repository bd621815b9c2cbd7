"""Code lists of sittings."""

from enum import StrEnum


class LookingPurpose(StrEnum):
    """Why somebody looks at tracks (查阅事由)."""

    DISPATCHING = "dispatching"
    SUPERVISION = "supervision"
    CASE = "case"
    COMPLAINT = "complaint"
    INCIDENT = "incident"
