"""A running system that a test may break: every part of it can be killed, frozen and started."""

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

from kit.database import migrate
from kit.servers import EmbeddedPostgres, EmbeddedValkey
from kit.servers.processes import processes_of
from tests.support.seeding import seed
from tests.support.servers import server_folder
from tests.support.system import PROCESSES, RunningSystem, running_system
from tests.support.waiting import eventually
from tests.support.world import World

SERVERS = ("postgresql", "valkey")


@dataclass
class BreakableSystem:
    """The system, and the servers that it stands on."""

    system: RunningSystem
    world: World
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey

    def signal_server(self, name: str, number: signal.Signals) -> None:
        """Send a signal to every process of a server."""
        for pid in self._pids(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self, name: str) -> None:
        """End a server or a process of ours with SIGKILL."""
        if name in SERVERS:
            self.signal_server(name, signal.SIGKILL)
            server = self._server(name)
            eventually(lambda: not server.is_running())
        else:
            self.system.kill(name)

    def start(self, name: str) -> None:
        """Start what was killed, and wait until it is ready."""
        if name in SERVERS:
            self._server(name).start()
        else:
            self.system.start(name)

    def mend(self) -> None:
        """Start whatever is missing."""
        for name in SERVERS:
            self.start(name)
        for name in PROCESSES:
            if name not in self.system.processes:
                self.start(name)

    def _server(self, name: str) -> EmbeddedPostgres | EmbeddedValkey:
        return self.postgres if name == "postgresql" else self.valkey

    def _pids(self, name: str) -> list[int]:
        if name == "valkey":
            return processes_of("valkey-server", self.valkey.home / "work")
        return processes_of("postgres", self.postgres.cluster)


@contextlib.contextmanager
def breakable_system(commit_patience_s: int) -> Iterator[BreakableSystem]:
    """Yield a system with the small world on servers of its own."""
    with server_folder() as folder, contextlib.ExitStack() as stack:
        postgres, valkey = EmbeddedPostgres(folder), EmbeddedValkey(folder)
        for server in (postgres, valkey):
            server.start()
            stack.callback(server.stop)
        migrate(postgres.url())
        world = seed(postgres.url())
        settings = {
            "GONGCHE_COMMIT_PATIENCE_S": str(commit_patience_s),
            "GONGCHE_LEASE_S": "4",
        }
        with running_system(postgres.url(), valkey.url(), settings=settings) as system:
            yield BreakableSystem(system, world, postgres, valkey)
