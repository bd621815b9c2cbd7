"""Where faults happen: one system for all that leave it whole, and one load after another."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from kit.clock import utc_now
from loadtests.breakable import BreakableSystem, breakable_system
from loadtests.faults.kills import LEASE_S
from loadtests.faults.load import Drive, Load
from loadtests.faults.register import Numbers, enrol, numbers
from loadtests.faults.scene import Scene
from loadtests.faults.servers import PATIENCE_S

PROCESSES = ("gateway", "gateway 2", "api", "worker", "worker 2")
SETTINGS = {
    "GONGCHE_COMMIT_PATIENCE_S": str(PATIENCE_S),
    "GONGCHE_LEASE_S": str(LEASE_S),
}
_PLACE = (40.05, 110.05)
_BEFORE = timedelta(days=20)
_BETWEEN = timedelta(minutes=30)


@dataclass
class Hall:
    """A system that is opened when it is needed, the terminals in its register, and chance.

    every_s: seconds between two reports of a terminal
    """

    chance: Random
    who: Numbers = field(default_factory=lambda: numbers(40, 15, 2))
    every_s: float = 1.0
    _system: BreakableSystem | None = None
    _opened: ExitStack = field(default_factory=ExitStack)
    _next: Drive | None = None

    @contextmanager
    def scene(self) -> Iterator[Scene]:
        """Yield the system under a load of its own; after a failure it is not used again."""
        system = self._system or self._open()
        try:
            with self.under_load(system, self.who) as scene:
                yield scene
        except BaseException:
            self.close()
            raise

    @contextmanager
    def under_load(self, system: BreakableSystem, who: Numbers) -> Iterator[Scene]:
        """Yield a system under a load that drives on from where the last one ended."""
        drive = self._next or Drive(_days_ago(), _PLACE, self.every_s)
        load = Load(
            system.system.jt808_port,
            who.storing,
            drive,
            seed=self.chance.randrange(1 << 32),
            forgetful=who.forgetful,
            quiet=who.quiet[:1],
            spare=who.quiet[1:],
        )
        try:
            with load:
                yield Scene(system, load, self.chance)
        finally:
            self._next = load.next_drive(_BETWEEN)

    def close(self) -> None:
        """End the system, if there is one; another is opened when it is needed."""
        self._opened.close()
        self._system = None

    def _open(self) -> BreakableSystem:
        sys.stderr.write("starting a system …\n")
        folder = self._opened.enter_context(data_folder())
        self._system = self._opened.enter_context(system_in(folder, self.who, SETTINGS))
        return self._system


@contextmanager
def system_in(folder: Path, who: Numbers, settings: Mapping[str, str]) -> Iterator[BreakableSystem]:
    """Yield a whole system whose files stand in `folder`, with these terminals in its register."""
    since = _days_ago() - timedelta(days=1)
    with breakable_system(
        folder, lambda url: enrol(url, who, since), processes=PROCESSES, settings=settings
    ) as system:
        yield system


@contextmanager
def data_folder() -> Iterator[Path]:
    """Yield a folder that root's servers can reach, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gongche-faults-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _days_ago() -> datetime:
    return utc_now().replace(microsecond=0) - _BEFORE
