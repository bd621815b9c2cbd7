"""The live fleet: a replica in memory of every vehicle's newest position, rebuilt at will.

Each process that answers from it keeps its own, fed by the batch rows; nobody owns it. A vehicle's
newest position is that of its primary terminal, the doubtful ones left out. Whatever is read is
read in slices: the process that keeps it answers other questions meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tracking import store
from tracking.live.index import LiveIndex, LivePosition
from tracking.live.register import LiveVehicle, read_vehicles, vehicle_numbers
from tracking.live.silence import Silences
from tracking.tables import PositionBatch, PositionWriter

REMEMBERED = timedelta(days=3)
# Where a vehicle was last is first looked for in the last minutes: those who drive have the most
# positions, and nearly all of them are found there.
_LOOKED_BACK = (timedelta(minutes=10), timedelta(hours=2), timedelta(hours=12), REMEMBERED)
_BATCHES_AT_ONCE = 1_000
SLICE = 400

# First and last of all are constants, by which the other days' partitions are left out already
# when the statement is planned.
_NEWEST = text("""
    SELECT b.vehicle_no, extract(epoch FROM p.time)::bigint AS time_s, p.digest, p.latitude,
           p.longitude, p.speed_kmh, p.course_deg, p.acc, b.terminal_no
    FROM unnest(CAST(:terminal_nos AS bigint[]), CAST(:since AS float8[]),
                CAST(:until AS float8[])) AS t(terminal_no, since, until)
    JOIN vehicle_terminal b ON b.terminal_no = t.terminal_no AND b.is_primary
                           AND b.period @> CAST(:now AS timestamptz)
    CROSS JOIN LATERAL (
        SELECT * FROM positions_once o
        WHERE o.terminal_no = t.terminal_no
          AND o.time >= to_timestamp(t.since) AND o.time <= to_timestamp(t.until)
          AND o.time >= to_timestamp(CAST(:first AS float8))
          AND o.time <= to_timestamp(CAST(:last AS float8))
          AND o.reasons & :accepted = 0
        ORDER BY o.time DESC, o.digest DESC LIMIT 1
    ) p
    WHERE b.period @> p.time
""")

_BOUND_TERMINALS = text("""
    SELECT array_agg(terminal_no) FROM vehicle_terminal
    WHERE is_primary AND period @> CAST(:now AS timestamptz)
""")


Times = tuple[float, float]
"""The first and the last instant of a period, both in it, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class OnOrder:
    """The order that a vehicle is on, as dispatch says; this room only carries it.

    id: None where whoever watches the map isn't told which
    """

    id: UUID | None
    state: str


class LiveFleet:
    """Newest positions by H3 cell, the register's words beside them, and what is being driven.

    changed: the vehicles of which something else is to be told than before; whoever tells takes
    them with `take_changed`, so that what a failure leaves untold is told next time
    caught_up_at: up to when all positions are here; None before everything was read once
    """

    def __init__(self) -> None:
        self.index = LiveIndex()
        self.vehicles: dict[int, LiveVehicle] = {}
        self.orders: dict[int, OnOrder] = {}
        self.changed: set[int] = set()
        self.caught_up_at: datetime | None = None
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
        self.caught_up_at = now

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
        unheard = set(await session.scalar(_BOUND_TERMINALS, {"now": now}) or ())
        ends = (store.FAR_FUTURE, *(now - back for back in _LOOKED_BACK))
        for until, since in pairwise(end.timestamp() for end in ends):
            unheard -= await self._read(session, dict.fromkeys(unheard, (since, until)), now)
        self._progress = progress

    async def _read_batches(
        self, session: AsyncSession, progress: dict[int, int], now: datetime
    ) -> int:
        """Read what the next batches brought; return how many they are."""
        batches = await store.batches_after(session, progress, _BATCHES_AT_ONCE)
        await self._read(session, touched_times(batches), now)
        # Not before: a reading that failed is done again.
        for batch in batches:
            progress[batch.writer_no] = batch.n
        return len(batches)

    async def _read(
        self, session: AsyncSession, times: Mapping[int, Times], now: datetime
    ) -> set[int]:
        """Read the newest position of each terminal in its times; return whose there was."""
        heard: set[int] = set()
        for some in _slices(times):
            since, until = zip(*(times[no] for no in some), strict=True)
            rows = await session.execute(
                _NEWEST,
                {
                    "terminal_nos": _array(some),
                    "since": _array(since),
                    "until": _array(until),
                    "first": min(since),
                    "last": max(until),
                    "now": now,
                    "accepted": store.ACCEPTED,
                },
            )
            for *told, terminal_no in rows.all():
                heard.add(terminal_no)
                position = LivePosition(*told)
                if self.index.put(position):
                    self.changed.add(position.vehicle_no)
                    self._silences.heard(position.vehicle_no, position.time_s)
        return heard


def touched_times(batches: Iterable[PositionBatch]) -> dict[int, Times]:
    """Return between which times these batches touched each terminal."""
    touched: dict[int, Times] = {}
    for batch in batches:
        for no, first, last in zip(
            batch.terminal_nos, batch.first_times, batch.last_times, strict=True
        ):
            known = touched.get(no)
            if known is not None:
                first, last = min(first, known[0]), max(last, known[1])
            touched[no] = first, last
    return touched


def _slices(nos: Iterable[int]) -> Iterator[list[int]]:
    left = iter(nos)
    while some := list(islice(left, SLICE)):
        yield some


def _array(numbers: Sequence[int] | Sequence[float]) -> str:
    """Return an array's literal: the driver, which must guess types, takes 20 times as long."""
    return "{" + ",".join(map(repr, numbers)) + "}"
