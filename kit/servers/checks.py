"""What is checked before anything starts, so that trouble is one sentence and not a trace."""

import errno
import socket

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

from kit.servers.errors import BusUnreachable, DatabaseUnreachable, PortForbidden, PortTaken

_PATIENCE_S = 5


def ensure_port_free(host: str, port: int) -> None:
    """Raise PortTaken or PortForbidden when a TCP listener can't be opened at `host`:`port`.

    Port 0 means any free one and is never taken.
    """
    try:
        addresses = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except socket.gaierror as error:
        raise PortForbidden(host=host, port=port, reason=error.strerror) from error
    for family, kind, protocol, _, address in addresses:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                refusal = PortTaken if error.errno == errno.EADDRINUSE else PortForbidden
                raise refusal(host=host, port=port, reason=error.strerror) from error


def ensure_database_reachable(url: str) -> None:
    """Raise DatabaseUnreachable when `url` gives no connection; its password is not told."""
    address = make_url(url)
    try:
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, connect_timeout=_PATIENCE_S):
            return
    except psycopg.Error as error:
        shown = address.render_as_string(hide_password=True)
        raise DatabaseUnreachable(url=shown, reason=_one_line(error)) from error


def ensure_bus_reachable(url: str) -> None:
    """Raise BusUnreachable when the bus at `url` doesn't answer; its password is not told."""
    try:
        with Redis.from_url(url, socket_timeout=_PATIENCE_S) as client:
            client.ping()
    except (RedisError, OSError, ValueError) as error:
        shown = url.rpartition("@")[2]
        raise BusUnreachable(url=shown, reason=_one_line(error)) from error


def _one_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
