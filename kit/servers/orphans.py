"""What a killed owner leaves of a PostgreSQL: a server without an owner, or its pid file.

The file postmaster.pid names in its lines the process, the data directory, … and, seventh, the
shared memory (PostgreSQL, src/include/utils/pidfile.h). It is never deleted here: by the seventh
line a starting server sees whether processes of the dead one still write to the same files.
"""

import signal
from pathlib import Path

from kit.servers.processes import all_gone, is_alive, processes_of, send

_COMMAND = "postgres"
_PATIENCE_S = 30.0
_LEAVING_S = 5.0
# Above every process id that Linux gives (PID_MAX_LIMIT is 2^22).
_NO_PROCESS = str(2**22 + 1)


def end_postgres_orphans(cluster: Path) -> None:
    """Stop a server that still runs in `cluster` although its owner is gone.

    It is stopped rather than adopted: it may be of another version or other settings, and nobody
    would notice its end. It must be its own: named postgres and standing in `cluster`. The caller
    holds the lock of the folder, so it is nobody else's.
    """
    standing = processes_of(_COMMAND, cluster)
    postmaster = _recorded_pid(cluster)
    if postmaster in standing:
        send(postmaster, signal.SIGINT)
        if not all_gone([postmaster], _PATIENCE_S):
            send(postmaster, signal.SIGQUIT)
            all_gone([postmaster], _LEAVING_S)
    # Backends whose postmaster was killed leave by themselves, but for one that is stuck.
    if not all_gone(standing, _LEAVING_S):
        for pid in processes_of(_COMMAND, cluster):
            send(pid, signal.SIGKILL)
        all_gone(standing, _LEAVING_S)


def disarm_stale_pid_file(cluster: Path) -> None:
    """Make a stale pid file harmless whose process id now belongs to another program.

    PostgreSQL refuses to start when any process of its own account has the recorded id, which
    happens after a reboot or in a container. The id is replaced by one that can't exist.
    """
    pid = _recorded_pid(cluster)
    if pid is None or not is_alive(pid) or pid in processes_of(_COMMAND, cluster):
        return
    path = cluster / "postmaster.pid"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([_NO_PROCESS, *lines[1:]]) + "\n")


def _recorded_pid(cluster: Path) -> int | None:
    try:
        first = (cluster / "postmaster.pid").read_text().partition("\n")[0]
    except FileNotFoundError:
        return None
    # A negative id is that of a stand-alone backend.
    return abs(int(first)) if first.lstrip("-").isdecimal() else None
