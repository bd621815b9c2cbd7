"""The port on which a process without HTTP of its own tells its metrics."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, start_http_server

from kit.servers.checks import ensure_port_free


@contextmanager
def metrics_served(registry: CollectorRegistry, host: str, port: int) -> Iterator[None]:
    """Answer on the port of metrics from a thread of its own, unless the port is 0.

    Raises PortTaken, PortForbidden.
    """
    if not port:
        yield
        return
    ensure_port_free(host, port)
    server, thread = start_http_server(port, host, registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
