"""All SQL of tracking that reads positions and keeps trips and stops.

Positions are read from `positions_once`. A vehicle's track is what its primary terminals sent
while they were bound to it, without what is doubtful, ordered by (time, digest).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.retention.kinds import DataKind
from fleet.retention.store import erased_before
from fleet.tables import BindingChange, VehicleTerminal
from tracking.path.judgement import Reason
from tracking.tables import ChangedDay, PositionBatch, Stop, Trip, TripCheckpoint
from tracking.trips.positions import UNKNOWN, PositionArrays

FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)

ACCEPTED = int(~Reason.ROLLOVER_REPAIRED & 0x7FFFFFFF)
"""A position whose reasons have none of these bits takes part in trips and in the live map."""

# OFFSET 0 keeps the lateral part a subquery of its own, so that terminal and times reach the
# view's scan: only their partitions and index entries are read. First and last of all are
# constants, by which the other partitions are left out already when the statement is planned.
_TRACKS = text("""
    SELECT w.vehicle_no, extract(epoch FROM p.time)::bigint AS time_s, p.digest, p.latitude,
           p.longitude, p.speed_kmh, p.acc, p.odometer_m
    FROM unnest(CAST(:vehicle_nos AS bigint[]), CAST(:since AS timestamptz[]),
                CAST(:until AS timestamptz[])) AS w(vehicle_no, since, until)
    JOIN vehicle_terminal b ON b.vehicle_no = w.vehicle_no AND b.is_primary
                           AND b.period && tstzrange(w.since, w.until, '[]')
    CROSS JOIN LATERAL (
        SELECT * FROM positions_once o
        WHERE o.terminal_no = b.terminal_no AND o.time >= w.since AND o.time <= w.until
          AND o.time >= CAST(:first AS timestamptz) AND o.time <= CAST(:last AS timestamptz)
        OFFSET 0
    ) p
    WHERE b.period @> p.time AND p.reasons & :accepted = 0
    ORDER BY w.vehicle_no, time_s, p.digest
""")


# Each writer is asked by itself, so that nobody scans what all of them have ever written.
_BATCHES = select(PositionBatch).from_statement(
    text("""
    SELECT b.* FROM position_writer w
    LEFT JOIN unnest(CAST(:writer_nos AS integer[]), CAST(:ns AS bigint[])) AS known(no, n)
           ON known.no = w.no
    CROSS JOIN LATERAL (
        SELECT * FROM position_batch p
        WHERE p.writer_no = w.no AND p.n > coalesce(known.n, 0)
        ORDER BY p.n LIMIT :most
    ) b
    WHERE w.last_n > coalesce(known.n, 0)
    ORDER BY b.n, b.writer_no LIMIT :most
""")
)

_UNIT_AT = text("""
    SELECT coalesce(
        (SELECT organisation_no FROM vehicle_unit
         WHERE vehicle_no = :vehicle_no
           AND (lower(period) IS NULL OR lower(period) <= CAST(:at AS timestamptz))
         ORDER BY lower(period) DESC NULLS LAST LIMIT 1),
        (SELECT organisation_no FROM vehicle_unit
         WHERE vehicle_no = :vehicle_no
         ORDER BY lower(period) LIMIT 1)
    )
""")

_MOVED = text("""
    SELECT t.id FROM trip t WHERE t.id = ANY(:ids) AND t.organisation_no IS DISTINCT FROM coalesce(
        (SELECT organisation_no FROM vehicle_unit u
         WHERE u.vehicle_no = t.vehicle_no
           AND (lower(u.period) IS NULL OR lower(u.period) <= lower(t.period))
         ORDER BY lower(u.period) DESC NULLS LAST LIMIT 1),
        (SELECT organisation_no FROM vehicle_unit u
         WHERE u.vehicle_no = t.vehicle_no
         ORDER BY lower(u.period) LIMIT 1)
    )
""")

# Only days on which the vehicle was heard of: of others there is nothing to judge.
_CHANGED_SINCE = text("""
    INSERT INTO changed_day (vehicle_no, day, cause)
    SELECT :vehicle_no, day::date, 'binding'
    FROM (
        SELECT greatest(min(lower(period)), CAST(:since AS timestamptz)) AS first
        FROM (
            SELECT period FROM trip WHERE vehicle_no = :vehicle_no AND superseded_at IS NULL
            UNION ALL
            SELECT period FROM stop WHERE vehicle_no = :vehicle_no AND superseded_at IS NULL
        ) AS known
        WHERE period && tstzrange(CAST(:since AS timestamptz), NULL)
    ) AS heard
    CROSS JOIN generate_series(
        (first AT TIME ZONE 'Asia/Shanghai')::date,
        (CAST(:until AS timestamptz) AT TIME ZONE 'Asia/Shanghai')::date,
        interval '1 day'
    ) AS day
""")


@dataclass(frozen=True, slots=True)
class Span:
    """A vehicle and the period of its track that is asked for, both ends included."""

    vehicle_no: int
    since: datetime
    until: datetime

    def joined(self, other: "Span | None") -> "Span":
        """Return the shortest span that holds both."""
        if other is None:
            return self
        return Span(self.vehicle_no, min(self.since, other.since), max(self.until, other.until))


async def read_tracks(session: AsyncSession, spans: Sequence[Span]) -> dict[int, PositionArrays]:
    """Return the track of each vehicle in its span; a vehicle without positions is left out."""
    if not spans:
        return {}
    rows = (
        await session.execute(
            _TRACKS,
            {
                "vehicle_nos": [s.vehicle_no for s in spans],
                "since": [s.since for s in spans],
                "until": [s.until for s in spans],
                "first": min(s.since for s in spans),
                "last": max(s.until for s in spans),
                "accepted": ACCEPTED,
            },
        )
    ).all()
    by_vehicle: dict[int, list[tuple[object, ...]]] = {}
    for row in rows:
        by_vehicle.setdefault(row[0], []).append(tuple(row)[1:])
    return {vehicle_no: _arrays(points) for vehicle_no, points in by_vehicle.items()}


def _arrays(points: Sequence[tuple[object, ...]]) -> PositionArrays:
    time_s, digest, latitude, longitude, speed, acc, odometer = zip(*points, strict=True)
    return PositionArrays(
        np.array(time_s, np.int64),
        np.array(digest, np.int64),
        np.array(latitude, np.float64),
        np.array(longitude, np.float64),
        np.array([UNKNOWN if s is None else s for s in speed], np.float64),
        np.array([bool(a) for a in acc], np.bool_),
        np.array([UNKNOWN if m is None else m for m in odometer], np.int64),
    )


async def batches_after(
    session: AsyncSession, progress: Mapping[int, int], limit: int
) -> list[PositionBatch]:
    """Return the batches that follow each writer's last known one, in order, at most `limit`."""
    rows = await session.scalars(
        _BATCHES,
        {"writer_nos": list(progress), "ns": list(progress.values()), "most": limit},
    )
    return list(rows)


async def bindings_of(
    session: AsyncSession, terminal_nos: Iterable[int]
) -> list[tuple[int, int, Range[datetime]]]:
    """Return (terminal, vehicle, period) of every primary binding of these terminals."""
    rows = await session.execute(
        select(VehicleTerminal.terminal_no, VehicleTerminal.vehicle_no, VehicleTerminal.period)
        .where(VehicleTerminal.terminal_no.in_(list(terminal_nos)), VehicleTerminal.is_primary)
        .order_by(VehicleTerminal.no)
    )
    return [(t, v, p) for t, v, p in rows]


async def take_binding_changes(session: AsyncSession, owned: Callable[[int], bool]) -> list[Span]:
    """Return, and take off the list, the periods in which bindings of owned vehicles changed."""
    changes = list(
        await session.scalars(
            select(BindingChange).order_by(BindingChange.no).with_for_update(skip_locked=True)
        )
    )
    # What was derived from positions that are erased by now stays: anew it would be nothing.
    erased = await erased_before(session, DataKind.TRACKS) if changes else None
    spans: dict[int, Span] = {}
    for change in changes:
        if owned(change.vehicle_no):
            since = change.since if erased is None else max(change.since, erased)
            span = Span(change.vehicle_no, since, FAR_FUTURE)
            spans[change.vehicle_no] = span.joined(spans.get(change.vehicle_no))
            await session.delete(change)
    return list(spans.values())


async def checkpoint_before(
    session: AsyncSession, vehicle_no: int, before: datetime | None
) -> TripCheckpoint | None:
    """Return the newest checkpoint whose position is older than `before` (None: the newest)."""
    query = select(TripCheckpoint).where(TripCheckpoint.vehicle_no == vehicle_no)
    if before is not None:
        query = query.where(TripCheckpoint.time < before)
    row: TripCheckpoint | None = await session.scalar(
        query.order_by(TripCheckpoint.time.desc(), TripCheckpoint.digest.desc()).limit(1)
    )
    return row


async def drop_checkpoints_from(session: AsyncSession, vehicle_no: int, since: datetime) -> None:
    """Forget checkpoints that late data has overtaken."""
    await session.execute(
        delete(TripCheckpoint).where(
            TripCheckpoint.vehicle_no == vehicle_no, TripCheckpoint.time >= since
        )
    )


async def current_trips(
    session: AsyncSession, vehicle_no: int, since: datetime | None
) -> list[Trip]:
    """Return the current versions of a vehicle's trips that start at or after `since`."""
    query = select(Trip).where(Trip.vehicle_no == vehicle_no, Trip.superseded_at.is_(None))
    if since is not None:
        query = query.where(func.lower(Trip.period) >= since)
    return list(await session.scalars(query.order_by(func.lower(Trip.period))))


async def current_stops(
    session: AsyncSession, vehicle_no: int, since: datetime | None
) -> list[Stop]:
    """Return the current versions of a vehicle's stops that start at or after `since`."""
    query = select(Stop).where(Stop.vehicle_no == vehicle_no, Stop.superseded_at.is_(None))
    if since is not None:
        query = query.where(func.lower(Stop.period) >= since)
    return list(await session.scalars(query.order_by(func.lower(Stop.period))))


async def supersede_trips(
    session: AsyncSession, successors: Mapping[UUID, UUID | None], now: datetime
) -> None:
    """End these versions; each is told of its successor, if one took its place."""
    for trip_id, successor in successors.items():
        await session.execute(
            update(Trip)
            .where(Trip.id == trip_id)
            .values(superseded_at=now, superseded_by=successor)
        )


async def supersede_stops(session: AsyncSession, stop_ids: Sequence[UUID], now: datetime) -> None:
    """End these versions of stops."""
    if stop_ids:
        await session.execute(update(Stop).where(Stop.id.in_(stop_ids)).values(superseded_at=now))


async def unit_at(session: AsyncSession, vehicle_no: int, at: datetime) -> int | None:
    """Return the number of the unit that had the vehicle last at this instant, or else first.

    The rule is that of `audit.uses.use_at`, so that whoever is given the metres sees the trip.
    None only for a vehicle that no unit ever had.
    """
    number: int | None = await session.scalar(_UNIT_AT, {"vehicle_no": vehicle_no, "at": at})
    return number


async def moved_trips(session: AsyncSession, trips: Sequence[Trip]) -> frozenset[UUID]:
    """Return which of these have another unit than, as is known now, used the vehicle then."""
    if not trips:
        return frozenset()
    return frozenset(await session.scalars(_MOVED, {"ids": [trip.id for trip in trips]}))


async def mark_changed_since(
    session: AsyncSession, vehicle_no: int, since: datetime, until: datetime
) -> None:
    """Tell audit that a vehicle's days since then, as far as it was heard of, are settled anew."""
    await session.execute(
        _CHANGED_SINCE, {"vehicle_no": vehicle_no, "since": since, "until": until}
    )


def mark_changed(session: AsyncSession, vehicle_no: int, days: Iterable[date], cause: str) -> None:
    """Tell audit that these Shanghai days of a vehicle must be settled anew."""
    session.add_all(
        ChangedDay(vehicle_no=vehicle_no, day=day, cause=cause) for day in sorted(set(days))
    )
