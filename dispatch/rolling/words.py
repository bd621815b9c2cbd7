"""What a dispatcher is warned of."""

from enum import StrEnum


class WarningKind(StrEnum):
    """Why an order needs a look, the most urgent first."""

    NOT_DEPARTED = "not_departed"
    LATE_PICKUP = "late_pickup"
    NEXT_ENDANGERED = "next_endangered"
    LATE_END = "late_end"
    POSITION_SILENT = "position_silent"
