"""What became of acknowledged positions, asked of the database by their identities."""

from dataclasses import dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray

from loadtests.swarm.journey import IDENTITY

_COUNT = """
    WITH found AS (
        SELECT t.phone::bigint AS phone, p.time_raw, p.digest, count(*) AS times
        FROM positions_once p JOIN terminal t ON t.no = p.terminal_no
        WHERE t.phone IN (SELECT DISTINCT phone::text FROM acknowledged)
        GROUP BY 1, 2, 3
    )
    SELECT count(*), count(*) FILTER (WHERE times IS NULL), count(*) FILTER (WHERE times > 1)
    FROM acknowledged LEFT JOIN found USING (phone, time_raw, digest)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """Of the acknowledged positions: all, those that aren't there, those that count twice."""

    acknowledged: int
    lost: int
    doubled: int


def look_up(plain_url: str, acknowledged: NDArray[np.void]) -> Stored:
    """Return what became of these positions (journey.IDENTITY), as everything that reads counts
    them: by the view of positions counted once."""
    with psycopg.connect(plain_url) as connection:
        columns = ", ".join(f"{name} bigint" for name in IDENTITY.names or ())
        connection.execute(f"CREATE TEMP TABLE acknowledged ({columns}) ON COMMIT DROP".encode())
        with connection.cursor().copy("COPY acknowledged FROM STDIN") as copy:
            for row in acknowledged.tolist():
                copy.write_row(row)
        connection.execute("ANALYZE acknowledged")
        row = connection.execute(_COUNT).fetchone()
    assert row is not None
    return Stored(*map(int, row))
