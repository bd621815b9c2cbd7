"""The listening sockets of one address, shared with other processes on the same port."""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable

log = logging.getLogger(__name__)

_BACKLOG = 1024
_AT_ONCE = 128
"""Connections accepted before the loop does other work."""
_REST_S = 1.0
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

Accepted = Callable[[socket.socket, str], None]


class Listener:
    """Accepts connections and hands each on with its peer's address."""

    def __init__(self, sockets: list[socket.socket], accepted: Accepted) -> None:
        self._sockets, self._accepted = sockets, accepted
        self._loop = asyncio.get_running_loop()
        self._resting: dict[socket.socket, asyncio.TimerHandle] = {}
        for one in sockets:
            self._listen(one)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        port: int = self._sockets[0].getsockname()[1]
        return port

    def close(self) -> None:
        """Accept nothing more."""
        for handle in self._resting.values():
            handle.cancel()
        for one in self._sockets:
            self._loop.remove_reader(one.fileno())
            one.close()

    def _listen(self, one: socket.socket) -> None:
        self._loop.add_reader(one.fileno(), self._accept, one)

    def _accept(self, one: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            try:
                connection, peer = one.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                log.warning("a connection was not accepted", extra={"error": str(error)})
                if error.errno not in _FULL:
                    continue  # its own trouble, as of a network that went down: accept(2)
                # Whoever waits in the backlog is served when links have ended.
                self._loop.remove_reader(one.fileno())
                self._resting[one] = self._loop.call_later(_REST_S, self._listen, one)
                return
            self._accepted(connection, peer[0])


async def listen(host: str, port: int, accepted: Accepted) -> Listener:
    """Listen on every address of `host`; port 0 takes a free one. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    opened: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            try:
                one = socket.socket(family, kind, protocol)
            except OSError:
                continue  # a host may have names of a family that its kernel has not
            opened.append(one)
            one.setblocking(False)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            # All addresses of a host share the port that the first was given.
            chosen = port or (opened[0].getsockname()[1] if len(opened) > 1 else 0)
            one.bind((address[0], chosen, *address[2:]))
            one.listen(_BACKLOG)
    except OSError:
        for one in opened:
            one.close()
        raise
    if not opened:
        raise OSError(errno.EADDRNOTAVAIL, f"no address of {host} can be listened on")
    return Listener(opened, accepted)
