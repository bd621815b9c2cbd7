"""Whether one process listens on a port, from proc(5): others may share the port with it."""

import contextlib
from pathlib import Path

_LISTEN = "0A"


def listens(pid: int, port: int) -> bool:
    """Return whether the process listens on this TCP port of any address."""
    process = Path("/proc") / str(pid)
    inodes = set()
    try:
        for table in ("tcp", "tcp6"):
            for line in (process / "net" / table).read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == _LISTEN and int(words[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{words[9]}]")
        files = list((process / "fd").iterdir()) if inodes else []
    except OSError:
        return False
    for file in files:
        with contextlib.suppress(OSError):
            if str(file.readlink()) in inodes:
                return True
    return False
