"""`gongche up` as an operator runs it: a real process in a folder of its own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from kit.servers.processes import all_gone
from tests.support.system import ROOT, free_port
from tests.support.waiting import eventually

_COMMAND = [sys.executable, "-m", "gateway.cli", "up"]
_START_S = 150.0


@dataclass
class Upped:
    """One run of `gongche up`."""

    process: "subprocess.Popen[bytes]"
    port: int
    output: Path

    @property
    def base_url(self) -> str:
        """The address of the API and the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """What it has printed."""
        return self.output.read_text(errors="replace")

    def await_ready(self) -> None:
        """Return when it says that it is ready."""
        try:
            eventually(
                lambda: "Gongche is ready" in self.said or self.process.poll() is not None, _START_S
            )
        except AssertionError as late:
            raise AssertionError(f"it was not ready in time:\n{self.said}") from late
        assert self.process.poll() is None, self.said

    def healthy(self) -> bool:
        """Return whether the API says that all is well."""
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.base_url}/health", timeout=10).status_code == 200
        return False

    def password(self) -> str:
        """Set the first administrator's password by the link that is printed once; return it."""
        (token,) = re.findall(r"First administrator \S+: .*/set-up#token=(\S+)", self.said)
        body = {"token": token, "password": "chosen by whoever came first"}
        httpx.post(f"{self.base_url}/api/v1/session/set-up", json=body).raise_for_status()
        return body["password"]

    def descendants(self) -> list[int]:
        """Return the ids of all processes below it: guards, servers, processes of ours."""
        return descendants_of(self.process.pid)

    def pid_of(self, name: str) -> int:
        """Return the id of the process of ours that runs this command."""
        (pid,) = [pid for pid in self.descendants() if _is_ours(pid, name)]
        return pid

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def kill_all(self) -> None:
        """End it and everything below it with SIGKILL."""
        pids = [self.process.pid, *self.descendants()]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        assert all_gone(pids, 20)


def _is_ours(pid: int, name: str) -> bool:
    """Whether this is the command itself, and not the guard in front of it."""
    arguments = (Path("/proc") / str(pid) / "cmdline").read_text().split("\0")[:-1]
    return arguments[1:] == ["-m", "gateway.cli", name]


def descendants_of(pid: int) -> list[int]:
    """Return the ids of the processes whose chain of parents leads to `pid`."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(after_name[1])
    found, newest = [], [pid]
    while newest:
        newest = [child for child, parent in parents.items() if parent in newest]
        found += newest
    return found


def environment(folder: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment for `gongche up` in this folder, on free ports."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GONGCHE_")}
    port = free_port()
    return {
        **ours,
        "GONGCHE_DATA_DIR": str(folder),
        "GONGCHE_HTTP_PORT": str(port),
        "GONGCHE_JT808_PORT": str(free_port()),
        "GONGCHE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        **(settings or {}),
    }


@contextlib.contextmanager
def upped(told: Mapping[str, str], output: Path) -> Iterator[Upped]:
    """Yield a run that says it is ready; it is killed at the end if it still runs."""
    with output.open("wb") as lines:
        process = subprocess.Popen(_COMMAND, cwd=ROOT, env=dict(told), stdout=lines, stderr=lines)
    run = Upped(process, int(told["GONGCHE_HTTP_PORT"]), output)
    try:
        run.await_ready()
        yield run
    finally:
        if process.poll() is None:
            run.kill_all()


def refused(told: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run `gongche up` where it must refuse; return its end."""
    return subprocess.run(
        _COMMAND,
        cwd=ROOT,
        env=dict(told),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
