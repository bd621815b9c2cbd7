"""Trips and stops as versions: what the machine now says is held against what stands.

A version that says the same stays; one that does not is superseded and told of the version that
covers most of its period. Pure: rows in, decisions out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

from tracking import tables
from tracking.trips.values import Stop, Trip

New = TypeVar("New")


@dataclass(frozen=True, slots=True)
class Changes(Generic[New]):
    """What to insert, and which standing versions to end."""

    new: list[New]
    ended: list[UUID]


def instant(seconds: int) -> datetime:
    """Return the UTC instant of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def compare_trips(
    said: Sequence[Trip], standing: Sequence[tables.Trip], moved: Collection[UUID] = ()
) -> "Changes[Trip]":
    """Return the trips that no standing version says, and the versions that no trip says.

    moved: standing versions whose vehicle, as is known now, was another unit's at their time
    """
    kept = {(instant(t.started_at_s), t.offsets_s, t.pair_m): t for t in said}
    ended = []
    for row in standing:
        key = (row.period.lower, tuple(row.offsets_s), tuple(row.pair_m))
        if key not in kept or row.id in moved:
            ended.append(row.id)
        else:
            kept.pop(key)
    return Changes(list(kept.values()), ended)


def compare_stops(said: Sequence[Stop], standing: Sequence[tables.Stop]) -> "Changes[Stop]":
    """Return the stops that no standing version says, and the versions that no stop says."""
    kept = {
        (
            instant(s.started_at_s),
            None if s.ended_at_s is None else instant(s.ended_at_s),
            round(s.lat, 6),
            round(s.lon, 6),
        ): s
        for s in said
    }
    ended = []
    for row in standing:
        key = (row.period.lower, row.period.upper, round(row.latitude, 6), round(row.longitude, 6))
        if key not in kept:
            ended.append(row.id)
        else:
            kept.pop(key)
    return Changes(list(kept.values()), ended)


def successor_of(ended: tables.Trip, inserted: Sequence[tables.Trip]) -> UUID | None:
    """Return the new version that shares most of the ended one's period, or None."""

    def shared_s(row: tables.Trip) -> float:
        since = max(_start(row), _start(ended))
        return (min(_end(row), _end(ended)) - since).total_seconds()

    best = max(inserted, key=shared_s, default=None)
    return best.id if best is not None and shared_s(best) > 0 else None


def _start(row: tables.Trip) -> datetime:
    assert row.period.lower is not None
    return row.period.lower


def _end(row: tables.Trip) -> datetime:
    assert row.period.upper is not None
    return row.period.upper
