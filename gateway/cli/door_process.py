"""The terminals' door as a process."""

from gateway.cli.running import stop_asked
from gateway.terminals.door import TerminalDoor
from kit.bus import Bus
from kit.database import check_fitness, open_engine, open_sessions
from kit.metrics import new_registry
from kit.settings import Settings


async def serve_terminals(settings: Settings) -> None:
    """Listen to terminals until asked to stop; then commit, acknowledge, close."""
    engine = open_engine(settings.required_database_url, pool_size=5)
    await check_fitness(engine)
    bus = Bus(settings.required_redis_url)
    stop = stop_asked()
    async with TerminalDoor(settings, open_sessions(engine), bus, new_registry()):
        await stop.wait()
    await bus.close()
    await engine.dispose()
