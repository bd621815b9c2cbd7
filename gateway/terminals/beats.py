"""Whether terminals' doors are there: each gives a sign of life on the bus every few seconds.

The bus may be away or flushed; then nobody knows for a moment, and the next sign says it again.
"""

from dataclasses import dataclass

from kit.bus import Bus

BEAT_EVERY_S = 5.0
SEEN_WITHIN_S = 20.0

_DOORS = "gongche:{doors}"


@dataclass(frozen=True, slots=True)
class DoorsSeen:
    """How many doors are there, and how many of them can commit nothing."""

    open: int
    stalled: int


async def beat(bus: Bus, door: str, *, is_stalled: bool) -> None:
    """Say that a door is there, and whether it has closed because nothing can be committed."""
    await bus.show(_DOORS, {"door": door, "stalled": "1" if is_stalled else "0"})


async def doors_seen(bus: Bus, within_s: float = SEEN_WITHIN_S) -> DoorsSeen | None:
    """Return what the doors of the last seconds said last; None while the bus is away."""
    signs = await bus.shown(_DOORS, within_s)
    if signs is None:
        return None
    newest = {sign.get("door"): sign.get("stalled") == "1" for sign in signs}
    return DoorsSeen(open=len(newest), stalled=sum(newest.values()))
