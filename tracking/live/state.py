"""What a vehicle is doing, as the map shows it."""

from datetime import datetime
from enum import StrEnum

from tracking.live.index import LivePosition

SILENT_AFTER_S = 900
MOVING_KMH = 5.0


class LiveState(StrEnum):
    """Moving, standing, or not heard of for longer than a parked terminal keeps silent."""

    MOVING = "moving"
    STANDING = "standing"
    SILENT = "silent"


def live_state(position: LivePosition, now: datetime) -> LiveState:
    """Return what the newest position says of the vehicle at `now`."""
    if now.timestamp() - position.time_s > SILENT_AFTER_S:
        return LiveState.SILENT
    return LiveState.MOVING if (position.speed_kmh or 0) > MOVING_KMH else LiveState.STANDING
