"""The window of entries that wait for their seal: how long it may stand open, and how wide.

What stands in it can be deleted without a trace, so a sealer that stands still is a fault itself.
The queue says since when an entry waits, but whoever can write SQL can write that: the entry's own
date, and the first seal of an entry with a later number, say so too, and the oldest counts.
"""

import time
from dataclasses import dataclass

import psycopg

from fleet.journal.verifying import Finding
from fleet.journal.words import Fault
from kit.database import plain_url


@dataclass(frozen=True, slots=True)
class Window:
    """The bounds: how many entries may wait, and for how many seconds.

    look_again_s: for how long it is looked again at what is beyond them before it is a fault: a
    long transaction's entries are old when they are committed, and sealed a moment later
    """

    most_entries: int = 100_000
    most_s: float = 60.0
    look_again_s: float = 10.0

    def __post_init__(self) -> None:
        if min(self.most_entries, self.most_s, self.look_again_s) < 0:
            raise ValueError("the bounds of the window must not be negative")


_EVERY_S = 0.25

_WAITING = """
    WITH queue AS MATERIALIZED (
        SELECT p.entry_no, p.since, j.at
        FROM journal_pending p LEFT JOIN journal j ON j.no = p.entry_no WHERE p.refused IS NULL
    ), lowest AS (SELECT min(entry_no) AS no FROM queue)
    SELECT count(*), extract(epoch FROM clock_timestamp() - least(
               min(since), min(at),
               (SELECT min(s.sealed_at) FROM journal_seal s, lowest WHERE s.entry_no > lowest.no)
           ))::float8
    FROM queue
"""

_REFUSED = """
    SELECT entry_no, refused FROM journal_pending WHERE refused IS NOT NULL
    ORDER BY entry_no LIMIT 1
"""


def window_fault(url: str, window: Window) -> Finding | None:
    """Return what is wrong with the window of the database at `url`, as it is now."""
    until = time.monotonic() + window.look_again_s
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute("SET search_path TO pg_catalog, public")
        connection.read_only = True
        while True:
            finding = _refused(connection) or _beyond(connection, window)
            if finding is None or finding.entry_no is not None or time.monotonic() >= until:
                return finding
            time.sleep(_EVERY_S)


def _refused(connection: psycopg.Connection) -> Finding | None:
    row = connection.execute(_REFUSED.encode()).fetchone()
    if row is None:
        return None
    sentence = f"Entry {row[0]} was set aside, and has no seal: {row[1]}."
    return Finding(Fault.UNSEALED, None, row[0], sentence)


def _beyond(connection: psycopg.Connection, window: Window) -> Finding | None:
    row = connection.execute(_WAITING.encode()).fetchone()
    assert row is not None
    count, oldest_s = row
    if count == 0 or (count <= window.most_entries and oldest_s <= window.most_s):
        return None
    sentence = (
        f"{count} entries wait for their seal, the oldest for {oldest_s:.0f} s: at most "
        f"{window.most_entries} may, for {window.most_s:.0f} s. Does a worker run?"
    )
    return Finding(Fault.UNSEALED, None, None, sentence)
