"""Starting what is compared: each yields the port that it listens on, and its process id."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

_HERE = Path(__file__).parent


class NoCompilerError(RuntimeError):
    """This machine has no C compiler (cc), so the floor can't be measured here."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A server that takes frames."""

    port: int
    pid: int


@contextmanager
def answering() -> Iterator[Listening]:
    """Build and run the server in C that keeps nothing."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompilerError
    with tempfile.TemporaryDirectory(prefix="gongche-bench-") as folder:
        program = Path(folder) / "answering"
        source = _HERE / "answering.c"
        subprocess.run(
            [compiler, "-O2", "-D_GNU_SOURCE", "-o", str(program), str(source)], check=True
        )
        with _told_port([str(program)]) as server:
            yield server


@contextmanager
def rows(plain_url: str) -> Iterator[Listening]:
    """Run the row-at-a-time server over a database."""
    with _told_port([sys.executable, "-m", "loadtests.peers.rows", plain_url]) as server:
        yield server


@contextmanager
def started(argv: Sequence[str], settings: Mapping[str, str]) -> Iterator[int]:
    """Run a process of ours with these settings; yield its id, stop it in order afterwards."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GONGCHE_")}
    process = subprocess.Popen(argv, env={**ours, **settings})
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _told_port(argv: Sequence[str]) -> Iterator[Listening]:
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Listening(int(cast(IO[str], process.stdout).readline()), process.pid)
    finally:
        process.kill()
        process.wait()
