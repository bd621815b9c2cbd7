"""One non-blocking socket of the paced swarm: bytes out, the chunks between flags in."""

import select
import socket
import struct

_FLAG = b"\x7e"
_RECEIVED = 65_536
_AT_ONCE = struct.pack("ii", 1, 0)


class Link:
    """A connection that is opening or open; it watches its socket in an epoll of the swarm.

    What the socket does not take yet waits, and is written when it can be.
    """

    __slots__ = ("_left", "_poll", "_socket", "_waiting")

    def __init__(self, poll: select.epoll, source: str, port: int) -> None:
        self._poll = poll
        self._waiting = b""
        self._left = b""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Several processes of the swarm bind many sockets: the port is chosen when it connects.
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
        self._socket.bind((source, 0))
        self._socket.connect_ex(("127.0.0.1", port))
        poll.register(self._socket, select.EPOLLIN | select.EPOLLOUT)

    def fileno(self) -> int:
        """Return the file descriptor, by which epoll tells about this link."""
        return self._socket.fileno()

    def send(self, data: bytes) -> None:
        """Write, or let wait what can't be written; a broken link is told by `receive`."""
        if self._waiting:
            self._waiting += data
            return
        try:
            taken = self._socket.send(data)
        except BlockingIOError:
            taken = 0
        except OSError:
            return
        if taken < len(data):
            self._waiting = data[taken:]
            self._poll.modify(self._socket, select.EPOLLIN | select.EPOLLOUT)

    def flush(self) -> None:
        """Write what waits: the socket takes something again."""
        waiting, self._waiting = self._waiting, b""
        self._poll.modify(self._socket, select.EPOLLIN)
        if waiting:
            self.send(waiting)

    def receive(self) -> list[bytes] | None:
        """Return the chunks that have come whole; None when the link has ended."""
        try:
            data = self._socket.recv(_RECEIVED)
        except BlockingIOError:
            return []
        except OSError:
            return None
        if not data:
            return None
        *chunks, self._left = (self._left + data).split(_FLAG)
        return [chunk for chunk in chunks if chunk]

    def close(self) -> None:
        """End the link in order."""
        self._socket.close()

    def reset(self) -> None:
        """End the link at once: what is on its way is lost."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._socket.close()

    def abandon(self) -> None:
        """Hear nothing of it any more, and leave it open: the platform finds out by itself."""
        self._poll.unregister(self._socket)
