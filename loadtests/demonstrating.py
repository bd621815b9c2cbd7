"""A whole system of its own on loopback, with the city and the people of the demo."""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import fleet.tables  # noqa: F401  (every table that others refer to)
from demo.prepare import prepare
from kit.database import open_engine, open_sessions
from kit.servers.valkey import EmbeddedValkey
from kit.settings import Settings
from loadtests.measuring import measuring_place
from loadtests.system import running_system


@dataclass(frozen=True, slots=True)
class System:
    """Where a running system is.

    database_url: None where nobody can look into its database
    pids: its processes by name, where they are known
    """

    base_url: str
    jt808_port: int
    database_url: str | None
    pids: Mapping[str, int] = field(default_factory=dict)


@contextmanager
def demo_system() -> Iterator[System]:
    """Yield a system that is gone afterwards. Nobody is at work in it yet."""
    with measuring_place() as place:
        url = place.fresh_database()
        valkey = EmbeddedValkey(place.folder)
        valkey.start()
        try:
            told = Settings(
                database_url=url, redis_url=valkey.url(), data_dir=place.folder, demo=True
            )
            asyncio.run(_prepare(told))
            ours = {
                "GONGCHE_DATA_DIR": str(place.folder),
                "GONGCHE_DEMO": "true",
            }
            with running_system(url, valkey.url(), settings=ours) as system:
                pids = {name: process.pid for name, process in system.processes.items()}
                yield System(system.base_url, system.jt808_port, url, pids)
        finally:
            valkey.stop()


async def _prepare(settings: Settings) -> None:
    engine = open_engine(settings.required_database_url)
    try:
        await prepare(settings, open_sessions(engine), _say)
    finally:
        await engine.dispose()


def _say(line: str) -> None:
    sys.stderr.write(f"  {line}\n")
