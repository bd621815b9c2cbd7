"""The guard in front of a child process: when the parent dies, so does the child.

`python kit/child.py [options] -- PROGRAM ARGUMENT…` starts PROGRAM and holds standard input, which
is a pipe whose other end only the parent has: the lifeline. The kernel closes it when the parent
goes, be it by kill -9. Then the guard asks the program to stop, waits, and kills its own process
group. PR_SET_PDEATHSIG would do neither for grandchildren nor when a thread of the parent ends,
and can't be set safely between fork and exec of a threaded parent; a lifeline works for any
program, ours or not.

The guard heads the group (its parent starts it with `start_new_session`), passes SIGTERM, SIGINT
and SIGQUIT on, and ends with the program's exit status. It is run as a file, without site
packages and with nothing of ours imported, and so costs little.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

_GRACE_S = 20.0
_USAGE = 64  # EX_USAGE of sysexits.h


def guarded(
    argv: Sequence[str],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    grace_s: float = _GRACE_S,
    account: tuple[int, int] | None = None,
) -> list[str]:
    """Return the command that runs `argv` behind a guard.

    Start it with a pipe as standard input and in a new session. `stop_signal` is what the program
    understands as SIGTERM (PostgreSQL's fast shutdown is SIGINT); `account` = (uid, gid) is what
    the program, not the guard, runs under; after `grace_s` an orphan is killed.
    """
    owner = f"{account[0]}:{account[1]}" if account else "-"
    guard = str(Path(__file__).resolve())
    return [
        sys.executable, "-I", "-S", guard, str(int(stop_signal)), str(grace_s), owner, "--", *argv,
    ]  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run the guarded program; return its exit status, 128 + n when a signal n ended it."""
    if len(arguments) < 5 or arguments[3] != "--":
        return _USAGE
    stop_signal, grace_s, account = int(arguments[0]), float(arguments[1]), arguments[2]
    uid, gid = (int(part) for part in account.split(":")) if account != "-" else (None, None)
    program = subprocess.Popen(
        arguments[4:],
        stdin=subprocess.DEVNULL,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        umask=-1 if uid is None else 0o077,
    )

    def pass_on(number: int, _frame: FrameType | None) -> None:
        program.send_signal(stop_signal if number == signal.SIGTERM else number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, pass_on)

    orphaned = threading.Event()

    def hold_lifeline() -> None:
        while os.read(0, 1):
            pass
        orphaned.set()
        program.send_signal(stop_signal)
        time.sleep(grace_s)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=hold_lifeline, daemon=True).start()
    status = program.wait()
    if orphaned.is_set():
        os.killpg(0, signal.SIGKILL)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
