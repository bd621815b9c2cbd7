"""What a database holds at one instant: its version, its schema's revision, rows by table."""

from dataclasses import dataclass

import psycopg
from psycopg import Connection, sql

from kit.backup.errors import BackupFailed
from kit.database import plain_url

Rows = tuple[object, ...]

_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What stands in a database."""

    server_version: str
    revision: str | None
    tables: dict[str, int]


def connect(url: str) -> Connection[Rows]:
    """Return a connection to the database at `url`. Raises BackupFailed."""
    try:
        return psycopg.connect(plain_url(url), connect_timeout=5)
    except psycopg.OperationalError as error:
        raise BackupFailed("The database can't be reached.") from error


def holdings(connection: Connection[Rows]) -> Holdings:
    """Return what the connection's transaction sees."""
    tables = {}
    for schema, name in connection.execute(_TABLES).fetchall():
        table = sql.Identifier(str(schema), str(name))
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
        assert row is not None
        tables[f"{schema}.{name}"] = int(str(row[0]))
    version = connection.execute("SHOW server_version").fetchone()
    assert version is not None
    return Holdings(str(version[0]), revision(connection), tables)


def revision(connection: Connection[Rows]) -> str | None:
    """Return the newest migration of the database's schema, None before the first."""
    found = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
    if found is None or not found[0]:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])
