"""The live fleet: a replica in memory of every vehicle's newest position, rebuilt at will.

Each process that answers from it keeps its own, fed by the batch rows; nobody owns it. A vehicle's
newest position is that of its primary terminal, the doubtful ones left out. Whatever is read is
read in slices: the process that keeps it answers other questions meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tracking import store
from tracking.live.index import LiveIndex, LivePosition
from tracking.live.register import LiveVehicle, read_vehicles, vehicle_numbers
from tracking.live.silence import Silences
from tracking.tables import PositionWriter

REMEMBERED = timedelta(days=3)
_BATCHES_AT_ONCE = 1_000
SLICE = 400

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
    SELECT array_agg(terminal_no) FROM vehicle_terminal
    WHERE is_primary AND period @> CAST(:now AS timestamptz)
""")


@dataclass(frozen=True, slots=True)
class OnOrder:
    """The order that a vehicle is on, as dispatch says; this room only carries it."""

    id: UUID
    state: str


class LiveFleet:
    """Newest positions by H3 cell, the register's words beside them, and what is being driven.

    changed: the vehicles of which something else is to be told than before; whoever tells takes
    them with `take_changed`, so that what a failure leaves untold is told next time
    """

    def __init__(self) -> None:
        self.index = LiveIndex()
        self.vehicles: dict[int, LiveVehicle] = {}
        self.orders: dict[int, OnOrder] = {}
        self.changed: set[int] = set()
        self._silences = Silences()
        self._progress: dict[int, int] | None = None

    async def catch_up(self, session: AsyncSession, now: datetime) -> None:
        """Read the positions that were committed since the last call."""
        if self._progress is None:
            await self._load(session, now)
        else:
            while await self._read_batches(session, self._progress, now) == _BATCHES_AT_ONCE:
                pass
        self.changed |= self._silences.fallen(self.index, now.timestamp())

    async def read_register(
        self, session: AsyncSession, now: datetime, nos: Iterable[int] | None = None
    ) -> None:
        """Read plates and units of these vehicles anew (None: of all)."""
        if nos is None:
            nos = self.vehicles.keys() | set(await vehicle_numbers(session))
        for some in _slices(nos):
            found = await read_vehicles(session, some, now)
            for no in some:
                self._enter(no, found.get(no))

    def drive(self, nos: Iterable[int], orders: Mapping[int, OnOrder]) -> None:
        """Take in which of these vehicles are on an order now; the others are on none."""
        for no in nos:
            order = orders.get(no)
            if order == self.orders.get(no):
                continue
            self.changed.add(no)
            if order is None:
                del self.orders[no]
            else:
                self.orders[no] = order

    def take_changed(self) -> set[int]:
        """Return what is to be told, and begin anew."""
        taken, self.changed = self.changed, set()
        return taken

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

    def _enter(self, no: int, vehicle: LiveVehicle | None) -> None:
        if vehicle == self.vehicles.get(no):
            return
        self.changed.add(no)
        if vehicle is None:
            del self.vehicles[no]
        else:
            self.vehicles[no] = vehicle

    async def _load(self, session: AsyncSession, now: datetime) -> None:
        # Progress is read first: what is committed in between is read twice, never missed.
        writers = await session.execute(select(PositionWriter.no, PositionWriter.last_n))
        progress: dict[int, int] = dict(writers.all())
        terminals = await session.scalar(_BOUND_TERMINALS, {"now": now}) or ()
        await self._read(session, dict.fromkeys(terminals, now - REMEMBERED), now)
        self._progress = progress

    async def _read_batches(
        self, session: AsyncSession, progress: dict[int, int], now: datetime
    ) -> int:
        """Read what the next batches brought; return how many they are."""
        batches = await store.batches_after(session, progress, _BATCHES_AT_ONCE)
        since: dict[int, float] = {}
        for batch in batches:
            for no, first in zip(batch.terminal_nos, batch.first_times, strict=True):
                since[no] = min(first, since.get(no, first))
        await self._read(session, _instants(since), now)
        # Not before: a reading that failed is done again.
        for batch in batches:
            progress[batch.writer_no] = batch.n
        return len(batches)

    async def _read(
        self, session: AsyncSession, since: Mapping[int, datetime], now: datetime
    ) -> None:
        for some in _slices(since):
            rows = await session.execute(
                _NEWEST,
                {
                    "terminal_nos": some,
                    "since": [since[no] for no in some],
                    "now": now,
                    "accepted": store.ACCEPTED,
                },
            )
            for row in rows.all():
                position = LivePosition(*row)
                if self.index.put(position):
                    self.changed.add(position.vehicle_no)
                    self._silences.heard(position.vehicle_no, position.time_s)


def _slices(nos: Iterable[int]) -> Iterator[list[int]]:
    left = iter(nos)
    while some := list(islice(left, SLICE)):
        yield some


def _instants(seconds: Mapping[int, float]) -> dict[int, datetime]:
    return {no: datetime.fromtimestamp(s, UTC) for no, s in seconds.items()}
