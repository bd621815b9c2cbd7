"""A process that helps a bench: it is asked and answers by lines of JSON, one for one."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

Lines = dict[str, Any]


class HelperEndedError(RuntimeError):
    """A process that helps the bench has ended instead of answering."""


class Helper:
    """One such process, from the bench's side."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(self, question: Lines) -> None:
        """Send a line; the answer is read by `answer`."""
        stream = cast(IO[str], self._process.stdin)
        stream.write(json.dumps(question) + "\n")
        stream.flush()

    def answer(self) -> Lines:
        """Return its next answer. Raises HelperEndedError."""
        line = cast(IO[str], self._process.stdout).readline()
        if not line:
            raise HelperEndedError(f"process {self.pid}, status {self._process.wait()}")
        return cast(Lines, json.loads(line))

    def told(self, question: Lines) -> Lines:
        """Ask and return the answer."""
        self.ask(question)
        return self.answer()


@contextmanager
def helping(module: str) -> Iterator[Helper]:
    """Yield a process that runs `module`; it is ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Helper(process)
    finally:
        cast(IO[str], process.stdin).close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def questions() -> Iterator[Lines]:
    """Yield what the bench asks, in the helper's process, until it asks no more."""
    for line in sys.stdin:
        yield json.loads(line)


def reply(answer: Lines) -> None:
    """Answer the bench, in the helper's process."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def serve(answers: Callable[[Lines], Lines]) -> None:
    """Answer every question by a function."""
    for question in questions():
        reply(answers(question))
