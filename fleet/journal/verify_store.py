"""SQL of verification: the chain as one stream, and what is asked when something is wrong.

Plain psycopg in chunks, because a million entries pass through. Two connections see one and the
same snapshot: one streams, the other answers questions meanwhile.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, cast
from uuid import UUID

import psycopg

from fleet.journal.canonical import Header, Payload
from kit.database import plain_url


class Link(NamedTuple):
    """A seal with its entry, whose members are None when it is gone.

    sealed_at: the instant's text; old_values: whether values stand outside the payload
    header_start, header_end, payload_start, payload_end: what the sealed bytes must begin and
    end with, said by the columns that repeat them
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
    header_start: bytes
    header_end: bytes
    payload_start: bytes
    payload_end: bytes


_INSTANT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

_COLUMNS = f"""
    s.n, s.entry_no, s.algorithm, {_INSTANT.format("s.sealed_at")},
    s.payload_digest, s.digest, s.head,
    j.header, j.salt, j.payload, j.erased_by,
    coalesce(j.before, j.after) IS NOT NULL,
    convert_to('{{"action":"' || j.action || '","actor_no":' || coalesce(j.actor_no::text, 'null')
        || ',"at":"' || {_INSTANT.format("j.at")} || '","id":"' || j.id
        || '","object_id":' || coalesce('"' || j.object_id || '"', 'null')
        || ',"object_kind":"' || j.object_kind
        || '","organisation_no":' || coalesce(j.organisation_no::text, 'null') || ',', 'UTF8'),
    convert_to(',"supervisor_no":' || coalesce(j.supervisor_no::text, 'null') || '}}', 'UTF8'),
    convert_to('{{"actor_name":' || coalesce(to_json(j.actor_name)::text, 'null')
        || ',"address":' || coalesce(to_json(j.address)::text, 'null') || ',', 'UTF8'),
    convert_to(',"why":' || coalesce(to_json(j.reason)::text, 'null') || '}}', 'UTF8')
"""

_LINKS = f"""
    SELECT {_COLUMNS} FROM journal_seal s LEFT JOIN journal j ON j.no = s.entry_no ORDER BY s.n
"""  # noqa: S608  (of constants alone)

# By index, entry after entry: the first rows come at once, and nothing is sorted on disk.
_IN_ORDER = "SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off"
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

_ENTRY = """
    SELECT id, at, actor_no, organisation_no, supervisor_no, action, object_kind, object_id,
           actor_name, address, reason
    FROM journal WHERE no = %s
"""


class ChainReader:
    """One snapshot of the journal."""

    def __init__(self, stream: psycopg.Connection, ask: psycopg.Connection) -> None:
        self._stream, self._ask = stream, ask

    def links(self) -> Iterator[Link]:
        """Yield every seal with its entry, in the order of the chain."""
        self._stream.execute(_IN_ORDER)
        with self._stream.cursor(binary=True) as cursor:
            yield from map(Link._make, cursor.stream(_LINKS.encode(), size=_CHUNK))

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

    def values(self, id: UUID) -> dict[str, object] | None:
        """Return the values after the act that this entry records; None without them."""
        row = self._ask.execute("SELECT payload FROM journal WHERE id = %s", (id,)).fetchone()
        if row is None or row[0] is None:
            return None
        return cast("dict[str, object] | None", json.loads(row[0]).get("after"))

    def columns(self, no: int, roles: list[str] | None) -> tuple[Header, Payload]:
        """Return what the columns of an entry say, with roles, which no column repeats."""
        row = self._ask.execute(_ENTRY.encode(), (no,)).fetchone()
        assert row is not None
        header = Header(row[0], row[1], row[2], roles, *row[3:8])
        return header, Payload(row[8], row[9], None, None, row[10])

    def _number(self, query: str, told: dict[str, object] | None = None) -> int | None:
        row = self._ask.execute(query.encode(), told).fetchone()
        return None if row is None else int(row[0])


@contextmanager
def open_chain(url: str) -> Iterator[ChainReader]:
    """Yield a reader of the journal in the database at `url`, as it is at this instant."""
    with psycopg.connect(plain_url(url)) as ask, psycopg.connect(plain_url(url)) as stream:
        for connection in (ask, stream):
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            connection.execute("SET search_path TO pg_catalog, public")
            connection.commit()
        ask.execute("SET LOCAL default_transaction_read_only = on")
        row = ask.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        stream.execute(psycopg.sql.SQL("SET TRANSACTION SNAPSHOT {}").format(row[0]))
        yield ChainReader(stream, ask)
