"""A running system that may be broken: every part of it can be killed, frozen and started."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg

from kit.database import migrate
from kit.servers import EmbeddedPostgres, EmbeddedValkey
from kit.servers.processes import processes_of
from loadtests.system import PROCESSES, RunningSystem, running_system
from loadtests.waiting import eventually

SERVERS = ("postgresql", "valkey")


@dataclass
class BreakableSystem:
    """The system, and the servers that it stands on.

    processes: which processes of ours belong to it, so that `mend` knows what is missing
    """

    system: RunningSystem
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    processes: Sequence[str] = PROCESSES

    @property
    def parts(self) -> tuple[str, ...]:
        """Everything that can be killed, by name."""
        return (*self.processes, *SERVERS)

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
            eventually(lambda: not server.is_running(), what=f"the end of {name}")
        else:
            self.system.kill(name)

    def kill_backend(self, chance: Random) -> None:
        """End one client's backend of PostgreSQL with SIGKILL; the postmaster restarts them all."""
        with psycopg.connect(self.postgres.plain_url()) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchall()
        os.kill(chance.choice(rows)[0], signal.SIGKILL)

    def start(self, name: str) -> None:
        """Start what was killed, and wait until it is ready; nothing when it runs."""
        if name in SERVERS:
            self._server(name).start()
        elif name not in self.system.processes:
            self.system.start(name)

    def mend(self) -> None:
        """Start whatever is missing, and what has ended by itself."""
        for name, process in list(self.system.processes.items()):
            if process.poll() is not None:
                del self.system.processes[name]
        for name in (*SERVERS, *self.processes):
            self.start(name)

    def _server(self, name: str) -> EmbeddedPostgres | EmbeddedValkey:
        return self.postgres if name == "postgresql" else self.valkey

    def _pids(self, name: str) -> list[int]:
        if name == "valkey":
            return processes_of("valkey-server", self.valkey.home / "work")
        return processes_of("postgres", self.postgres.cluster)


@contextlib.contextmanager
def breakable_system(
    folder: Path,
    prepare: Callable[[str], None],
    *,
    processes: Sequence[str] = PROCESSES,
    settings: Mapping[str, str] | None = None,
) -> Iterator[BreakableSystem]:
    """Yield a system on servers of its own, whose files stand in `folder`.

    prepare: fills the database of the newest schema, by its URL, before anything is started
    """
    with contextlib.ExitStack() as stack:
        postgres, valkey = EmbeddedPostgres(folder), EmbeddedValkey(folder)
        for server in (postgres, valkey):
            server.start()
            stack.callback(server.stop)
        migrate(postgres.url())
        prepare(postgres.url())
        system = stack.enter_context(
            running_system(postgres.url(), valkey.url(), processes=processes, settings=settings)
        )
        yield BreakableSystem(system, postgres, valkey, processes)
