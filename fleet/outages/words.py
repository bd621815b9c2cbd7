"""Code lists of outages; the words are those of docs/glossary.md."""

from enum import StrEnum


class OutageKind(StrEnum):
    """Why a vehicle stands still (停用类别).

    Planned maintenance may be put off by a person who says why. A defect may not: nobody drives a
    vehicle with a hidden danger to safety (道路交通安全法 art 21).
    """

    MAINTENANCE = "maintenance"
    DEFECT = "defect"
