"""Code lists of custody; the words are those of docs/glossary.md."""

from enum import StrEnum


class CustodyKind(StrEnum):
    """What is held (领用登记)."""

    KEY = "key"
    VEHICLE_LICENCE = "vehicle_licence"
    FUEL_CARD = "fuel_card"
    ETC_CARD = "etc_card"
