"""Where a vehicle was seen: SQL over the positions that its terminals sent."""

from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import DateTime

from dispatch.roads.network import LatLon
from dispatch.roads.plane import METRES_PER_DEGREE
from tracking.store import ACCEPTED

_INSTANT = DateTime(timezone=True)

# One terminal at a time, in the index of its partition.
_SEEN = """
    FROM vehicle_terminal b
    CROSS JOIN LATERAL (
        SELECT o.time, o.digest, o.latitude, o.longitude, o.course_deg
        FROM positions_once o
        WHERE o.terminal_no = b.terminal_no AND o.time >= :since AND o.time <= :until
          AND o.reasons & :accepted = 0 AND o.latitude IS NOT NULL {place}
        ORDER BY o.time DESC, o.digest DESC LIMIT 1
    ) p
    WHERE b.vehicle_no = :vehicle_no AND b.is_primary AND b.period @> p.time
"""
_TIMES = (bindparam("since", type_=_INSTANT), bindparam("until", type_=_INSTANT))
_NEWEST = text(
    "SELECT p.* " + _SEEN.format(place="") + " ORDER BY p.time DESC, p.digest DESC LIMIT 1"
).bindparams(*_TIMES)
_WITHIN = "AND o.latitude BETWEEN :south AND :north AND o.longitude BETWEEN :west AND :east"
_BEEN = text("SELECT EXISTS (SELECT" + _SEEN.format(place=_WITHIN) + ")").bindparams(*_TIMES)


@dataclass(frozen=True, slots=True)
class Sight:
    """Where the vehicle was seen (WGS-84), and when."""

    at: LatLon
    seen_at: datetime
    course_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """What lies at most so many metres north, south, east or west of a place."""

    place: LatLon
    within_m: float

    @property
    def box(self) -> dict[str, float]:
        """Its edges in degrees."""
        high = self.within_m / METRES_PER_DEGREE
        # Close to a pole every meridian is near; the box is then as wide as it need be.
        wide = min(180.0, high / max(cos(radians(self.place[0])), high / 180.0))
        return {
            "south": self.place[0] - high,
            "north": self.place[0] + high,
            "west": self.place[1] - wide,
            "east": self.place[1] + wide,
        }


async def newest_seen(
    session: AsyncSession, vehicle_no: int, since: datetime, until: datetime
) -> Sight | None:
    """Return where a vehicle was last seen in [since, until], doubtful positions left out."""
    times = {"since": since, "until": until, "accepted": ACCEPTED}
    row = (await session.execute(_NEWEST, {"vehicle_no": vehicle_no, **times})).one_or_none()
    if row is None:
        return None
    return Sight((row.latitude, row.longitude), row.time, row.course_deg)


async def has_been(
    session: AsyncSession, vehicle_no: int, near: Near, since: datetime, until: datetime
) -> bool:
    """Return whether a vehicle was seen near a place in [since, until]."""
    times = {"since": since, "until": until, "accepted": ACCEPTED}
    asked = {"vehicle_no": vehicle_no, **times, **near.box}
    return bool(await session.scalar(_BEEN, asked))
