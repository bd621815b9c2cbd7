"""The compiled kernel, made ready beside the API: no request ever waits for the compiler."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dispatch.kept_code import is_whole
from dispatch.shared_rides.errors import SharingNotReady

STOPS_S = 10.0


def is_ready() -> bool:
    """Whether the kernel answers at once."""
    return is_whole()


def require_ready() -> None:
    """Raise SharingNotReady while the kernel is being compiled."""
    if not is_ready():
        raise SharingNotReady


@contextmanager
def made_ready() -> Iterator[subprocess.Popen[bytes] | None]:
    """Compile the kernel in a process of its own, where that isn't done; end it with the block."""
    if is_ready():
        yield None
        return
    # A thread would hold the interpreter that requests need.
    compiling = subprocess.Popen([sys.executable, "-m", "dispatch.sharing.warming"])
    try:
        yield compiling
    finally:
        compiling.terminate()
        compiling.wait(STOPS_S)
