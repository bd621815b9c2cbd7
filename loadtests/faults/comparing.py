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
    identities: how many different ones are stored; counted: how many history shows of them
    doubled: those that count more than once; invented: those that count and nobody sent
    """

    sent: int
    acknowledged: int
    found: int
    identities: int
    counted: int
    doubled: int
    invented: int

    @property
    def lost(self) -> int:
        """Acknowledged, and not found."""
        return self.acknowledged - self.found

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        once = self.counted == self.identities
        return once and not (self.lost or self.doubled or self.invented)


def compare(
    sent: Collection[Key],
    acknowledged: Collection[Key],
    stored: Mapping[Key, int],
    counted: int,
    refused: Collection[Key] = (),
) -> Comparison:
    """Compare what terminals know with how often each position counts.

    counted: how many positions history shows of them all
    refused: those that stand in quarantine because the database took no such row
    """
    known, kept = set(sent), set(refused)
    return Comparison(
        sent=len(known),
        acknowledged=len(acknowledged),
        found=sum(1 for key in acknowledged if key in stored or key in kept),
        identities=len(stored),
        counted=counted,
        doubled=sum(1 for count in stored.values() if count > 1),
        invented=sum(1 for key in stored if key not in known),
    )


def stored(url: str, phones: Collection[str], sent: Collection[Key]) -> dict[Key, int]:
    """Return how often each position of these terminals counts, whatever its time is held to be.

    sent: by whose raw times the terminals' other positions are told apart
    """
    times_raw = [raw for _, raw, _ in sent]
    if not times_raw:
        return {}
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT t.phone, p.time_raw, p.digest, count(*) FROM positions_once p"
            " JOIN terminal t ON t.no = p.terminal_no"
            " WHERE t.phone = ANY(%s) AND p.time_raw BETWEEN %s AND %s GROUP BY 1, 2, 3",
            (list(phones), min(times_raw), max(times_raw)),
        )
        return {(str(phone), int(raw), int(digest)): int(n) for phone, raw, digest, n in rows}


def counted(url: str, phones: Collection[str], since: datetime, until: datetime) -> int:
    """Return how many positions of these terminals history shows in a period.

    Those without a plausible time stand at the time that they claim.
    """
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM terminal t CROSS JOIN LATERAL ("
            " (SELECT 1 FROM positions_once p WHERE p.terminal_no = t.no"
            "  AND p.time >= %(since)s AND p.time < %(until)s OFFSET 0)"
            " UNION ALL"
            " (SELECT 1 FROM positions_once p WHERE p.terminal_no = t.no AND p.time IS NULL"
            "  AND p.own_time >= %(since)s AND p.own_time < %(until)s OFFSET 0)"
            ") shown WHERE t.phone = ANY(%(phones)s)",
            {"phones": list(phones), "since": since, "until": until},
        ).fetchone()
    assert row is not None
    return int(row[0])


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
