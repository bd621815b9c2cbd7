"""What every bench shares: figures with their limits, and a server of its own to measure on."""

import itertools
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kit.database import migrate, plain_url
from kit.servers import EmbeddedPostgres


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number, with the limit that it is held against, if there is one.

    at_most, at_least: the limit in the same unit
    """

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the limit holds; None without one."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least


@dataclass(frozen=True, slots=True)
class Spent:
    """What a stretch of work took: on the clock, in this process, in one server process."""

    wall_s: float
    own_cpu_s: float
    server_cpu_s: float

    @property
    def cpu_s(self) -> float:
        """Both processes together."""
        return self.own_cpu_s + self.server_cpu_s

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.wall_s + other.wall_s,
            self.own_cpu_s + other.own_cpu_s,
            self.server_cpu_s + other.server_cpu_s,
        )


class Meter:
    """Measures this process and the server process behind one connection."""

    def __init__(self, backend_pid: int) -> None:
        self._stat = Path("/proc") / str(backend_pid) / "stat"

    def read(self) -> Spent:
        """Return what was spent since some fixed instant."""
        after_name = self._stat.read_text().rpartition(")")[2].split()
        ticks = int(after_name[11]) + int(after_name[12])  # utime and stime, proc(5)
        return Spent(time.perf_counter(), time.process_time(), ticks / os.sysconf("SC_CLK_TCK"))

    @contextmanager
    def measured(self, into: list[Spent]) -> Iterator[None]:
        """Append to `into` what the block took."""
        before = self.read()
        yield
        after = self.read()
        into.append(
            Spent(
                after.wall_s - before.wall_s,
                after.own_cpu_s - before.own_cpu_s,
                after.server_cpu_s - before.server_cpu_s,
            )
        )


class Place:
    """A real PostgreSQL in a temporary folder; every bench asks for databases of its own."""

    def __init__(self, server: EmbeddedPostgres, folder: Path) -> None:
        self._server, self.folder = server, folder
        self._numbers = itertools.count(1)

    def fresh_database(self) -> str:
        """Return the URL of a new database of the newest schema."""
        name = f"bench_{next(self._numbers)}"
        with psycopg.connect(self._server.plain_url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = self._server.url(name)
        migrate(url)
        return url


@contextmanager
def measuring_place() -> Iterator[Place]:
    """Yield a place that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gongche-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server may run under another account
        server = EmbeddedPostgres(folder)
        server.start()
        try:
            yield Place(server, folder)
        finally:
            server.stop()


def connect(url: str) -> psycopg.Connection:
    """Return a plain connection."""
    return psycopg.connect(plain_url(url))
