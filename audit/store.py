"""What audit reads to settle a vehicle's day, and what it writes: trips, stops, uses, sums."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Text, bindparam, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from audit.explained import DayFigures, DrivenTrip
from audit.rules.not_back_at_night import Drive, Rest
from audit.rules.wording import instant
from audit.tables import ExplainedDay
from audit.uses import BasePlace, Use
from fleet.tables import Place, VehicleUnit
from tracking.store import Span, read_tracks
from tracking.tables import Stop, Trip


async def lock_vehicle(session: AsyncSession, vehicle_no: int) -> None:
    """Wait until no other transaction settles this vehicle, and keep others out until the end."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('audit.vehicle:' || :no, 0))"),
        {"no": str(vehicle_no)},
    )


async def uses_of(session: AsyncSession, vehicle_no: int) -> list[Use]:
    """Return which units used the vehicle, with its bases, in order of time."""
    query = (
        select(VehicleUnit, Place)
        .outerjoin(Place, Place.no == VehicleUnit.base_no)
        .where(VehicleUnit.vehicle_no == vehicle_no)
        .order_by(func.lower(VehicleUnit.period).asc().nulls_first())
    )
    return [
        Use(
            organisation_no=unit.organisation_no,
            start=unit.period.lower,
            end=unit.period.upper,
            base=BasePlace(place.name, place.latitude, place.longitude, place.radius_m)
            if place
            else None,
        )
        for unit, place in await session.execute(query)
    ]


async def trips_between(
    session: AsyncSession, vehicle_no: int, start: datetime, end: datetime
) -> list[DrivenTrip]:
    """Return the current trips that reach into [start, end), in order of time.

    A trip that ends exactly at `start` is one of them: its last pair belongs to that instant.
    """
    query = (
        select(Trip)
        .where(
            Trip.vehicle_no == vehicle_no,
            Trip.superseded_at.is_(None),
            func.lower(Trip.period) < end,
            func.upper(Trip.period) >= start,
        )
        .order_by(func.lower(Trip.period))
    )
    return [_driven(trip) for trip in await session.scalars(query)]


def _driven(trip: Trip) -> DrivenTrip:
    started_at = trip.period.lower
    assert started_at is not None
    return DrivenTrip(
        id=trip.id,
        started_at=started_at,
        offsets_s=trip.offsets_s,
        pair_m=trip.pair_m,
    )


async def rests_between(
    session: AsyncSession, vehicle_no: int, start: datetime, end: datetime
) -> list[Rest]:
    """Return the current stops that reach into [start, end), in order of time."""
    query = (
        select(Stop)
        .where(
            Stop.vehicle_no == vehicle_no,
            Stop.superseded_at.is_(None),
            func.lower(Stop.period) < end,
            func.coalesce(func.upper(Stop.period), end) > start,
        )
        .order_by(func.lower(Stop.period))
    )
    return [
        Rest(stop.period.lower, stop.period.upper, (stop.latitude, stop.longitude))
        for stop in await session.scalars(query)
        if stop.period.lower is not None
    ]


def drives_of(trips: Iterable[DrivenTrip]) -> list[Drive]:
    """Return from when to when the trips lasted."""
    return [Drive(trip.id, trip.started_at, trip.time(-1)) for trip in trips]


async def places_between(
    session: AsyncSession, vehicle_no: int, start: datetime, end: datetime
) -> dict[datetime, tuple[float, float]]:
    """Return where the vehicle was in [start, end] by its undoubted positions, in order of time."""
    tracks = await read_tracks(session, [Span(vehicle_no, start, end)])
    track = tracks.get(vehicle_no)
    if track is None:
        return {}
    points = zip(track.time_s.tolist(), track.lat.tolist(), track.lon.tolist(), strict=True)
    return {datetime.fromtimestamp(time_s, UTC): (lat, lon) for time_s, lat, lon in points}


async def replace_day(
    session: AsyncSession, vehicle_no: int, day: date, figures: Iterable[DayFigures]
) -> None:
    """Write the sums of a vehicle's day, one row a unit, in place of those that stood there."""
    await session.execute(
        delete(ExplainedDay).where(ExplainedDay.vehicle_no == vehicle_no, ExplainedDay.day == day)
    )
    rows = [_day_row(vehicle_no, f) for f in figures]
    if rows:
        await session.execute(insert(ExplainedDay), rows)


def _day_row(vehicle_no: int, figures: DayFigures) -> dict[str, object]:
    return {
        "vehicle_no": vehicle_no,
        "organisation_no": figures.organisation_no,
        "day": figures.day,
        "driven_m": figures.driven_m,
        "ordered_m": figures.ordered_m,
        "service_m": figures.service_m,
        "filed_m": figures.filed_m,
        "unexplained_m": figures.unexplained_m,
        "parts": [
            {
                "kind": leg.kind,
                "source_id": str(leg.source_id) if leg.source_id else None,
                "trip_id": str(leg.trip.id),
                "metres": leg.metres,
                "start": instant(leg.start),
                "end": instant(leg.end),
            }
            for leg in figures.legs
            if leg.metres
        ],
    }


_METRES_BY_SOURCE = text("""
    SELECT d.vehicle_no, part ->> 'source_id' AS source_id,
           sum((part ->> 'metres')::bigint)::bigint AS metres
    FROM explained_day d CROSS JOIN LATERAL jsonb_array_elements(d.parts) AS part
    WHERE d.vehicle_no = ANY(:vehicles) AND d.day BETWEEN :first AND :last
      AND part ->> 'source_id' = ANY(:sources)
    GROUP BY 1, 2
""").bindparams(
    bindparam("vehicles", type_=ARRAY(BigInteger)), bindparam("sources", type_=ARRAY(Text))
)


async def metres_by_source(
    session: AsyncSession,
    vehicles: Iterable[int],
    sources: Iterable[UUID],
    first: date,
    last: date,
) -> dict[tuple[int, UUID], int]:
    """Return how many metres of each vehicle each order or filing explains on these days.

    By (vehicle number, order or filing), on the days `first` … `last`.
    """
    rows = await session.execute(
        _METRES_BY_SOURCE,
        {
            "vehicles": sorted(set(vehicles)),
            "sources": sorted({str(source) for source in sources}),
            "first": first,
            "last": last,
        },
    )
    return {(row.vehicle_no, UUID(row.source_id)): row.metres for row in rows}
