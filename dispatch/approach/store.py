"""SQL of the approach: whose it is, who drives, and where the vehicle was seen."""

from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from uuid import UUID

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import DateTime

from dispatch.approach.phases import Sight
from dispatch.roads.network import LatLon
from dispatch.roads.plane import METRES_PER_DEGREE
from dispatch.tables import Order, OrderRequest
from fleet.journal.tables import JournalEntry
from fleet.tables import Driver, Person
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
class DriverContact:
    """Who drives; the phone number is whole."""

    name: str
    phone: str | None


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


async def order_of(session: AsyncSession, request_id: UUID) -> Order | None:
    """Return the newest order that serves a request."""
    newest = (
        select(Order)
        .join(OrderRequest, OrderRequest.order_id == Order.id)
        .where(OrderRequest.request_id == request_id)
        .order_by(Order.id.desc())
        .limit(1)
    )
    return (await session.scalars(newest)).one_or_none()


async def driver_of(session: AsyncSession, driver_no: int | None) -> DriverContact | None:
    """Return a driver by number."""
    row = (
        await session.execute(
            select(Person.name, Person.phone)
            .join(Driver, Driver.person_no == Person.no)
            .where(Driver.no == driver_no)
        )
    ).one_or_none()
    return DriverContact(row.name, row.phone) if row else None


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


async def looked_since(
    session: AsyncSession, actor_no: int, order_id: UUID, action: str, since: datetime
) -> bool:
    """Return whether the journal has an entry of this person, order and action since then."""
    found = exists().where(
        JournalEntry.object_id == order_id,
        JournalEntry.actor_no == actor_no,
        JournalEntry.action == action,
        JournalEntry.at > since,
    )
    return bool(await session.scalar(select(found)))
