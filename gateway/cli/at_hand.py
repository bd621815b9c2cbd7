"""The database a command works on: the one that is set, or the one of `gongche up`."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from kit.servers import DataFolder, EmbeddedPostgres
from kit.servers.errors import ServerNotStarted
from kit.settings import DatabaseUrlMissing, Settings


@contextmanager
def database_at_hand(settings: Settings) -> Iterator[str]:
    """Yield the address of the database: the one set, or our own, started if it does not run."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    server = EmbeddedPostgres(settings.data_dir)
    if _answers(server):
        yield server.url()
        return
    with DataFolder(settings.data_dir):
        server.start()
        try:
            yield server.url()
        finally:
            server.stop()


@contextmanager
def known_database(settings: Settings) -> Iterator[str]:
    """Yield what `database_at_hand` does, but make no new one. Raises DatabaseUrlMissing."""
    if settings.database_url is None and not EmbeddedPostgres(settings.data_dir).cluster.exists():
        raise DatabaseUrlMissing
    with database_at_hand(settings) as url:
        yield url


def _answers(server: EmbeddedPostgres) -> bool:
    try:
        with psycopg.connect(server.plain_url(), connect_timeout=5):
            return True
    except (ServerNotStarted, psycopg.OperationalError):
        return False
