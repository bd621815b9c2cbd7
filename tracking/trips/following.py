"""Positions become trips and stops: the follower of the vehicles in the partitions it owns.

A vehicle's state lives in memory; the database has its checkpoints, and everything else follows
from `positions_once`. A batch row says which terminals it touched and when. If that lies after
the state, the state advances; if not, data came late (or again): the follower goes back to a
checkpoint before it and reads the track anew. Either way it ends with the same trips, because
what the machine says is held against the versions that stand (`versions.py`).
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from kit.clock import days_between
from kit.ids import new_id
from tracking import store, tables
from tracking.trips.advance import advance, open_stop
from tracking.trips.positions import PositionArrays
from tracking.trips.rules import TripRules
from tracking.trips.state import TripState
from tracking.trips.values import Stop, StopEnded, Trip, TripEnded, TripStarted
from tracking.trips.versions import compare_stops, compare_trips, instant, successor_of

log = logging.getLogger(__name__)

_CHECKPOINT_EVERY = timedelta(hours=6)
_NIGHT = timedelta(days=1)
_FROM_THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Followed:
    """What a step has done, by count; it holds once the step is committed.

    started: movements that began, those read anew included
    written, superseded: versions of trips
    """

    vehicles: int = 0
    started: int = 0
    written: int = 0
    superseded: int = 0

    def add(self, other: "Followed") -> None:
        """Take in what another step has done."""
        self.vehicles += other.vehicles
        self.started += other.started
        self.written += other.written
        self.superseded += other.superseded


class Follower:
    """Keeps the trip state of vehicles; one owner a vehicle (see `tracking/leases.py`)."""

    def __init__(self, rules: TripRules | None = None) -> None:
        self._rules = rules or TripRules()
        self._states: dict[int, TripState] = {}
        self._checkpointed: dict[int, datetime] = {}
        self._done = Followed()

    def forget(self, keep: Iterable[int] = ()) -> None:
        """Drop what is remembered of vehicles, but for `keep`: it is read again when needed."""
        kept = set(keep)
        self._states = {v: s for v, s in self._states.items() if v in kept}

    async def follow(
        self, session: AsyncSession, spans: Sequence[store.Span], now: datetime
    ) -> Followed:
        """Take in what was committed for these vehicles in these periods; return what was done."""
        self._done = Followed(vehicles=len(spans))
        bases: dict[int, TripState] = {}
        asked: list[store.Span] = []
        for span in spans:
            base, since = await self._base(session, span)
            bases[span.vehicle_no] = base
            until = span.until if span.vehicle_no in self._states else store.FAR_FUTURE
            asked.append(store.Span(span.vehicle_no, since, until))
        anew = {span.vehicle_no for span in asked if span.vehicle_no not in self._states}
        tracks = await store.read_tracks(session, asked)
        for vehicle_no, base in bases.items():
            try:
                await self._take_in(
                    session, vehicle_no, base, tracks.get(vehicle_no), vehicle_no in anew, now
                )
            except Exception:
                log.error("a vehicle could not be followed", extra={"vehicle_no": vehicle_no})
                raise
        return self._done

    async def _take_in(
        self,
        session: AsyncSession,
        vehicle_no: int,
        base: TripState,
        track: PositionArrays | None,
        anew: bool,
        now: datetime,
    ) -> None:
        if track is not None:
            track = _after(track, base)
        if track is not None and len(track):
            await self._advance(session, vehicle_no, base, track, anew, now)
            return
        # Read anew, what stands after the base may have lost its positions (a binding that ended
        # earlier than was thought).
        if anew:
            await self._reconcile(session, vehicle_no, base, base, [], [], now)
        self._states[vehicle_no] = base

    async def _base(self, session: AsyncSession, span: store.Span) -> tuple[TripState, datetime]:
        """Return the state to advance from, and since when the track is wanted."""
        state = self._states.get(span.vehicle_no)
        if state is not None and (
            state.newest is None or int(span.since.timestamp()) > state.newest[0]
        ):
            since = span.since if state.newest is None else instant(state.newest[0])
            return state, since
        self._states.pop(span.vehicle_no, None)
        checkpoint = await store.checkpoint_before(session, span.vehicle_no, span.since)
        await store.drop_checkpoints_from(session, span.vehicle_no, span.since)
        self._checkpointed.pop(span.vehicle_no, None)
        if checkpoint is None:
            return TripState(), _FROM_THE_BEGINNING
        self._checkpointed[span.vehicle_no] = checkpoint.time
        return TripState.from_json(json.dumps(checkpoint.state)), checkpoint.time

    async def _advance(
        self,
        session: AsyncSession,
        vehicle_no: int,
        base: TripState,
        track: PositionArrays,
        anew: bool,
        now: datetime,
    ) -> None:
        state, events = advance(base, track, self._rules)
        self._states[vehicle_no] = state
        self._done.started += sum(isinstance(e, TripStarted) for e in events)
        trips = [e.trip for e in events if isinstance(e, TripEnded)]
        stops = [e.stop for e in events if isinstance(e, StopEnded)]
        # Without an event nothing that stands has changed; read anew, it may have.
        if events or anew:
            await self._reconcile(session, vehicle_no, base, state, trips, stops, now)
        await self._checkpoint(session, vehicle_no, state, bool(trips))

    async def _reconcile(
        self,
        session: AsyncSession,
        vehicle_no: int,
        base: TripState,
        state: TripState,
        trips: Sequence[Trip],
        stops: Sequence[Stop],
        now: datetime,
    ) -> None:
        since = _undecided_since(base)
        standing_stop = open_stop(state)
        said_stops = [*stops, *([standing_stop] if standing_stop else [])]
        self._done.add(await _write_trips(session, vehicle_no, since, trips, now))
        # What is heard last says where the vehicle stood; later nights have nothing to go by.
        heard = now if state.newest is None else instant(state.newest[0])
        await _write_stops(session, vehicle_no, since, said_stops, min(now, heard + _NIGHT), now)

    async def _checkpoint(
        self, session: AsyncSession, vehicle_no: int, state: TripState, ended: bool
    ) -> None:
        # A state at rest is small; one in the middle of a trip holds all its points.
        if state.newest is None or state.moving is not None:
            return
        time = instant(state.newest[0])
        last = self._checkpointed.get(vehicle_no)
        if not ended and last is not None and time - last < _CHECKPOINT_EVERY:
            return
        await session.merge(
            tables.TripCheckpoint(
                vehicle_no=vehicle_no,
                time=time,
                digest=state.newest[1],
                state=json.loads(state.to_json()),
            )
        )
        self._checkpointed[vehicle_no] = time


def _undecided_since(base: TripState) -> datetime | None:
    """Return from when on trips and stops follow from positions after this state."""
    if base.moving is not None:
        return instant(base.moving.points.began_at_s)
    if base.parked is not None:
        return instant(base.parked.started_at_s)
    return None


def _after(track: PositionArrays, base: TripState) -> PositionArrays:
    """Return the part of the track that the state has not taken in."""
    if base.newest is None:
        return track
    start = 0
    while start < len(track) and (track.time_s[start], track.digest[start]) <= base.newest:
        start += 1
    return track.part(start, len(track))


async def _write_trips(
    session: AsyncSession,
    vehicle_no: int,
    since: datetime | None,
    said: Sequence[Trip],
    now: datetime,
) -> Followed:
    standing = await store.current_trips(session, vehicle_no, since)
    moved = await store.moved_trips(session, standing)
    changes = compare_trips(said, standing, moved)
    if not changes.new and not changes.ended:
        return Followed()
    rows = [await _trip_row(session, vehicle_no, trip) for trip in changes.new]
    ended = [row for row in standing if row.id in set(changes.ended)]
    await store.supersede_trips(session, {r.id: successor_of(r, rows) for r in ended}, now)
    session.add_all(rows)
    await session.flush()
    for row in (*rows, *ended):
        assert row.period.lower is not None
        assert row.period.upper is not None
        store.mark_changed(
            session, vehicle_no, days_between(row.period.lower, row.period.upper), "trip"
        )
    return Followed(written=len(rows), superseded=len(ended))


async def _write_stops(
    session: AsyncSession,
    vehicle_no: int,
    since: datetime | None,
    said: Sequence[Stop],
    until: datetime,
    now: datetime,
) -> None:
    """Keep stops as versions; the days from the first change to `until` are judged anew."""
    standing = await store.current_stops(session, vehicle_no, since)
    changes = compare_stops(said, standing)
    if not changes.new and not changes.ended:
        return
    await store.supersede_stops(session, changes.ended, now)
    # Where it stood is what the night is judged by, from its evening to its morning.
    since_s = [s.started_at_s for s in changes.new]
    begins = [instant(s) for s in since_s] + [
        row.period.lower for row in standing if row.id in changes.ended and row.period.lower
    ]
    store.mark_changed(session, vehicle_no, days_between(min(begins), max(until, *begins)), "stop")
    session.add_all(
        tables.Stop(
            id=new_id(),
            vehicle_no=vehicle_no,
            period=Range(
                instant(stop.started_at_s),
                None if stop.ended_at_s is None else instant(stop.ended_at_s),
                bounds="[)",
            ),
            latitude=stop.lat,
            longitude=stop.lon,
        )
        for stop in changes.new
    )
    await session.flush()


async def _trip_row(session: AsyncSession, vehicle_no: int, trip: Trip) -> tables.Trip:
    start = instant(trip.started_at_s)
    # A terminal whose clock stands still drives in no time; an empty period would say never.
    end = instant(max(trip.ended_at_s, trip.started_at_s + 1))
    return tables.Trip(
        id=new_id(),
        vehicle_no=vehicle_no,
        organisation_no=await store.unit_at(session, vehicle_no, start),
        period=Range(start, end, bounds="[)"),
        start_latitude=trip.lats[0],
        start_longitude=trip.lons[0],
        end_latitude=trip.lats[-1],
        end_longitude=trip.lons[-1],
        distance_m=trip.distance_m,
        odometer_m=trip.odometer_m,
        max_speed_kmh=trip.max_speed_kmh or 0.0,
        gaps=len(trip.gaps),
        offsets_s=list(trip.offsets_s),
        pair_m=list(trip.pair_m),
    )
