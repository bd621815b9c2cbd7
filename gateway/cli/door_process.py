"""The terminals' door as a process."""

import asyncio
import logging
import os
import socket

import fleet.tables  # noqa: F401  (every table that a terminal's refers to)
from gateway.cli.collecting import collect_seldom
from gateway.cli.gateways import allow_many_files
from gateway.cli.running import stop_asked
from gateway.cli.telling import metrics_served
from gateway.terminals.beats import BEAT_EVERY_S, beat
from gateway.terminals.door import TerminalDoor
from gateway.terminals.figures import door_figures
from kit.bus import Bus
from kit.database import check_fitness, open_engine, open_sessions
from kit.ending import pause
from kit.figures import bus_figures
from kit.metrics import Figures, new_registry
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
    collect_seldom()
    log.info("links that this process may hold", extra={"links": allow_many_files()})
    registry = new_registry()
    with metrics_served(registry, settings.host, settings.gateway_metrics_port):
        async with TerminalDoor(settings, open_sessions(engine), bus, registry) as door:
            registry.register(Figures((*door_figures(door, bus), *bus_figures(bus))))
            beating = asyncio.create_task(_beat(bus, door))
            # A door whose work has ended would hold links and store nothing: the process ends.
            await door.until(stop)
            beating.cancel()
    await bus.close()
    await engine.dispose()


async def _beat(bus: Bus, door: TerminalDoor) -> None:
    name = f"{socket.gethostname()}:{os.getpid()}"
    while True:
        await beat(bus, name, is_stalled=door.ingest.state.stalled)
        await pause(BEAT_EVERY_S)
