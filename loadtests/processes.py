"""The CPU time of processes and of everything below them, from proc(5)."""

import os
import time
from pathlib import Path

_PROC = Path("/proc")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def tree_cpu_s(root: int) -> float:
    """Return user and system seconds of a process, its descendants, and those that have ended."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(after_name[1])
            # utime, stime, and cutime, cstime of the children that were waited for
            ticks[int(entry.name)] = sum(map(int, after_name[11:15]))
    tree, newest = {root}, {root}
    while newest:
        newest = {pid for pid, parent in parents.items() if parent in newest}
        tree |= newest
    return sum(ticks.get(pid, 0) for pid in tree) / _TICKS_A_SECOND


def memory_pss_kb(pid: int) -> int:
    """Return the proportional set size of one process, in KiB."""
    for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def await_rest(pid: int, within_s: float = 120.0) -> None:
    """Return when what a process does at its start is over: it idles for a second."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        before = tree_cpu_s(pid)
        time.sleep(1)
        if tree_cpu_s(pid) - before < 0.1:
            return
    raise RuntimeError("the process never came to rest")
