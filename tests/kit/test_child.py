import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kit.child import guarded
from kit.servers.processes import is_alive
from tests.support.waiting import eventually

# Prints its id, ignores what it is told to ignore, and has a child of its own.
_PROGRAM = """
import os, signal, subprocess, sys
# Ignored from birth where the tests run in the background of a shell.
signal.signal(signal.SIGINT, signal.default_int_handler)
for name in sys.argv[1:]:
    signal.signal(getattr(signal, name), signal.SIG_IGN)
grandchild = subprocess.Popen(["sleep", "300"])
print(os.getpid(), grandchild.pid, flush=True)
signal.pause()
signal.pause()
"""


def start(
    *ignored: str, **options: float | signal.Signals
) -> tuple["subprocess.Popen[str]", int, int]:
    guard = subprocess.Popen(
        guarded([sys.executable, "-c", _PROGRAM, *ignored], **options),  # type: ignore[arg-type]
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert guard.stdout is not None
    program, grandchild = map(int, guard.stdout.readline().split())
    return guard, program, grandchild


def cut_lifeline(guard: "subprocess.Popen[str]") -> None:
    assert guard.stdin is not None
    guard.stdin.close()


@pytest.mark.parametrize("status", [0, 3])
def test_the_guard_ends_with_its_programs_status(status: int) -> None:
    command = guarded([sys.executable, "-c", f"raise SystemExit({status})"])
    done = subprocess.run(command, stdin=subprocess.PIPE, start_new_session=True, check=False)
    # An ended lifeline may win the race with so short a program; both mean the end.
    assert done.returncode in (status, -signal.SIGKILL)


def test_a_cut_lifeline_ends_program_and_grandchild() -> None:
    guard, program, grandchild = start()
    cut_lifeline(guard)
    guard.wait(20)
    eventually(lambda: not is_alive(program) and not is_alive(grandchild))


def test_a_program_that_ignores_the_signal_is_killed_after_the_grace() -> None:
    guard, program, grandchild = start("SIGTERM", grace_s=0.2)
    cut_lifeline(guard)
    guard.wait(20)
    eventually(lambda: not is_alive(program) and not is_alive(grandchild))


def test_a_stop_is_passed_on_as_the_signal_that_the_program_understands() -> None:
    guard, _, grandchild = start("SIGTERM", stop_signal=signal.SIGINT)
    guard.send_signal(signal.SIGTERM)
    # Python ends itself with SIGINT after a KeyboardInterrupt: 128 + 2.
    assert guard.wait(20) == 128 + signal.SIGINT
    os.kill(grandchild, signal.SIGKILL)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a program as somebody else")
def test_only_the_program_runs_under_the_other_account() -> None:
    with subprocess.Popen(
        guarded(["/usr/bin/id"], account=(65534, 65534)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd="/",
    ) as guard:
        assert guard.stdout is not None
        said = guard.stdout.read()
    assert "uid=65534" in said
    assert "gid=65534" in said
    assert "(root)" not in said


def test_wrong_arguments_are_a_usage_error() -> None:
    guard = Path(guarded([])[3])
    assert subprocess.run([sys.executable, guard, "x"], check=False).returncode == 64
