"""The system under the bench: a gateway and an API process over one database and one Valkey."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from redis import Redis

from kit.database import plain_url
from kit.servers.valkey import EmbeddedValkey
from loadtests.peers.running import started
from loadtests.processes import await_rest

_LINKS_A_SECOND = 10_000
_START_S = 60


@dataclass(frozen=True, slots=True)
class System:
    """Where it is, and the id of each of its processes by its name."""

    terminals_port: int
    http_port: int
    pids: dict[str, int]

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.http_port}"


@contextmanager
def serving(url: str, folder: Path) -> Iterator[System]:
    """Yield a running system whose API has the whole fleet in memory."""
    valkey = EmbeddedValkey(folder)
    valkey.start()
    try:
        terminals_port, http_port = _free_ports(2)
        settings = {
            "GONGCHE_DATABASE_URL": url,
            "GONGCHE_REDIS_URL": valkey.url(),
            "GONGCHE_DATA_DIR": str(folder),
            "GONGCHE_JT808_PORT": str(terminals_port),
            "GONGCHE_HTTP_PORT": str(http_port),
            "GONGCHE_LOG_LEVEL": "WARNING",
            # The terminals connect all at once, from a few addresses of loopback.
            "GONGCHE_READMISSION_LINKS_PER_S": str(_LINKS_A_SECOND),
        }
        command = [sys.executable, "-m", "gateway.cli"]
        with (
            started([*command, "gateway"], settings) as gateway,
            started([*command, "api"], settings) as api,
        ):
            _await_port(terminals_port)
            _await_port(http_port)
            await_rest(api)
            pids = {
                "API": api,
                "gateway": gateway,
                "PostgreSQL": _postmaster(url),
                "Valkey": _valkey_pid(valkey.url()),
            }
            yield System(terminals_port, http_port, pids)
    finally:
        valkey.stop()


def _postmaster(url: str) -> int:
    """Return the process id of the server behind an address of this machine."""
    with psycopg.connect(plain_url(url)) as connection:
        stat = Path(f"/proc/{connection.info.backend_pid}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def _valkey_pid(url: str) -> int:
    with Redis.from_url(url) as bus:
        return int(bus.info("server")["process_id"])


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _await_port(port: int) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nobody listens on port {port}")
