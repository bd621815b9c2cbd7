"""A real PostgreSQL and a real Valkey for tests, and a fresh database for each.

Each worker process of the test runner has servers of its own.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from kit.servers import EmbeddedPostgres, EmbeddedValkey

_ROOM_BYTES = 8_000_000_000


class TemplateDatabases:
    """Makes databases by copying one that was migrated once."""

    def __init__(
        self, server: EmbeddedPostgres, template: str = "gongche_template", prefix: str = "t"
    ) -> None:
        self._server = server
        self._template = template
        self._prefix = prefix
        self._numbers = itertools.count(1)

    def prepare(self, migrate: Callable[[str], None]) -> None:
        """Make the template anew and bring it to the newest schema with `migrate(url)`."""
        self._drop(self._template)
        self._run("CREATE DATABASE {}", self._template)
        migrate(self._server.url(self._template))

    def create(self, template: str | None = None) -> str:
        """Return the URL of a fresh copy of the template, or of another one.

        Copying its files costs a tenth of writing them to the WAL.
        """
        name = f"{self._prefix}_{next(self._numbers)}"
        template = template or self._template
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        return self._server.url(name)

    def derive(self, fill: Callable[[str], None]) -> str:
        """Return the name of another template: a copy of this one that `fill(url)` has filled."""
        url = self.create()
        fill(url)
        return _name_of(url)

    def drop(self, url: str) -> None:
        """Remove the database at `url`, whoever is still connected to it."""
        self._drop(_name_of(url))

    def _drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server.plain_url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _memory() -> str | None:
    """The memory file system where it has room: a fresh database costs dozens of fsyncs."""
    place = Path("/dev/shm")
    if not place.is_dir() or os.statvfs(place).f_flag & os.ST_NOEXEC:
        return None
    return str(place) if shutil.disk_usage(place).free > _ROOM_BYTES else None


@contextmanager
def server_folder() -> Iterator[Path]:
    """Yield a data folder that root's servers can reach, and remove all that they left.

    pytest's own temporary folders are closed to every other account.
    """
    folder = Path(tempfile.mkdtemp(prefix="gongche-test-", dir=_memory()))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    try:
        yield folder
    finally:
        remove_data_folder(folder)


def remove_data_folder(folder: Path) -> None:
    """Remove a data folder, and the servers' own folder where it stands elsewhere."""
    for server in (EmbeddedPostgres(folder), EmbeddedValkey(folder)):
        shutil.rmtree(server.home, ignore_errors=True)
        if server.home.parent != folder and server.home.parent.exists():
            shutil.rmtree(server.home.parent, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """A running PostgreSQL."""
    with server_folder() as folder:
        server = EmbeddedPostgres(folder)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[EmbeddedValkey]:
    """A running Valkey; tests share it and name their keys apart."""
    with server_folder() as folder:
        server = EmbeddedValkey(folder)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
def template_databases(postgres_server: EmbeddedPostgres) -> TemplateDatabases:
    """Databases of the newest schema."""
    from kit.database import migrate

    databases = TemplateDatabases(postgres_server)
    databases.prepare(migrate)
    return databases


@pytest.fixture
def redis_url(valkey_server: EmbeddedValkey) -> str:
    """The URL of the bus."""
    return valkey_server.url()
