"""Whether one process listens on a port, from proc(5): others may share the port with it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

_LISTEN = "0A"


def listens(pid: int, port: int) -> bool:
    """Return whether the process listens on this TCP port of any address."""
    process = Path("/proc") / str(pid)
    try:
        sockets = {
            f"socket:[{inode}]"
            for table in ("tcp", "tcp6")
            for inode in _listening(process / "net" / table, port)
        }
        files = list((process / "fd").iterdir()) if sockets else []
    except OSError:
        return False
    for file in files:
        with contextlib.suppress(OSError):
            if str(file.readlink()) in sockets:
                return True
    return False


def _listening(table: Path, port: int) -> Iterator[str]:
    with table.open() as lines:
        next(lines)
        for line in lines:
            words = line.split()
            if words[3] != _LISTEN:
                # Those that listen come first, and a hundred thousand links may follow.
                return
            if int(words[1].rpartition(":")[2], 16) == port:
                yield words[9]
