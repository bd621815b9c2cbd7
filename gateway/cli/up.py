"""`gongche up`: the whole system on one machine, with servers of its own where no URL is set.

PostgreSQL and Valkey from their wheels, then the migration, then the terminals' door, the API and
the worker, each a supervised process. Ctrl-C stops all in reverse order.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Annotated

import typer

from fleet.identity.first_start import FIRST_ADMINISTRATOR, ensure_first_administrator
from gateway.cli.backup import migrate_safely
from gateway.cli.gateways import links_held, told_apart, workers_told_apart
from gateway.cli.links import tell_link
from gateway.cli.running import read_settings
from kit import database
from kit.child_process import ChildFailed, ChildProcess, Command
from kit.clock import utc_now
from kit.readiness import Readiness, ReadyLine, ReadyPort, until_ready
from kit.servers import DataFolder, EmbeddedPostgres, EmbeddedValkey
from kit.servers.checks import (
    ensure_bus_reachable,
    ensure_database_reachable,
    ensure_port_free,
)
from kit.servers.service import ServerService
from kit.settings import Settings
from kit.supervisor import Service, Supervisor

WORKER_READY = "worker is ready"
DOORS_OPEN_S = 90.0


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="with an invented city, fleet and people")
    ] = False,
) -> None:
    """Start everything, keep it running, stop it in order on Ctrl-C."""
    settings = read_settings()
    if demo:
        settings = settings.model_copy(update={"demo": True})
    ensure_port_free(settings.host, settings.http_port)
    ensure_port_free(settings.host, settings.jt808_port)
    with DataFolder(settings.data_dir):
        asyncio.run(_up(settings))


async def _up(settings: Settings) -> None:
    supervisor = Supervisor(list(_services(settings)), _say)
    _say(f"{settings.gateways} gateway(s) can hold {links_held(settings):,} terminals")
    await supervisor.run(on_ready=lambda: _say(f"Gongche is ready: {settings.public_url}"))


def _services(settings: Settings) -> Iterator[Service]:
    """Yield what runs, in the order in which it is started."""
    database_url, redis_url = settings.database_url, settings.redis_url
    if database_url is None:
        postgres = EmbeddedPostgres(settings.data_dir)
        yield ServerService("postgresql", postgres)
        tell_database = postgres.url
    else:
        ensure_database_reachable(database_url)
        tell_database = partial(str, database_url)
    if redis_url is None:
        valkey = EmbeddedValkey(settings.data_dir)
        yield ServerService("valkey", valkey)
        tell_bus = valkey.url
    else:
        ensure_bus_reachable(redis_url)
        tell_bus = partial(str, redis_url)

    def told() -> Settings:
        return settings.model_copy(
            update={"database_url": tell_database(), "redis_url": tell_bus()}
        )

    yield Late("preparation", lambda: Preparation(told()))
    # These load at the same time, and are waited for together.
    for name in told_apart(settings):
        yield Late(name, partial(_gateway, name, told))
    yield Late("api", partial(_child, "api", told))
    for name in workers_told_apart(settings):
        yield Late(name, partial(_worker, name, told))
    yield Answering(settings.local_host, (settings.jt808_port, settings.http_port))
    if settings.demo:
        yield Late("demonstrate", partial(_child, "demonstrate", told))


def _child(command: str, told: Callable[[], Settings]) -> ChildProcess:
    return _process(command, command, told(), None)


def _gateway(name: str, told: Callable[[], Settings]) -> ChildProcess:
    return _process(name, "gateway", told_apart(told())[name], None)


def _worker(name: str, told: Callable[[], Settings]) -> ChildProcess:
    return _process(name, "worker", workers_told_apart(told())[name], ReadyLine(WORKER_READY))


def _process(name: str, command: str, settings: Settings, ready: Readiness | None) -> ChildProcess:
    argv = [sys.executable, "-m", "gateway.cli", command]
    return ChildProcess(Command(name, argv, ready, _environment(settings)), _say)


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which a child reads these same settings."""
    told = {
        f"GONGCHE_{name.upper()}": str(value)
        for name, value in settings.model_dump(mode="json", exclude_none=True).items()
    }
    return {**os.environ, **told}


class Late:
    """A service that can be made only when those before it run: it needs their addresses."""

    def __init__(self, name: str, make: Callable[[], Service]) -> None:
        self.name = name
        self._make = make
        self._service: Service | None = None

    async def start(self) -> None:
        """Make the service, the first time, and start it."""
        self._service = self._service or self._make()
        await self._service.start()

    async def ended(self) -> str:
        """Wait until the service ends by itself."""
        assert self._service is not None
        return await self._service.ended()

    async def stop(self) -> None:
        """Stop the service, if it was made."""
        if self._service is not None:
            await self._service.stop()


class Answering:
    """Not a process: the moment at which every port answers."""

    name = "every door"

    def __init__(self, host: str, ports: Sequence[int]) -> None:
        self._host, self._ports = host, ports

    async def start(self) -> None:
        """Return when all ports answer. Raises ChildFailed when one stays closed too long."""
        try:
            async with asyncio.timeout(DOORS_OPEN_S):
                for port in self._ports:
                    await until_ready(ReadyPort(self._host, port), _no_lines)
        except TimeoutError as error:
            raise ChildFailed("a port stayed closed; the lines above say why") from error

    async def ended(self) -> str:
        """Never end by itself."""
        await asyncio.Event().wait()
        return ""

    async def stop(self) -> None:
        """There is nothing to stop."""


async def _no_lines() -> str:
    await asyncio.Event().wait()
    return ""


class Preparation:
    """Migrates, and makes what a first start needs; done before any process of ours starts."""

    name = "preparation"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def start(self) -> None:
        """Migrate; then make the first administrator, or the demo's world."""
        url = self._settings.required_database_url
        for line in await asyncio.to_thread(migrate_safely, self._settings, url):
            _say(line)
        engine = database.open_engine(url)
        try:
            await database.check_fitness(engine)
            sessions = database.open_sessions(engine)
            if self._settings.demo:
                from demo.prepare import prepare

                await prepare(self._settings, sessions, _say)
                return
            async with database.transaction(sessions) as session:
                link = await ensure_first_administrator(session, utc_now(), self._settings)
            if link is not None:
                tell_link(_say, f"First administrator {FIRST_ADMINISTRATOR}", link)
        finally:
            await engine.dispose()

    async def ended(self) -> str:
        """Never end by itself."""
        await asyncio.Event().wait()
        return ""

    async def stop(self) -> None:
        """There is nothing to stop."""


def _say(line: str) -> None:
    typer.echo(line)
