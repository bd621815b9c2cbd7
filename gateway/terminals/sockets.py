"""All connections of one process behind an epoll of our own, which the event loop sees as one file.

A transport of the event loop costs several times what the kernel asks for a segment of fifty bytes.
Here one round reads everything that is ready in one loop; between rounds the loop does its other
work. A round is bounded, and so is what it reads of one connection: nobody waits for the loudest.
"""

import asyncio
import logging
import select
import socket
import time
from collections.abc import Callable
from typing import Protocol

log = logging.getLogger(__name__)

_A_ROUND = 1024
"""Connections that one round serves."""
_A_READ = 8_192
"""Bytes that one round reads of one connection: at worst some hundred messages read one by one."""
_ROUND_S = 0.003
"""Between rounds while little comes: a turn of the event loop costs as much as reading a dozen
segments, and whoever comes after a silence is read at once."""
_MUCH = 128
"""Connections of a round, from which on the next follows without a rest."""
_READS, _WRITES = select.EPOLLIN, select.EPOLLOUT


class Receiver(Protocol):
    """What takes a connection's bytes."""

    def received(self, data: bytes) -> None:
        """Take what has arrived."""
        ...

    def ended(self) -> None:
        """Note that nothing more will come, and nothing more can be sent."""
        ...


class Connection:
    """One TCP connection: what is written and can't leave yet waits here, and stops the reading."""

    __slots__ = ("_held_back", "_last", "_sockets", "_waiting", "read", "receiver", "socket")

    receiver: Receiver

    def __init__(self, sockets: "Sockets", accepted: socket.socket) -> None:
        self.socket = accepted
        self.read = accepted.recv
        self._sockets = sockets
        self._waiting = b""
        self._held_back = False
        self._last = False

    @property
    def is_open(self) -> bool:
        """Whether anything can be written."""
        return self.socket.fileno() >= 0

    def write(self, data: bytes) -> None:
        """Send, at once if the peer takes it."""
        if self._waiting:
            self._waiting += data
            return
        try:
            sent = self.socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            # The peer is gone; the next round reads it.
            return
        if sent < len(data):
            self._waiting = data[sent:]
            self._listen()

    def flush(self) -> None:
        """Send what waits, now that the peer takes something."""
        data, self._waiting = self._waiting, b""
        if data:
            self.write(data)
        if not self._waiting:
            if self._last:
                self.close()
            else:
                self._listen()

    def hold_back(self) -> None:
        """Read nothing more for now."""
        self._held_back = True
        self._listen()

    def read_on(self) -> None:
        """Read again."""
        self._held_back = False
        self._listen()

    def end(self) -> None:
        """Close when what waits has been sent."""
        self._last = True
        if not self._waiting:
            self.close()

    def close(self) -> None:
        """Close at once; its receiver is not told."""
        self._sockets.forget(self)

    def _listen(self) -> None:
        if self.is_open:
            reads = not self._held_back and not self._waiting
            self._sockets.watch(self, _READS * reads | _WRITES * bool(self._waiting))


class Sockets:
    """The connections of one process, read by the running event loop.

    at_us, at_s: when the round began: microseconds since 1970, and seconds of the loop's clock
    reads, octets: how many reads there were, and what they brought
    """

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._connections: dict[int, Connection] = {}
        self._loop = asyncio.get_running_loop()
        self._next: asyncio.Handle | None = None
        self.at_us, self.at_s = time.time_ns() // 1000, self._loop.time()
        self.reads = self.octets = 0

    def open(self) -> None:
        """Begin to read."""
        self._loop.add_reader(self._poll.fileno(), self._wake)

    def close(self) -> None:
        """Close all connections, and read no more."""
        self._loop.remove_reader(self._poll.fileno())
        if self._next is not None:
            self._next.cancel()
        for connection in list(self._connections.values()):
            self.forget(connection)
        self._poll.close()

    def add(self, accepted: socket.socket, serve: Callable[[Connection], Receiver]) -> None:
        """Take a connection over; `serve` returns what takes its bytes."""
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(self, accepted)
        self._connections[accepted.fileno()] = connection
        self._poll.register(accepted.fileno(), _READS)
        connection.receiver = serve(connection)

    def watch(self, connection: Connection, events: int) -> None:
        """Ask to be told of these events of a connection."""
        self._poll.modify(connection.socket.fileno(), events)

    def forget(self, connection: Connection) -> None:
        """Close a connection."""
        if connection.is_open:
            # Closing takes it out of the epoll as well (epoll(7), question 6).
            del self._connections[connection.socket.fileno()]
            connection.socket.close()

    def _wake(self) -> None:
        """Begin rounds, which follow one another until one finds nothing."""
        self._loop.remove_reader(self._poll.fileno())
        self._round()

    def _round(self) -> None:
        ready = self._poll.poll(0, _A_ROUND)
        if not ready:
            self._next = None
            self.open()
            return
        rest_s = 0.0 if len(ready) >= _MUCH else _ROUND_S
        self._next = self._loop.call_later(rest_s, self._round)
        self._read(ready)

    def _read(self, ready: list[tuple[int, int]]) -> None:
        self.at_us, self.at_s = time.time_ns() // 1000, self._loop.time()
        connections = self._connections
        octets = reads = 0
        for number, events in ready:
            connection = connections.get(number)
            if connection is None:
                continue  # closed earlier in this round
            if events == _WRITES:
                connection.flush()
                continue
            try:
                data = connection.read(_A_READ)
            except (BlockingIOError, InterruptedError):
                continue
            except OSError:
                data = b""
            octets += len(data)
            reads += 1
            try:
                if data:
                    connection.receiver.received(data)
                else:
                    self._end(connection)
            except Exception:
                # One connection's trouble is not the others'.
                log.exception("a connection failed")
                self._end(connection)
        self.reads += reads
        self.octets += octets

    def _end(self, connection: Connection) -> None:
        self.forget(connection)
        connection.receiver.ended()
