"""A whole running system: the door, the API and the worker as real processes.

They are started by the command line that operators use, on free ports of loopback, and ended by
their process ids.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loadtests.listening import listens

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = ("gateway", "api", "worker")
_START_S = 90.0


def free_port() -> int:
    """Return a TCP port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class NotStarted(AssertionError):
    """A process ended while it was starting, or was not ready in time."""


@dataclass
class RunningSystem:
    """Where the system is, and its processes by name.

    A name is the command, `gateway`, or the command and a number, `gateway 2`: another process of
    the same kind.
    """

    environment: Mapping[str, str]
    http_port: int
    jt808_port: int
    folder: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """The address of the API and the pages."""
        return f"http://127.0.0.1:{self.http_port}"

    def log(self, name: str) -> str:
        """Return what a process has written."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def start(self, name: str, settings: Mapping[str, str] | None = None) -> None:
        """Start a process, with some settings of its own, and wait until it is ready."""
        command = [sys.executable, "-m", "gateway.cli", name.partition(" ")[0]]
        path = self.folder / f"{name}.log"
        seen = path.stat().st_size if path.exists() else 0
        environment = {**self.environment, **(settings or {})}
        with path.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        self._await(name, seen, int(environment["GONGCHE_JT808_PORT"]))

    def kill(self, name: str) -> None:
        """End a process with SIGKILL."""
        self._end(name, signal.SIGKILL)

    def stop(self, name: str) -> None:
        """End a process with SIGTERM and wait for it."""
        self._end(name, signal.SIGTERM)

    def stop_all(self) -> None:
        """End every process that is still there."""
        for name in list(self.processes):
            self.stop(name)

    def _end(self, name: str, how: signal.Signals) -> None:
        process = self.processes.pop(name)
        process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _await(self, name: str, seen: int, jt808_port: int) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if self.processes[name].poll() is not None:
                raise NotStarted(f"{name} ended while starting:\n{self.log(name)[-3000:]}")
            if self._ready(name, seen, jt808_port):
                return
            time.sleep(0.05)
        raise NotStarted(f"{name} was not ready in time:\n{self.log(name)[-3000:]}")

    def _ready(self, name: str, seen: int, jt808_port: int) -> bool:
        command = name.partition(" ")[0]
        if command == "worker":
            return "worker is ready" in self.log(name)[seen:]
        port = self.http_port if command == "api" else jt808_port
        return listens(self.processes[name].pid, port)


@contextlib.contextmanager
def running_system(
    database_url: str,
    redis_url: str,
    *,
    processes: Sequence[str] = PROCESSES,
    settings: Mapping[str, str] | None = None,
) -> Iterator[RunningSystem]:
    """Yield a running system on these servers; its processes end with the block."""
    http_port, jt808_port = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="gongche-system-") as folder:
        environment = {
            **os.environ,
            "GONGCHE_DATABASE_URL": database_url,
            "GONGCHE_REDIS_URL": redis_url,
            "GONGCHE_DATA_DIR": folder,
            "GONGCHE_HTTP_PORT": str(http_port),
            "GONGCHE_JT808_PORT": str(jt808_port),
            "GONGCHE_PUBLIC_URL": f"http://127.0.0.1:{http_port}",
            # Stories ask in seconds what people ask in an hour.
            "GONGCHE_COSTLY_PER_MINUTE": "100000",
            **(settings or {}),
        }
        system = RunningSystem(environment, http_port, jt808_port, Path(folder))
        try:
            for name in processes:
                system.start(name)
            yield system
        finally:
            system.stop_all()
