"""Finding and ending servers that an earlier, killed owner left behind (Linux, /proc)."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

_POLL_S = 0.02


def processes_of(command: str, folder: Path) -> list[int]:
    """Return the ids of processes named `command` that stand in `folder`.

    Standing in means that it is their working directory, or an argument of theirs: the working
    directory of another account's process is hidden from root in some containers.
    """
    ids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return [pid for pid in ids if _stands_in(pid, command, folder)]


def _stands_in(pid: int, command: str, folder: Path) -> bool:
    process = Path("/proc") / str(pid)
    try:
        if (process / "comm").read_text().strip() != command:
            return False
        if os.fsencode(folder) in (process / "cmdline").read_bytes().split(b"\0"):
            return True
        return (process / "cwd").readlink() == folder
    except OSError:
        return False


def is_alive(pid: int) -> bool:
    """Return whether a process `pid` exists and is more than a zombie."""
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def all_gone(pids: Iterable[int], within_s: float) -> bool:
    """Wait until no process of `pids` lives; return False when the time is up."""
    deadline = time.monotonic() + within_s
    waiting = [pid for pid in pids if is_alive(pid)]
    while waiting:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
        waiting = [pid for pid in waiting if is_alive(pid)]
    return True
