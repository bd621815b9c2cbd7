"""A relay between the gateways and PostgreSQL that can cut a connection at its commit.

It speaks no SQL: it reads the frontend's messages (PostgreSQL, 54.7) only to know which connection
has copied positions, and when that one says COMMIT.
"""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

_SOCKET = ".s.PGSQL.5432"
_READ_BYTES = 65_536
_ANSWER_S = 10.0
_LENGTH_BYTES = 4


class Cut(Enum):
    """When a connection ends, seen from its COMMIT."""

    BEFORE = auto()
    """The server never hears it: nothing is stored."""
    BETWEEN = auto()
    """The server hears it, and nobody waits for what it does."""
    AFTER = auto()
    """The server has committed and answered, and the client never hears it."""


@dataclass(slots=True)
class Frontend:
    """What one client has said so far: enough to know a commit of positions."""

    _waiting: bytearray = field(default_factory=bytearray)
    _greeted: bool = False
    _copied: bool = False

    def commits(self, data: bytes) -> bool:
        """Take what the client says; return whether it commits positions with it."""
        self._waiting += data
        found = False
        while (message := self._next()) is not None:
            kind, body = message
            # Q is a simple query, P the parsing of one.
            if kind in b"QP":
                self._copied |= b"COPY position" in body
                if b"COMMIT" in body or b"ROLLBACK" in body:
                    found |= self._copied and b"COMMIT" in body
                    self._copied = False
        return found

    def _next(self) -> tuple[int, bytes] | None:
        # The first message, the greeting, has no letter before its length.
        start = 1 if self._greeted else 0
        if len(self._waiting) < start + _LENGTH_BYTES:
            return None
        end = start + int.from_bytes(self._waiting[start : start + _LENGTH_BYTES])
        if len(self._waiting) < end:
            return None
        kind = self._waiting[0] if self._greeted else 0
        body = bytes(self._waiting[start + _LENGTH_BYTES : end])
        del self._waiting[:end]
        self._greeted = True
        return kind, body


class Relay:
    """Stands before the server at `target`, a libpq URL with a socket's folder; see `relayed`."""

    def __init__(self, target: str, folder: Path) -> None:
        self._there = str(Path(parse_qs(urlsplit(target).query)["host"][0]) / _SOCKET)
        self._here = folder / _SOCKET
        self.url = f"{target.partition('?')[0]}?host={quote(str(folder))}"
        self.cuts = 0
        self._next_cut: Cut | None = None
        self._serving = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None

    def cut_next(self, how: Cut) -> None:
        """Cut the next connection that commits positions; `cuts` counts the cuts made."""
        self._next_cut = how

    def take_cut(self) -> Cut | None:
        """Return, once, how to cut a connection that commits now."""
        how, self._next_cut = self._next_cut, None
        return how

    def run(self) -> None:
        """Serve in this thread until `stop`."""
        asyncio.run(self._serve())

    def await_serving(self) -> None:
        """Return when it listens."""
        if not self._serving.wait(_ANSWER_S):
            raise RuntimeError("the relay does not listen")

    def stop(self) -> None:
        """End `run` and every connection."""
        if self._loop is not None and self._ended is not None:
            self._loop.call_soon_threadsafe(self._ended.set)

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_unix_server(self._relay, self._here)
        self._serving.set()
        await self._ended.wait()
        server.close()

    async def _relay(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            server, on = await asyncio.open_unix_connection(self._there)
        except OSError:
            back.transport.abort()
            return
        connection = _Connection(self, client, back, server, on)
        try:
            await connection.run()
        finally:
            self.cuts += connection.is_cut
            for writer in (on, back):
                writer.transport.abort()


@dataclass(slots=True)
class _Connection:
    """One client and its backend."""

    relay: Relay
    client: asyncio.StreamReader
    back: asyncio.StreamWriter
    server: asyncio.StreamReader
    on: asyncio.StreamWriter
    is_cut: bool = False
    withheld: asyncio.Event | None = None

    async def run(self) -> None:
        """Pass on until one side ends, or the connection is cut."""
        both = [asyncio.create_task(self._pass_on()), asyncio.create_task(self._pass_back())]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)

    async def _pass_on(self) -> None:
        frontend = Frontend()
        while data := await self.client.read(_READ_BYTES):
            how = self.relay.take_cut() if frontend.commits(data) else None
            if how is None:
                self.on.write(data)
                await self.on.drain()
            else:
                await self._cut(how, data)
                return

    async def _cut(self, how: Cut, data: bytes) -> None:
        self.is_cut = True
        if how is Cut.BEFORE:
            return
        self.withheld = asyncio.Event()
        self.on.write(data)
        await self.on.drain()
        if how is Cut.AFTER:
            async with asyncio.timeout(_ANSWER_S):
                await self.withheld.wait()

    async def _pass_back(self) -> None:
        while data := await self.server.read(_READ_BYTES):
            if self.withheld is not None:
                self.withheld.set()
                continue
            self.back.write(data)
            await self.back.drain()


@contextmanager
def relayed(target: str) -> Iterator[Relay]:
    """Yield a relay before the server at this libpq URL; it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="gongche-relay-"))
    relay = Relay(target, folder)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        relay.await_serving()
        yield relay
    finally:
        relay.stop()
        thread.join()
        shutil.rmtree(folder)
