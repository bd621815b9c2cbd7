"""What was acknowledged, held against what is found afterwards."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg

from loadtests.faults.load import Key


@dataclass(frozen=True, slots=True)
class Comparison:
    """Positions by what became of them.

    found: of the acknowledged ones, those stored or, refused by the database, kept in quarantine
    doubled: those that count more than once; invented: those that count and nobody sent
    """

    sent: int
    acknowledged: int
    found: int
    doubled: int
    invented: int

    @property
    def lost(self) -> int:
        """Acknowledged, and not found."""
        return self.acknowledged - self.found

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.invented)


def compare(
    sent: Collection[Key],
    acknowledged: Collection[Key],
    stored: Mapping[Key, int],
    refused: Collection[Key] = (),
) -> Comparison:
    """Compare what terminals know with how often each position counts.

    refused: those that stand in quarantine because the database took no such row
    """
    known, kept = set(sent), set(refused)
    return Comparison(
        sent=len(known),
        acknowledged=len(acknowledged),
        found=sum(1 for key in acknowledged if key in stored or key in kept),
        doubled=sum(1 for count in stored.values() if count > 1),
        invented=sum(1 for key in stored if key not in known),
    )


def stored(url: str, phones: Collection[str], since: datetime, until: datetime) -> dict[Key, int]:
    """Return how often each position of these terminals counts, of those between two times."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT t.phone, p.time_raw, p.digest, count(*) FROM positions_once p"
            " JOIN terminal t ON t.no = p.terminal_no"
            " WHERE t.phone = ANY(%s) AND p.time >= %s AND p.time < %s GROUP BY 1, 2, 3",
            (list(phones), since, until),
        )
        return {(str(phone), int(raw), int(digest)): int(n) for phone, raw, digest, n in rows}


def metres_by_vehicle(
    url: str, phones: Collection[str], since: datetime, until: datetime
) -> dict[str, int]:
    """Return the length of all trips in force in a period, by the number of its terminal."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT t.phone, sum(trip.distance_m) FROM trip"
            " JOIN vehicle_terminal b ON b.vehicle_no = trip.vehicle_no AND b.period @> %s"
            " JOIN terminal t ON t.no = b.terminal_no"
            " WHERE trip.superseded_at IS NULL AND t.phone = ANY(%s)"
            " AND trip.period && tstzrange(%s, %s) GROUP BY 1",
            (since, list(phones), since, until),
        )
        return {str(phone): int(metres) for phone, metres in rows}
