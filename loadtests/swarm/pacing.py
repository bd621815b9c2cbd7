"""The whole paced swarm: its processes enter together, start at one instant, and are added up."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from loadtests.swarm.counts import Counts
from loadtests.swarm.pace import Pace
from loadtests.swarm.paced import PacedTask, Part

_MAKING_S = 150e-6
"""Seconds that a process takes to make one position, about."""
_SURE_S = 1.0


@dataclass(frozen=True, slots=True)
class Account:
    """What the swarm saw.

    latencies: from the moment at which something was due to its answer, in milliseconds: p50,
        p95, p99, and the longest; of what was sent at its time, not out of a store
    lag_p99_ms: how late the swarm itself was in sending
    cpu_s: CPU seconds of all its processes while they sent
    acknowledged: the identities of the acknowledged positions (journey.IDENTITY)
    """

    counts: Counts
    wall_s: float
    cpu_s: float
    latencies: tuple[float, float, float, float]
    lag_p99_ms: float
    acknowledged: NDArray[np.void]

    @property
    def p99_ms(self) -> float:
        """The latency that one of a hundred exceeds."""
        return self.latencies[2]


class EnteredSwarm:
    """Processes whose links stand and wait."""

    def __init__(
        self, processes: list["subprocess.Popen[str]"], pace: Pace, folder: Path, entered_s: float
    ) -> None:
        self._processes, self._pace, self._folder = processes, pace, folder
        self.entered_s = entered_s
        """Seconds from the first connection until the last link was known."""

    def run(self) -> Account:
        """Let every process send what comes due; return the sum. The links stay."""
        self.start()
        return self.finish()

    def start(self) -> float:
        """Let every process begin; return when the first message is due (Unix time)."""
        share = self._pace.rounds * -(-self._pace.links // self._pace.processes)
        making_s = 0.0 if self._pace.beating else share * _MAKING_S
        while True:
            start = time.time() + making_s + _SURE_S
            for process in self._processes:
                _tell(process, repr(start))
            _await(self._processes, "prepared")
            if time.time() < start - _SURE_S / 2:
                break
            # A machine that does much else: everything is made again, for a later hour.
            making_s = 2 * making_s + _SURE_S
        for process in self._processes:
            _tell(process, "go")
        return start

    def finish(self) -> Account:
        """Return, when all is answered, what every process saw, added up."""
        parts = [_part(_line(process)) for process in self._processes]
        return Account(
            counts=reduce(add, (part.counts for part in parts)),
            wall_s=max(part.wall_s for part in parts),
            cpu_s=sum(part.cpu_s for part in parts),
            latencies=_percentiles_ms(self._times_us("latencies")),
            lag_p99_ms=_percentiles_ms(self._times_us("lags"))[2],
            acknowledged=np.concatenate([np.load(one) for one in self._files("acknowledged")]),
        )

    def _times_us(self, name: str) -> NDArray[np.int64]:
        return np.concatenate([np.load(one) for one in self._files(name)])

    def _files(self, name: str) -> list[Path]:
        return sorted(self._folder.glob(f"{name}-*.npy"))


@contextmanager
def entered(port: int, pace: Pace) -> Iterator[EnteredSwarm]:
    """Yield a swarm whose links stand; its processes are ended afterwards."""
    processes: list[subprocess.Popen[str]] = []
    with tempfile.TemporaryDirectory(prefix="gongche-swarm-") as folder:
        try:
            for first in range(pace.processes):
                network = f"127.0.{1 + first}"
                processes.append(_started(PacedTask(port, first, network, folder, pace)))
            _await(processes, "built")
            begun = time.monotonic()
            for process in processes:
                _tell(process, "enter")
            _await(processes, "entered")
            yield EnteredSwarm(processes, pace, Path(folder), time.monotonic() - begun)
        finally:
            for process in processes:
                process.kill()
                process.wait()


def _started(task: PacedTask) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtests.swarm.paced"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    _tell(process, json.dumps(asdict(task)))
    return process


def _await(processes: list["subprocess.Popen[str]"], word: str) -> None:
    for process in processes:
        if _line(process).strip() != word:
            raise RuntimeError(f"a process of the swarm has never {word}")


def _tell(process: "subprocess.Popen[str]", line: str) -> None:
    stream = cast(IO[str], process.stdin)
    stream.write(line + "\n")
    stream.flush()


def _line(process: "subprocess.Popen[str]") -> str:
    return cast(IO[str], process.stdout).readline()


def _part(line: str) -> Part:
    if not line:
        raise RuntimeError("a process of the swarm has ended before it gave its account")
    told = json.loads(line)
    return Part(Counts(**told["counts"]), told["wall_s"], told["cpu_s"])


def _percentiles_ms(values_us: NDArray[np.int64]) -> tuple[float, float, float, float]:
    if not len(values_us):
        return 0.0, 0.0, 0.0, 0.0
    p50, p95, p99, most = np.percentile(values_us, (50, 95, 99, 100)) / 1000
    return float(p50), float(p95), float(p99), float(most)
