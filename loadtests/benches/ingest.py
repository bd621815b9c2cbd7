"""What an acknowledged position costs, beside the floor in C and a row-at-a-time server.

The same swarm sends the same bytes to each. CPU is user and system time per acknowledged
position: of the process that holds the links, and of everything that works for it.
"""

import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from redis import Redis

from kit.database import plain_url
from kit.servers.valkey import EmbeddedValkey
from loadtests.measuring import Figure, Place
from loadtests.peers import running
from loadtests.peers.gateways import enrol
from loadtests.processes import memory_pss_kb, tree_cpu_s
from loadtests.swarm.swarm import Load, Outcome, greeted
from loadtests.system import free_port

_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size")
_LIVE_LINKS = 10_000
_ROWS_LINKS = 200


@dataclass(frozen=True, slots=True)
class Server:
    """What is under load: its port, the process with the links, and all that work for it."""

    port: int
    pid: int
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU microseconds per acknowledged position."""

    holder_us: float
    beside_us: tuple[float, ...]
    outcome: Outcome
    pss_kb: int

    @property
    def all_us(self) -> float:
        """The holder of the links and everything beside it."""
        return self.holder_us + sum(self.beside_us)


def run(place: Place) -> list[Figure]:
    """Measure all three with one frame a segment, and ours also in bulk."""
    live = _load(_LIVE_LINKS, frames=20)
    few = _load(_ROWS_LINKS, frames=50)
    bulk = _load(_ROWS_LINKS, frames=1_024, frames_a_segment=64)
    floor = _measure("the floor in C", _floor, live)
    ours = _measure("ours", lambda: _ours(place), live)
    by_rows = _measure("row at a time", lambda: _rows(place), _load(_LIVE_LINKS, frames=2))
    by_rows_few = _measure("row at a time", lambda: _rows(place), few)
    ours_few = _measure("ours", lambda: _ours(place), few)
    ours_bulk = _measure("ours, in bulk", lambda: _ours(place), bulk)
    return [
        *_figures(f"C, {_LIVE_LINKS:,} links", floor),
        *_figures(f"ours, {_LIVE_LINKS:,} links", ours),
        *_beside(ours),
        Figure("gateway / C", ours.holder_us / floor.holder_us, "×", at_most=1.35),
        Figure("gateway, PostgreSQL, Valkey / C", ours.all_us / floor.all_us, "×", at_most=1.7),
        *_figures(f"row at a time, {_LIVE_LINKS:,} links", by_rows),
        Figure(
            f"row at a time / ours, {_LIVE_LINKS:,} links",
            by_rows.all_us / ours.all_us,
            "×",
            at_least=8.0,
        ),
        *_figures(f"row at a time, {_ROWS_LINKS} links", by_rows_few),
        *_figures(f"ours, {_ROWS_LINKS} links", ours_few),
        *_beside(ours_few),
        Figure(
            f"row at a time / ours, {_ROWS_LINKS} links",
            by_rows_few.all_us / ours_few.all_us,
            "×",
        ),
        *_figures(f"ours, {_ROWS_LINKS} links, 64 frames a segment", ours_bulk),
        *_beside(ours_bulk),
        Figure(
            "in bulk, acknowledged",
            ours_bulk.outcome.acknowledged / ours_bulk.outcome.wall_s,
            "/s",
            at_least=200_000,
        ),
    ]


def _load(links: int, frames: int, frames_a_segment: int = 1) -> Load:
    since = datetime.now(UTC) - timedelta(hours=6)
    return Load(links, frames, frames_a_segment, since)


def _measure(name: str, serving: Callable[[], AbstractContextManager[Server]], load: Load) -> Cost:
    with serving() as server, greeted(server.port, load) as swarm:
        pids = (server.pid, *server.beside)
        before = [tree_cpu_s(pid) for pid in pids]
        outcome = swarm.run()
        spent = [tree_cpu_s(pid) - was for pid, was in zip(pids, before, strict=True)]
        pss_kb = memory_pss_kb(server.pid)
    if not outcome.whole:
        raise RuntimeError(f"{name}: {outcome}")
    sys.stderr.write(
        f"  {name}: {outcome.acknowledged:,} acknowledged in {outcome.wall_s:.1f} s; "
        f"the swarm took {outcome.cpu_s:.1f} s of CPU\n"
    )
    holder_us, *beside_us = (1e6 * one / outcome.acknowledged for one in spent)
    return Cost(holder_us, tuple(beside_us), outcome, pss_kb)


def _figures(name: str, cost: Cost) -> list[Figure]:
    outcome = cost.outcome
    return [
        Figure(f"{name}: CPU a position", cost.all_us, "µs"),
        Figure(f"{name}: acknowledged", outcome.acknowledged / outcome.wall_s, "/s"),
        Figure(f"{name}: p50 of a segment", outcome.p50_ms, "ms"),
        Figure(f"{name}: p99 of a segment", outcome.p99_ms, "ms"),
    ]


def _beside(cost: Cost) -> list[Figure]:
    postgres_us, valkey_us = cost.beside_us
    return [
        Figure("  of it gateway", cost.holder_us, "µs"),
        Figure("  of it PostgreSQL", postgres_us, "µs"),
        Figure("  of it Valkey", valkey_us, "µs"),
        Figure("  gateway's memory (PSS)", cost.pss_kb / 1024, "MiB"),
    ]


@contextmanager
def _floor() -> Iterator[Server]:
    with running.answering() as listening:
        yield Server(listening.port, listening.pid)


@contextmanager
def _rows(place: Place) -> Iterator[Server]:
    url = plain_url(place.fresh_database())
    with running.rows(url) as listening:
        yield Server(listening.port, listening.pid, (_postmaster(url),))


@contextmanager
def _ours(place: Place) -> Iterator[Server]:
    url = place.fresh_database()
    enrol(plain_url(url), _LIVE_LINKS)
    _tell_settings(plain_url(url))
    with _valkey(place.folder) as bus_url:
        port = free_port()
        settings = {
            "GONGCHE_DATABASE_URL": url,
            "GONGCHE_REDIS_URL": bus_url,
            "GONGCHE_JT808_PORT": str(port),
            "GONGCHE_LOG_LEVEL": "WARNING",
            # The swarm connects all at once, from a few addresses of loopback.
            "GONGCHE_READMISSION_LINKS_PER_S": str(_LIVE_LINKS),
        }
        argv = [sys.executable, "-m", "gateway.cli", "gateway"]
        with running.started(argv, settings) as pid:
            _await_port(port)
            with Redis.from_url(bus_url) as bus:
                valkey = int(bus.info("server")["process_id"])
            yield Server(port, pid, (_postmaster(plain_url(url)), valkey))


@contextmanager
def _valkey(folder: Path) -> Iterator[str]:
    server = EmbeddedValkey(folder)
    server.start()
    try:
        yield server.url()
    finally:
        server.stop()


def _tell_settings(url: str) -> None:
    with psycopg.connect(url) as connection:
        for name in _SETTINGS:
            row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            assert row is not None
            sys.stderr.write(f"  PostgreSQL {name} = {row[0]}\n")


def _postmaster(url: str) -> int:
    """Return the process id of the server behind an address of this machine."""
    with psycopg.connect(url) as connection:
        stat = Path(f"/proc/{connection.info.backend_pid}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the gateway did not open its door")
