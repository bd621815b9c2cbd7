"""One running server, started through `kit/child.py`, so that it never outlives its owner."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kit.child import guarded
from kit.servers.account import Account
from kit.servers.errors import ServerFailed

_POLL_S = 0.03
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
_LAST_WORDS = 3
_LOG_LIMIT_BYTES = 10_000_000
# Neither a locale nor a library path of the operator's shell may change how a server works.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


@dataclass(slots=True)
class ServerProcess:
    """A server in a process group of its own, its output appended to `log`."""

    name: str
    log: Path
    _process: subprocess.Popen[bytes]
    _log_start: int

    @classmethod
    def start(
        cls, name: str, argv: list[str], *, account: Account, log: Path, stop_signal: signal.Signals
    ) -> "ServerProcess":
        """Start `argv` under `account`. It gets `stop_signal` when it is to stop or is orphaned."""
        if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        # Its lines can quote statements with their data.
        with os.fdopen(os.open(log, _APPEND, 0o600), "ab") as output:
            log_start = output.seek(0, os.SEEK_END)
            process = subprocess.Popen(
                guarded(
                    argv,
                    stop_signal=stop_signal,
                    account=None if account.is_ours else (account.uid, account.gid),
                ),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd="/",
                env=_ENVIRONMENT,
            )
        return cls(name, log, process, log_start)

    @property
    def group(self) -> int:
        """The id of the process group, which is that of the guard at its head."""
        return self._process.pid

    def is_running(self) -> bool:
        """Return whether the server lives."""
        return self._process.poll() is None

    def await_ready(self, is_ready: Callable[[], bool], within_s: float) -> None:
        """Return when `is_ready()`; raises ServerFailed when it stops before, or time is up."""
        deadline = time.monotonic() + within_s
        while not is_ready():
            if not self.is_running():
                raise self._failure("stopped while it was starting")
            if time.monotonic() > deadline:
                raise self._failure(f"did not answer within {within_s:.0f} s")
            time.sleep(_POLL_S)

    def stop(self, *, patience_s: float, last_resort: signal.Signals | None = None) -> None:
        """Ask the server to stop, then `last_resort`, then kill whatever is left of its group."""
        steps = [signal.SIGTERM, *([last_resort] if last_resort else [])]
        for step in steps:
            if self.is_running():
                self._process.send_signal(step)
                try:
                    self._process.wait(patience_s)
                except subprocess.TimeoutExpired:
                    continue
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _failure(self, failure: str) -> ServerFailed:
        with self.log.open(errors="replace") as log:
            log.seek(self._log_start)
            lines = log.read().strip().splitlines()[-_LAST_WORDS:] or ["(none)"]
        return ServerFailed(name=self.name, failure=failure, log=self.log, words=" / ".join(lines))
