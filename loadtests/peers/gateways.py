"""Gateways of ours, several on one port, over a database in which the swarm's terminals stand."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg

from kit.database import plain_url
from kit.servers.valkey import EmbeddedValkey
from loadtests.listening import listens
from loadtests.measuring import Place
from loadtests.peers.running import started
from loadtests.swarm.frames import PHONES_FROM
from loadtests.system import free_port

_START_S = 120.0


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
        port = free_port()
        told = {
            "GONGCHE_DATABASE_URL": url,
            "GONGCHE_REDIS_URL": valkey.url(),
            "GONGCHE_JT808_PORT": str(port),
            "GONGCHE_LOG_LEVEL": "WARNING",
            **settings,
        }
        argv = [sys.executable, "-m", "gateway.cli", "gateway"]
        pids = tuple(stack.enter_context(started(argv, told)) for _ in range(processes))
        _await_listeners(port, pids)
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


def _await_listeners(port: int, pids: Sequence[int]) -> None:
    deadline = time.monotonic() + _START_S
    for pid in pids:
        while not listens(pid, port):
            if time.monotonic() > deadline:
                raise RuntimeError("a gateway never opened its door")
            time.sleep(0.1)
