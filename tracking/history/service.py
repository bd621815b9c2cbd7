"""Use cases of tracking: who may see which track, the question journalled, the answer paged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.errors import EmptyPeriod
from fleet.permissions import Permission
from fleet.refs import Named, VehicleRef
from fleet.tables import Organisation, Vehicle
from kit.errors import BadRequest, NotFound
from kit.paging import decode_cursor, encode_cursor, instant_in, number_in, uuid_in
from tracking import schemas, store
from tracking.history import positions as position_history
from tracking.history import store as history
from tracking.history.looking import Look, find_vehicle
from tracking.tables import Trip
from tracking.trips.positions import PositionArrays


class PeriodMissing(BadRequest):
    """Ask for one vehicle or one terminal, and for a period that ends after it starts."""


@dataclass(frozen=True, slots=True)
class AskedTrack:
    """A question about a track."""

    vehicle_id: UUID | None
    terminal_id: UUID | None
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class AskedTrips:
    """A question about trips or stops."""

    vehicle_id: UUID | None
    organisation_id: UUID | None
    start: datetime | None
    end: datetime | None
    superseded: bool


async def positions(
    session: AsyncSession,
    look: Look,
    asked: AskedTrack,
    limit: int,
    cursor: str | None,
) -> schemas.PositionPage:
    """Return a page of history. Raises NotFound outside the actor's scope, PeriodMissing."""
    if asked.start is None or asked.end is None or asked.start >= asked.end:
        raise PeriodMissing
    if (asked.vehicle_id is None) == (asked.terminal_id is None):
        raise PeriodMissing
    vehicle_no, terminal_no = await _whose(session, look, asked)
    after = decode_cursor(cursor, 3)
    look.journal(session, "track.read", asked.vehicle_id or asked.terminal_id, _asked(asked))
    rows = await position_history.read_positions(
        session,
        position_history.Asked(
            asked.start,
            asked.end,
            vehicle_no,
            terminal_no,
            None
            if after is None
            else (instant_in(after[0]), number_in(after[1]), number_in(after[2])),
        ),
        limit + 1,
    )
    page = rows[:limit]
    return schemas.PositionPage(
        items=[
            schemas.PositionItem.model_validate(
                {**row._mapping, "reasons": history.reason_words(row.reasons)}
            )
            for row in page
        ],
        next_cursor=encode_cursor(
            [page[-1].time.isoformat(), page[-1].digest, page[-1].terminal_no]
        )
        if len(rows) > limit
        else None,
    )


async def _whose(
    session: AsyncSession, look: Look, asked: AskedTrack
) -> tuple[int | None, int | None]:
    if asked.vehicle_id is not None:
        vehicle = await find_vehicle(session, look, asked.vehicle_id)
        return vehicle.no, None
    assert asked.terminal_id is not None
    terminal = await history.find_terminal(
        session, asked.terminal_id, look.actor.scope(Permission.TRACK_READ)
    )
    if terminal is None:
        raise NotFound
    return None, terminal.no


def _asked(asked: AskedTrack | AskedTrips) -> dict[str, object]:
    return {
        "start": asked.start.isoformat() if asked.start else None,
        "end": asked.end.isoformat() if asked.end else None,
    }


async def trips(
    session: AsyncSession,
    look: Look,
    asked: AskedTrips,
    limit: int,
    cursor: str | None,
) -> schemas.TripPage:
    """Return a page of trips in the actor's scope. Raises EmptyPeriod."""
    _check_period(asked)
    after = decode_cursor(cursor, 2)
    rows = await history.read_trips(
        session,
        look.actor.reach(Permission.TRACK_READ),
        vehicle_id=asked.vehicle_id,
        organisation_id=asked.organisation_id,
        since=asked.start,
        until=asked.end,
        superseded=asked.superseded,
        after=None if after is None else (instant_in(after[0]), uuid_in(after[1])),
        limit=limit + 1,
    )
    look.journal(session, "trip.read", asked.vehicle_id, _asked(asked))
    page = rows[:limit]
    last = page[-1][0] if len(rows) > limit else None
    return schemas.TripPage(
        items=[trip_item(*row) for row in page],
        next_cursor=None
        if last is None or last.period.lower is None
        else encode_cursor([last.period.lower.isoformat(), str(last.id)]),
    )


def trip_item(trip: Trip, vehicle: Vehicle, unit: Organisation) -> schemas.TripItem:
    """Return what the API says of a version of a trip."""
    assert trip.period.upper is not None
    return schemas.TripItem(
        id=trip.id,
        vehicle=VehicleRef(id=vehicle.id, plate=vehicle.plate),
        unit=Named(id=unit.id, name=unit.name),
        start=schemas.TripEnd(
            time=_lower(trip.period), latitude=trip.start_latitude, longitude=trip.start_longitude
        ),
        end=schemas.TripEnd(
            time=trip.period.upper, latitude=trip.end_latitude, longitude=trip.end_longitude
        ),
        distance_m=trip.distance_m,
        odometer_m=trip.odometer_m,
        max_speed_kmh=trip.max_speed_kmh,
        gaps=trip.gaps,
        superseded_at=trip.superseded_at,
        superseded_by=trip.superseded_by,
    )


async def trip(session: AsyncSession, look: Look, trip_id: UUID) -> schemas.TripDetail:
    """Return a trip with its track. Raises NotFound outside the actor's scope."""
    row = await history.find_trip(session, trip_id, look.actor.reach(Permission.TRACK_READ))
    if row is None:
        raise NotFound
    found, vehicle, unit = row
    look.journal(session, "track.read", vehicle.id, {"trip": str(trip_id)})
    assert found.period.lower is not None
    assert found.period.upper is not None
    tracks = await store.read_tracks(
        session, [store.Span(vehicle.no, found.period.lower, found.period.upper)]
    )
    return schemas.TripDetail(
        **trip_item(found, vehicle, unit).model_dump(),
        track=_line(tracks.get(vehicle.no), found.period.upper),
    )


def _line(track: PositionArrays | None, until: datetime) -> schemas.Track:
    if track is None:
        return schemas.Track(coordinates=[], times=[])
    points: Iterable[tuple[float, float, int]] = zip(
        track.lon.tolist(), track.lat.tolist(), track.time_s.tolist(), strict=True
    )
    kept = [(lon, lat, t) for lon, lat, t in points if t <= until.timestamp()]
    return schemas.Track(
        coordinates=[(lon, lat) for lon, lat, _ in kept],
        times=[datetime.fromtimestamp(t, UTC) for _, _, t in kept],
    )


async def stops(
    session: AsyncSession,
    look: Look,
    asked: AskedTrips,
    limit: int,
    cursor: str | None,
) -> schemas.StopPage:
    """Return a page of a vehicle's stops. Raises EmptyPeriod; NotFound outside the scope."""
    _check_period(asked)
    assert asked.vehicle_id is not None
    vehicle = await find_vehicle(session, look, asked.vehicle_id)
    after = decode_cursor(cursor, 2)
    rows = await history.read_stops(
        session,
        vehicle,
        since=asked.start,
        until=asked.end,
        after=None if after is None else (instant_in(after[0]), uuid_in(after[1])),
        limit=limit + 1,
    )
    look.journal(session, "stop.read", vehicle.id, _asked(asked))
    items = [
        schemas.StopItem(
            id=row.id,
            vehicle=VehicleRef(id=vehicle.id, plate=vehicle.plate),
            start=_lower(row.period),
            end=row.period.upper,
            latitude=row.latitude,
            longitude=row.longitude,
        )
        for row in rows[:limit]
    ]
    return schemas.StopPage(
        items=items,
        next_cursor=encode_cursor([items[-1].start.isoformat(), str(items[-1].id)])
        if len(rows) > limit
        else None,
    )


def _check_period(asked: AskedTrips) -> None:
    if asked.start is not None and asked.end is not None and asked.start >= asked.end:
        raise EmptyPeriod


def _lower(period: Range[datetime]) -> datetime:
    assert period.lower is not None
    return period.lower
