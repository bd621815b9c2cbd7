"""SQL of a simulation on one's own history: what was asked in a period, and who had vehicles."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import Request
from fleet.lists import in_force, within
from fleet.tables import Organisation, Place, Vehicle, VehicleUnit

_NEVER_ASKED = ("draft", "withdrawn", "rejected", "sent_back")


_SUBTREE = text("""
    WITH RECURSIVE below AS (
        SELECT no FROM organisation WHERE id = :id
        UNION
        SELECT p.organisation_no FROM below JOIN organisation_parent p
          ON p.parent_no = below.no AND p.period @> CAST(:at AS timestamptz)
    )
    SELECT no FROM below
""")


@dataclass(frozen=True, slots=True)
class AskedRide:
    """A request of the past; nothing in it tells whose it was."""

    asked_at: datetime
    start: datetime
    end: datetime
    origin: tuple[float, float]
    destination: tuple[float, float]
    round_trip: bool
    passengers: int
    may_share: bool


async def asked_rides(
    session: AsyncSession, organisation_nos: list[int], since: datetime, until: datetime, most: int
) -> list[AskedRide]:
    """Return requests that begin in [since, until), by their asking; at most one more than most."""
    start = func.lower(Request.period)
    found = await session.execute(
        select(
            Request.recorded_at, start, func.upper(Request.period),
            Request.origin_latitude, Request.origin_longitude,
            Request.destination_latitude, Request.destination_longitude,
            Request.round_trip, Request.passengers, Request.may_share,
        )
        .where(
            within(Request.organisation_no, organisation_nos),
            start >= since,
            start < until,
            Request.state.not_in(_NEVER_ASKED),
        )
        .order_by(Request.recorded_at, Request.id)
        .limit(most + 1)
    )  # fmt: skip
    return [
        AskedRide(at, first, last, (a, b), (c, d), back, people, shares)
        for at, first, last, a, b, c, d, back, people, shares in found
    ]


async def organisations(session: AsyncSession, top: UUID | None, at: datetime) -> list[int]:
    """Return an organisation and all below it at an instant; everybody where none is named."""
    if top is None:
        return list(await session.scalars(select(Organisation.no)))
    return list(await session.scalars(_SUBTREE, {"id": top, "at": at}))


async def based_vehicles(
    session: AsyncSession, organisation_nos: list[int], at: datetime
) -> list[tuple[float, float, int]]:
    """Return latitude and longitude of the base, and all seats, of vehicles that have a base."""
    found = await session.execute(
        select(Place.latitude, Place.longitude, Vehicle.seats)
        .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
        .join(Place, Place.no == VehicleUnit.base_no)
        .where(
            within(VehicleUnit.organisation_no, organisation_nos), in_force(VehicleUnit.period, at)
        )
        .order_by(Vehicle.no)
    )
    return [(latitude, longitude, seats) for latitude, longitude, seats in found]
