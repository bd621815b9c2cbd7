"""SQL of verification: the chain in blocks, and what is asked when something is wrong.

Plain psycopg, because a million entries pass through. Every connection of a verification sees
one and the same snapshot: one streams, one answers questions meanwhile, others fetch blocks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from fleet.journal.canonical import Header, Payload
from fleet.journal.chain import SALT_BYTES
from fleet.journal.verify_blocks import DIGEST_BYTES, Block
from kit.database import plain_url


class Link(NamedTuple):
    """A seal with its entry, whose members are None when it is gone.

    sealed_at: the instant's text; old_values: whether values stand outside the payload
    header_start, header_end, payload_start, payload_end: what the sealed bytes must begin and
    end with, said by the columns that repeat them; None where these can't be spelled
    """

    n: int
    entry_no: int
    algorithm: str
    sealed_at: str
    payload_digest: bytes
    digest: bytes
    head: bytes
    header: bytes | None
    salt: bytes | None
    payload: bytes | None
    erased_by: UUID | None
    old_values: bool
    header_start: bytes | None
    header_end: bytes | None
    payload_start: bytes | None
    payload_end: bytes | None


_INSTANT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

# textsend gives a text's bytes in the encoding of the client, without the second look at each
# character that convert_to takes.
_REPEATED = f"""
    textsend('{{"action":"' || j.action || '","actor_no":' || coalesce(j.actor_no::text, 'null')
        || ',"at":"' || {_INSTANT.format("j.at")} || '","id":"' || j.id
        || '","object_id":' || coalesce('"' || j.object_id || '"', 'null')
        || ',"object_kind":"' || j.object_kind
        || '","organisation_no":' || coalesce(j.organisation_no::text, 'null') || ',')
        AS header_start,
    textsend(',"supervisor_no":' || coalesce(j.supervisor_no::text, 'null') || '}}')
        AS header_end,
    textsend('{{"actor_name":' || coalesce(to_json(j.actor_name)::text, 'null')
        || ',"address":' || coalesce(to_json(j.address)::text, 'null') || ',')
        AS payload_start,
    textsend(',"why":' || coalesce(to_json(j.reason)::text, 'null') || '}}')
        AS payload_end
"""

_LINKS = f"""
    SELECT s.n, s.entry_no, s.algorithm, {_INSTANT.format("s.sealed_at")},
           s.payload_digest, s.digest, s.head, j.header, j.salt, j.payload, j.erased_by,
           coalesce(j.before, j.after) IS NOT NULL, {_REPEATED}
    FROM journal_seal s LEFT JOIN journal j ON j.no = s.entry_no
    WHERE s.n BETWEEN %(first)s AND %(last)s ORDER BY s.n
"""  # noqa: S608  (of constants alone)

# One value for a whole block: to carry a value for each column takes longer than to hash it.
# The bounds of the lengths keep its parts apart, and the value smaller than 200 MB. OFFSET 0 has
# what the columns say worked out once, not once for each time that it is mentioned.
_PACKED = f"""
    SELECT (SELECT head FROM journal_seal WHERE n = %(first)s - 1),
           string_agg(int8send(n) || timestamptz_send(sealed_at)
                      || int4send(length(salt) + length(payload))
                      || int4send(length(header) + length(payload_digest))
                      || digest || head || salt || payload || header || payload_digest, '')
    FROM (
        SELECT s.n, s.sealed_at, s.payload_digest, s.digest, s.head, j.header, j.salt, j.payload,
               {_REPEATED}
        FROM journal_seal s JOIN journal j ON j.no = s.entry_no
        WHERE s.n BETWEEN %(first)s AND %(last)s AND s.algorithm = 'sha256'
          AND length(s.digest) = {DIGEST_BYTES} AND length(s.head) = {DIGEST_BYTES}
          AND length(s.payload_digest) = {DIGEST_BYTES}
          AND length(j.salt) = {SALT_BYTES}
          AND length(j.payload) < 20000 AND length(j.header) < 20000
          AND j.erased_by IS NULL AND j.before IS NULL AND j.after IS NULL
        ORDER BY s.n OFFSET 0
    ) AS plain
    WHERE substr(header, 1, length(header_start)) = header_start
      AND substr(payload, 1, length(payload_start)) = payload_start
      AND substr(header, length(header) - length(header_end) + 1) = header_end
      AND substr(payload, length(payload) - length(payload_end) + 1) = payload_end
"""  # noqa: S608  (of constants alone)

# By index, entry after entry: the first rows come at once, and nothing is sorted on disk.
_IN_ORDER = """
    SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off
"""
_CHUNK = 1_000

_NEVER_SEALED = """
    SELECT j.no FROM journal j
    WHERE NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_no = j.no)
      AND NOT EXISTS (SELECT FROM journal_pending p WHERE p.entry_no = j.no)
    ORDER BY j.no LIMIT 1
"""

_PENDING = """
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8
    FROM journal_pending
"""

# now() is when the snapshot's transaction began; whatever the reading takes is not counted.
_AGE = "SELECT extract(epoch FROM now() - sealed_at)::float8 FROM journal_seal WHERE n = %s"

_ENTRY = """
    SELECT id, at, actor_no, organisation_no, supervisor_no, action, object_kind, object_id,
           actor_name, address, reason
    FROM journal WHERE no = %s
"""


_ERASING = """
    SELECT s.n, j.header, j.payload, coalesce(s.sealed_at, clock_timestamp())
    FROM journal j LEFT JOIN journal_seal s ON s.entry_no = j.no
    WHERE j.id = %s AND j.header IS NOT NULL AND j.payload IS NOT NULL
      AND (s.n IS NOT NULL OR EXISTS (SELECT FROM journal_pending p WHERE p.entry_no = j.no))
"""


_RETENTION = """
    SELECT s.n, j.header, j.payload, s.sealed_at
    FROM journal j JOIN journal_seal s ON s.entry_no = j.no
    WHERE j.action = 'retention.erase' AND j.header IS NOT NULL AND j.payload IS NOT NULL
      AND isfinite(s.sealed_at)
    ORDER BY s.n
"""


class ErasingEntry(NamedTuple):
    """An entry that records an erasure.

    n: its seal, None while it waits for it; known_at: when it was sealed, or now
    """

    n: int | None
    header: bytes
    payload: bytes
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the journal, which any process may read while its reader is open."""

    url: str
    name: str


class ChainReader:
    """One snapshot of the journal."""

    def __init__(
        self, stream: psycopg.Connection, ask: psycopg.Connection, snapshot: Snapshot
    ) -> None:
        self._stream, self._ask, self.snapshot = stream, ask, snapshot

    def bounds(self) -> tuple[int, int] | None:
        """Return the first and the last seal; None before the first."""
        row = self._ask.execute("SELECT min(n), max(n) FROM journal_seal").fetchone()
        return None if row is None or row[0] is None else (row[0], row[1])

    def links(self, first: int, last: int) -> Iterator[Link]:
        """Yield these seals with their entries, in the order of the chain."""
        asked = {"first": first, "last": last}
        with self._stream.cursor(binary=True) as cursor:
            yield from map(Link._make, cursor.stream(_LINKS.encode(), asked, size=_CHUNK))

    def block(self, first: int, last: int) -> Block:
        """Return these seals with their entries, packed."""
        return read_block(self._stream, first, last)

    def heads(self, first: int, last: int) -> list[bytes]:
        """Return the heads of these seals."""
        rows = self._ask.execute(
            "SELECT head FROM journal_seal WHERE n BETWEEN %s AND %s ORDER BY n", (first, last)
        )
        return [row[0] for row in rows]

    def age_s(self, n: int) -> float | None:
        """Return how old seal `n` was when the snapshot was taken; None where there is none."""
        row = self._ask.execute(_AGE.encode(), (n,)).fetchone()
        return None if row is None else row[0]

    def never_sealed(self) -> int | None:
        """Return the first entry that is neither sealed nor waits for it."""
        return self._number(_NEVER_SEALED)

    def pending(self) -> tuple[int, float]:
        """Return how many entries wait for a seal, and the age of the oldest in seconds."""
        row = self._ask.execute(_PENDING.encode()).fetchone()
        assert row is not None
        return row[0], row[1]

    def seal_of(self, digest: bytes) -> int | None:
        """Return the seal that holds this digest, of an entry or of a payload."""
        return self._number(
            "SELECT n FROM journal_seal WHERE digest = %(d)s OR payload_digest = %(d)s "
            "ORDER BY n LIMIT 1",
            {"d": digest},
        )

    def present(self, no: int) -> bool:
        """Return whether there is an entry of this number."""
        return self._number("SELECT no FROM journal WHERE no = %(no)s", {"no": no}) is not None

    def erasing(self, id: UUID) -> ErasingEntry | None:
        """Return the entry that is said to record an erasure; None without what it says.

        It is sealed, or waits for its seal.
        """
        row = self._ask.execute(_ERASING.encode(), (id,)).fetchone()
        return None if row is None else ErasingEntry(*row)

    def retention(self) -> Iterator[ErasingEntry]:
        """Yield the sealed entries that record what retention erased besides the journal."""
        yield from map(ErasingEntry._make, self._ask.execute(_RETENTION.encode()))

    def columns(self, no: int, roles: list[str] | None) -> tuple[Header, Payload] | None:
        """Return what the columns of an entry say, with roles, which no column repeats.

        None where they hold what this language can't say, as no column of ours does.
        """
        try:
            row = self._ask.execute(_ENTRY.encode(), (no,)).fetchone()
        except psycopg.DataError:
            return None
        assert row is not None
        header = Header(row[0], row[1], row[2], roles, *row[3:8])
        return header, Payload(row[8], row[9], None, None, row[10])

    def _number(self, query: str, told: dict[str, object] | None = None) -> int | None:
        row = self._ask.execute(query.encode(), told).fetchone()
        return None if row is None else int(row[0])


def read_block(connection: psycopg.Connection, first: int, last: int) -> Block:
    """Return these seals with their entries, packed."""
    asked = {"first": first, "last": last}
    row = connection.execute(_PACKED.encode(), asked, binary=True).fetchone()
    assert row is not None
    return Block(first, last, row[0], row[1] or b"")


def open_at(snapshot: Snapshot) -> psycopg.Connection:
    """Return a connection that sees the journal as it was at the snapshot."""
    connection = _open(snapshot.url)
    connection.execute(psycopg.sql.SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot.name))
    connection.execute(_IN_ORDER)
    return connection


@contextmanager
def open_chain(url: str) -> Iterator[ChainReader]:
    """Yield a reader of the journal in the database at `url`, as it is at this instant."""
    with _open(url) as ask:
        ask.execute("SET LOCAL default_transaction_read_only = on")
        row = ask.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        snapshot = Snapshot(url, row[0])
        with open_at(snapshot) as stream:
            yield ChainReader(stream, ask, snapshot)


def _open(url: str) -> psycopg.Connection:
    connection = psycopg.connect(plain_url(url))
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute("SET search_path TO pg_catalog, public; SET client_encoding TO 'UTF8'")
    connection.commit()
    return connection
