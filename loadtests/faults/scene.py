"""What a fault finds: a system under load, chance, and what it takes for all to be well again."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import psycopg

from loadtests.breakable import BreakableSystem
from loadtests.faults.load import Load
from loadtests.listening import listens
from loadtests.waiting import eventually

WELL_WITHIN_S = 120.0
_AWAITED_POSITIONS = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """A system under load."""

    broken: BreakableSystem
    load: Load
    chance: Random

    @property
    def url(self) -> str:
        """The database's address, as libpq reads it."""
        return self.broken.postgres.plain_url()

    def named(self, command: str) -> list[str]:
        """Return the names of the processes of one kind."""
        return [name for name in self.broken.processes if name.partition(" ")[0] == command]

    def pids(self, names: Sequence[str]) -> list[int]:
        """Return the process ids of processes of ours."""
        return [self.broken.system.processes[name].pid for name in names]

    def value(self, query: str) -> int:
        """Return the one number that a query answers."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(query.encode()).fetchone()
            assert row is not None
            return int(row[0])

    def let_pass(self, at_least_s: float, at_most_s: float) -> None:
        """Let the load run: faults come at moments of chance, not when something happens."""
        time.sleep(self.chance.uniform(at_least_s, at_most_s))

    def await_served(self, positions: int | None = None) -> None:
        """Return when so many more positions are acknowledged (default: one of each terminal)."""
        wanted = len(self.load.acknowledged) + (positions or self.load.terminals)
        eventually(
            lambda: len(self.load.acknowledged) >= wanted, WELL_WITHIN_S, "an acknowledgement"
        )

    def await_shut(self, within_s: float, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Return when no gateway listens and no terminal has a link; do something until then."""
        pids, port = self.pids(self.named("gateway")), self.broken.system.jt808_port

        def is_shut() -> bool:
            meanwhile()
            return self.load.entered == 0 and not any(listens(pid, port) for pid in pids)

        eventually(is_shut, within_s, "the door's closing")

    def await_well(self) -> None:
        """Return when everybody has a link, what was kept is delivered, and the API is well."""
        load = self.load
        eventually(lambda: load.entered == load.terminals, WELL_WITHIN_S, "everybody's link")
        few = _AWAITED_POSITIONS * load.terminals
        eventually(lambda: load.waiting <= few, WELL_WITHIN_S, "delivery of what was kept")
        self.await_served()
        eventually(self._is_healthy, WELL_WITHIN_S, "health of the API")

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(  # noqa: S310  (an address of loopback)
                f"{self.broken.system.base_url}/health", timeout=5
            ) as answer:
                told = json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return False
        return bool(told["database"] == "ok" and told["bus"] == "ok")
