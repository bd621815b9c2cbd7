"""Gateways of ours, several on one port, over a database in which the swarm's terminals stand."""

import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kit.database import plain_url
from kit.servers.valkey import EmbeddedValkey
from loadtests.measuring import Place
from loadtests.peers.running import started
from loadtests.swarm.frames import PHONES_FROM

_START_S = 60.0
_LISTENS = "0A"  # TCP_LISTEN in proc_net_tcp(5)


@dataclass(frozen=True, slots=True)
class Gateways:
    """Where they listen, their process ids, and the database beneath."""

    port: int
    pids: tuple[int, ...]
    database_url: str


@contextmanager
def gateways(
    place: Place, processes: int, terminals: int, settings: Mapping[str, str]
) -> Iterator[Gateways]:
    """Run so many gateways, each with these settings besides the necessary ones.

    terminals: how many of the swarm's are in the register, known by their numbers alone
    """
    url = place.fresh_database()
    enrol(plain_url(url), terminals)
    with ExitStack() as stack:
        valkey = EmbeddedValkey(place.folder)
        valkey.start()
        stack.callback(valkey.stop)
        port = _free_port()
        told = {
            "GONGCHE_DATABASE_URL": url,
            "GONGCHE_REDIS_URL": valkey.url(),
            "GONGCHE_JT808_PORT": str(port),
            "GONGCHE_LOG_LEVEL": "WARNING",
            **settings,
        }
        argv = [sys.executable, "-m", "gateway.cli", "gateway"]
        pids = tuple(stack.enter_context(started(argv, told)) for _ in range(processes))
        _await_listeners(port, processes)
        yield Gateways(port, pids, url)


def enrol(url: str, count: int) -> None:
    """Write the swarm's terminals to the register, known by their numbers alone."""
    with psycopg.connect(url) as connection:
        connection.execute("""
            INSERT INTO organisation (id, name, sort_key, kind)
            VALUES (gen_random_uuid(), '示例单位', '示例单位', 'unit')
        """)
        connection.execute(
            """
            INSERT INTO terminal (id, protocol, phone, organisation_no, authentication)
            SELECT gen_random_uuid(), 'jt808', (%s::bigint + n)::text, o.no, 'number'
            FROM generate_series(0, %s - 1) n, organisation o
            """,
            (PHONES_FROM, count),
        )
        connection.execute("ANALYZE terminal")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_listeners(port: int, count: int) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        listening = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == _LISTENS]
        if len(listening) == count:
            return
        time.sleep(0.1)
    raise RuntimeError(f"not all of {count} gateways opened their door")
