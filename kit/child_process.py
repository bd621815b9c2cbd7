"""A child of the supervisor: a command in a process group of its own, behind its guard."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from kit.child import guarded
from kit.readiness import Readiness, until_ready
from kit.trouble import Trouble

Say = Callable[[str], None]

_LINE_LIMIT = 16_384
_CHUNK = 65_536
_LAST_LINES_S = 2.0


class ChildFailed(Trouble):
    """A child process stopped before it was ready, or was not ready in time."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is run.

    argv: the program and its arguments
    ready: how it shows that it is ready; None means at once
    environment: the whole environment of the child; None means the supervisor's own
    start_s, stop_s: how long it may take to become ready, and to stop before it is killed
    """

    name: str
    argv: Sequence[str]
    ready: Readiness | None = None
    environment: Mapping[str, str] | None = None
    start_s: float = 60.0
    stop_s: float = 15.0


class ChildProcess:
    """Runs one command; a `kit.supervisor.Service`. Its lines go to `say` as `name | line`."""

    def __init__(self, command: Command, say: Say) -> None:
        self.name = command.name
        self._command = command
        self._say = say
        self._process: Process | None = None
        self._lifeline: int | None = None
        self._reader: asyncio.Task[None] | None = None
        self._lines: asyncio.Queue[str] | None = None
        self._last_line = ""

    @property
    def pid(self) -> int | None:
        """The id of its process group, headed by the guard; None while it doesn't run."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the command and wait until it is ready; raises ChildFailed when it isn't."""
        command = self._command
        self._last_line = "(none)"
        self._lines = asyncio.Queue()
        try:
            self._process = process = await self._spawn()
            if command.ready is not None:
                await self._become_ready(process, command.ready, self._lines)
        except BaseException:
            await self.stop()
            raise
        finally:
            self._lines = None

    async def ended(self) -> str:
        """Wait until the child ends by itself; return how, as the rest of a sentence."""
        if self._process is None:
            return "is not running"
        status = await self._process.wait()
        await self._sweep()
        return describe_end(status)

    async def stop(self) -> None:
        """Ask the child to stop, wait, and kill what is left of its process group."""
        if self._process is not None and self._process.returncode is None:
            try:
                self._process.send_signal(signal.SIGTERM)
                async with asyncio.timeout(self._command.stop_s):
                    await self._process.wait()
            except ProcessLookupError:
                pass
            except TimeoutError:
                self._say(f"{self.name} did not stop within {self._command.stop_s:g} s; killing it")
        await self._sweep()

    async def _spawn(self) -> Process:
        """Start the guard with its lifeline, and read what comes out of it.

        The pipes are ours, because asyncio's own keep `Process.wait` waiting for as long as any
        grandchild holds them (CPython issue 119710).
        """
        command = self._command
        lifeline_end, self._lifeline = os.pipe()
        output, output_end = os.pipe()
        self._reader = asyncio.create_task(self._forward(output))
        try:
            return await asyncio.create_subprocess_exec(
                # The parent waits stop_s; an orphan is given the same time.
                *guarded(command.argv, grace_s=command.stop_s),
                stdin=lifeline_end,
                stdout=output_end,
                stderr=STDOUT,
                start_new_session=True,
                env=dict(command.environment) if command.environment is not None else None,
            )
        finally:
            os.close(lifeline_end)
            os.close(output_end)

    async def _become_ready(
        self, process: Process, ready: Readiness, lines: asyncio.Queue[str]
    ) -> None:
        readying = asyncio.create_task(until_ready(ready, lines.get))
        ending = asyncio.create_task(process.wait())
        try:
            await asyncio.wait(
                {readying, ending},
                timeout=self._command.start_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if readying.done():
                return readying.result()
            raise ChildFailed(await self._failure(process))
        finally:
            readying.cancel()
            ending.cancel()

    async def _failure(self, process: Process) -> str:
        if process.returncode is None:
            failure = f"was not ready within {self._command.start_s:g} s"
        else:
            await self._sweep()
            failure = f"{describe_end(process.returncode)} before it was ready"
        return f"{self.name} {failure}; its last line was: {self._last_line}"

    async def _forward(self, output: int) -> None:
        async for line in _lines_of(output):
            self._last_line = line
            self._say(f"{self.name} | {line}")
            if self._lines is not None:
                self._lines.put_nowait(line)

    async def _sweep(self) -> None:
        """Kill what is left of the group, read its last lines and let it go."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        if self._reader is not None:
            # A process that left the group may hold the pipe for ever.
            await asyncio.wait({self._reader}, timeout=_LAST_LINES_S)
            self._reader.cancel()
            self._reader = None


def describe_end(status: int) -> str:
    """Return how a process with this exit status ended, as the rest of a sentence."""
    number = -status if status < 0 else status - 128
    if number in set(signal.Signals):
        return f"was ended by {signal.Signals(number).name}"
    return f"ended with status {status}"


async def _lines_of(pipe: int) -> AsyncIterator[str]:
    """Yield the lines that come out of a pipe; one longer than the limit comes in pieces."""
    stream = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(pipe, "rb", 0)
    )
    try:
        rest = b""
        while chunk := await stream.read(_CHUNK):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield _text(line)
            if len(rest) > _LINE_LIMIT:
                yield _text(rest)
                rest = b""
        if rest:
            yield _text(rest)
    finally:
        transport.close()


def _text(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r")
