"""How old a position of the swarm is when a watcher of the live map sees it.

Nothing of Locust is imported here: that would replace the sockets of whoever imports it.
"""

from datetime import UTC, datetime
from typing import TypedDict

_STEADY, _TUNNELLED = "示L", "示T"


class Shown(TypedDict):
    """What a watcher reads of a vehicle in the feed."""

    plate: str
    time: str
    speed_kmh: float


def plate_of(terminal: int, *, tunnelled: bool) -> str:
    """Return the plate of a terminal's vehicle.

    tunnelled: it loses its link at times, so that its positions may be old by nature
    """
    return f"{_TUNNELLED if tunnelled else _STEADY}{terminal:05d}"


def age_ms(shown: Shown, now_s: float) -> float | None:
    """Return how long ago a position was due; None for a vehicle that tells nothing of it.

    The thousandths of its second are told by its speed (loadtests/swarm/journey.py).
    """
    if not shown["plate"].startswith(_STEADY):
        return None
    second = datetime.fromisoformat(shown["time"]).astimezone(UTC).timestamp()
    return 1000 * (now_s - second) - 10 * shown["speed_kmh"]
