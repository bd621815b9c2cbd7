"""The live fleet: a replica in memory of every vehicle's newest position, rebuilt at will.

Each process that answers from it keeps its own, fed by the batch rows; nobody owns it. A vehicle's
newest position is that of its primary terminal, the doubtful ones left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tracking import store
from tracking.live_index import LiveIndex, LivePosition
from tracking.tables import PositionWriter

REMEMBERED = timedelta(days=3)
_BATCHES_AT_ONCE = 1_000

_NEWEST = text("""
    SELECT b.vehicle_no, extract(epoch FROM p.time)::bigint AS time_s, p.digest, p.latitude,
           p.longitude, p.speed_kmh, p.course_deg, p.acc
    FROM unnest(CAST(:terminal_nos AS bigint[]), CAST(:since AS timestamptz[]))
         AS t(terminal_no, since)
    JOIN vehicle_terminal b ON b.terminal_no = t.terminal_no AND b.is_primary
                           AND b.period @> CAST(:now AS timestamptz)
    CROSS JOIN LATERAL (
        SELECT * FROM positions_once o
        WHERE o.terminal_no = t.terminal_no AND o.time >= t.since AND o.time IS NOT NULL
          AND o.reasons & :accepted = 0
        ORDER BY o.time DESC, o.digest DESC LIMIT 1
    ) p
    WHERE b.period @> p.time
""")

_BOUND_TERMINALS = text("""
    SELECT terminal_no FROM vehicle_terminal
    WHERE is_primary AND period @> CAST(:now AS timestamptz)
""")

_VEHICLES = text("""
    SELECT v.no, v.id, v.plate, u.organisation_no, o.id AS unit_id, o.name AS unit_name
    FROM vehicle v
    JOIN vehicle_unit u ON u.vehicle_no = v.no AND u.period @> CAST(:now AS timestamptz)
    JOIN organisation o ON o.no = u.organisation_no
    WHERE v.withdrawn_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class LiveVehicle:
    """What the register says of a vehicle that the map shows."""

    no: int
    id: UUID
    plate: str
    unit_no: int
    unit_id: UUID
    unit_name: str


@dataclass(frozen=True, slots=True)
class OnOrder:
    """The order that a vehicle is on, as dispatch says; this room only carries it."""

    id: UUID
    state: str


class LiveFleet:
    """Newest positions by H3 cell, the register's words beside them, and what is being driven."""

    def __init__(self) -> None:
        self.index = LiveIndex()
        self.vehicles: dict[int, LiveVehicle] = {}
        self.orders: dict[int, OnOrder] = {}
        self.caught_up_at: datetime | None = None
        self._progress: dict[int, int] | None = None

    async def catch_up(self, session: AsyncSession, now: datetime) -> set[int]:
        """Read what was committed since the last call; return the vehicles that moved on."""
        if self._progress is None:
            moved = await self._load(session, now)
        else:
            moved = set()
            while True:
                batches = await store.batches_after(session, self._progress, _BATCHES_AT_ONCE)
                for batch in batches:
                    self._progress[batch.writer_no] = batch.n
                since: dict[int, float] = {}
                for batch in batches:
                    for no, first in zip(batch.terminal_nos, batch.first_times, strict=True):
                        since[no] = min(first, since.get(no, first))
                moved |= await self._read(session, _instants(since), now)
                if len(batches) < _BATCHES_AT_ONCE:
                    break
        self.caught_up_at = now
        return moved

    async def read_register(self, session: AsyncSession, now: datetime) -> set[int]:
        """Read plates and units anew; return the vehicles whose entry changed or is gone."""
        rows = await session.execute(_VEHICLES, {"now": now})
        vehicles = {
            r.no: LiveVehicle(r.no, r.id, r.plate, r.organisation_no, r.unit_id, r.unit_name)
            for r in rows
        }
        changed = {
            no
            for no in self.vehicles.keys() | vehicles.keys()
            if self.vehicles.get(no) != vehicles.get(no)
        }
        self.vehicles = vehicles
        return changed

    def nearest(
        self, latitude: float, longitude: float, k: int, units: frozenset[int]
    ) -> list[tuple[LiveVehicle, LivePosition, float]]:
        """Return the k nearest vehicles of these units, with their straight distance in metres."""

        def accept(position: LivePosition) -> bool:
            vehicle = self.vehicles.get(position.vehicle_no)
            return vehicle is not None and vehicle.unit_no in units

        found = self.index.nearest(latitude, longitude, k, accept=accept)
        return [
            (self.vehicles[no], position, distance_m)
            for no, distance_m in found
            if (position := self.index.get(no)) is not None
        ]

    async def _load(self, session: AsyncSession, now: datetime) -> set[int]:
        # Progress is read first: what is committed in between is read twice, never missed.
        writers = await session.execute(select(PositionWriter.no, PositionWriter.last_n))
        self._progress = dict(writers.all())
        terminals = (await session.scalars(_BOUND_TERMINALS, {"now": now})).all()
        return await self._read(session, dict.fromkeys(terminals, now - REMEMBERED), now)

    async def _read(
        self, session: AsyncSession, since: Mapping[int, datetime], now: datetime
    ) -> set[int]:
        if not since:
            return set()
        rows = await session.execute(
            _NEWEST,
            {
                "terminal_nos": list(since),
                "since": list(since.values()),
                "now": now,
                "accepted": store.ACCEPTED,
            },
        )
        positions = [
            LivePosition(
                r.vehicle_no,
                r.time_s,
                r.digest,
                r.latitude,
                r.longitude,
                r.speed_kmh,
                r.course_deg,
                r.acc,
            )
            for r in rows
        ]
        return {p.vehicle_no for p in positions if self.index.put(p)}


def _instants(seconds: Mapping[int, float]) -> dict[int, datetime]:
    return {no: datetime.fromtimestamp(s, UTC) for no, s in seconds.items()}
