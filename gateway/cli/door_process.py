"""The terminals' door as a process."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, start_http_server

import fleet.tables  # noqa: F401  (every table that a terminal's refers to)
from gateway.cli.gateways import allow_many_files
from gateway.cli.running import stop_asked
from gateway.terminals.door import TerminalDoor
from kit.bus import Bus
from kit.database import check_fitness, open_engine, open_sessions
from kit.metrics import new_registry
from kit.servers.checks import ensure_port_free
from kit.settings import Settings

log = logging.getLogger(__name__)


async def serve_terminals(settings: Settings) -> None:
    """Listen to terminals until asked to stop; then commit, acknowledge, close.

    Raises DatabaseUnfit, PortTaken, PortForbidden before anything is opened.
    """
    engine = open_engine(settings.required_database_url, pool_size=5)
    await check_fitness(engine)
    bus = Bus(settings.required_redis_url)
    stop = stop_asked()
    _collect_seldom()
    log.info("links that this process may hold", extra={"links": allow_many_files()})
    registry = new_registry()
    with _metrics_served(registry, settings):
        async with TerminalDoor(settings, open_sessions(engine), bus, registry):
            await stop.wait()
    await bus.close()
    await engine.dispose()


def _collect_seldom() -> None:
    """Let the collector of cycles pass over what stands, and look for new ones seldom.

    The position path makes none; searching among the objects of thousands of links for them took
    a third of the CPU time of a position.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@contextmanager
def _metrics_served(registry: CollectorRegistry, settings: Settings) -> Iterator[None]:
    """Answer on the port of metrics, if one is set, from a thread of its own."""
    port = settings.gateway_metrics_port
    if not port:
        yield
        return
    ensure_port_free(settings.host, port)
    server, thread = start_http_server(port, settings.host, registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
