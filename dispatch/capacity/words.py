"""Code lists of reservations; the words are those of docs/glossary.md."""

from enum import StrEnum


class ReservationState(StrEnum):
    """What became of the capacity that a request was promised (预留)."""

    HELD = "held"
    BOUND = "bound"
    RELEASED = "released"
    REFUSED = "refused"
