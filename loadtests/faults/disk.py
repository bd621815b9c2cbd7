"""A disk that runs full: PostgreSQL and everything of it on a small file system in memory."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loadtests.faults.fault import Fault, suffer
from loadtests.faults.hall import SETTINGS, Hall, data_folder, system_in
from loadtests.faults.register import numbers
from loadtests.faults.row import Row
from loadtests.faults.scene import Scene

NAME = "disk full"
SENTENCE = "the file system of PostgreSQL has no block left, until doors close and a while longer"
_SIZE_MB = 400
_SHUT_WITHIN_S = 90.0
_SMALLEST_BYTES = 4_096
_STEP_BYTES = 1 << 20


class NoSmallDisk(Exception):
    """No small file system can be mounted here."""


def run(hall: Hall, seconds: float) -> Row:
    """Fill the disk of a system of its own, again and again."""
    who = numbers(20, 5, 0)
    try:
        with (
            small_disk(_SIZE_MB) as folder,
            system_in(folder, who, SETTINGS) as system,
            hall.under_load(system, who) as scene,
        ):
            return suffer(Fault(NAME, SENTENCE, lambda s: _fill(s, folder)), scene, seconds)
    except NoSmallDisk as error:
        return Row(NAME, skipped=str(error))


@contextmanager
def small_disk(size_mb: int) -> Iterator[Path]:
    """Yield a folder on a file system of its own. Raises NoSmallDisk."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        raise NoSmallDisk("only root may mount a small file system")
    with data_folder() as folder:
        options = f"size={size_mb}m,mode=0711"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "gongche-faults", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NoSmallDisk(done.stderr.strip())
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


def fill(ballast: Path) -> None:
    """Write to a file until its file system is full."""
    step = _STEP_BYTES
    with ballast.open("ab", buffering=0) as file:
        while step >= _SMALLEST_BYTES:
            try:
                file.write(bytes(step))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                step //= 2


def _fill(scene: Scene, folder: Path) -> None:
    ballast = folder / "ballast"
    try:
        # What frees a block meanwhile, a checkpoint say, must not help.
        scene.await_shut(_SHUT_WITHIN_S, meanwhile=lambda: fill(ballast))
        scene.let_pass(3.0, 6.0)
    finally:
        ballast.unlink(missing_ok=True)
