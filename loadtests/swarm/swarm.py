"""The whole swarm: some processes that start together, and what they saw, added up."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, cast

from loadtests.swarm.pump import Pumped, Task

_ANSWER_S = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What the swarm sends: each of `links` terminals `frames` positions.

    frames_a_segment: 1 for terminals that report live, more for a backfill
    since: the first position's time
    """

    links: int
    frames: int
    frames_a_segment: int
    since: datetime
    processes: int = 2

    @property
    def positions(self) -> int:
        """How many positions the swarm has."""
        return self.links * self.frames


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the swarm saw; latencies from a segment's sending to its last answer."""

    sent: int
    acknowledged: int
    refused: int
    repeated: int
    unread: int
    links_lost: int
    wall_s: float
    cpu_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def whole(self) -> bool:
        """Whether every position was acknowledged once, and nothing else was said."""
        return self.acknowledged == self.sent and not (
            self.refused or self.repeated or self.unread or self.links_lost
        )


class Swarm:
    """Processes whose links are greeted and wait."""

    def __init__(self, processes: list["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def run(self) -> Outcome:
        """Let every process send what it has; return the sum."""
        for process in self._processes:
            stream = cast(IO[str], process.stdin)
            stream.write("go\n")
            stream.flush()
        return _sum([Pumped(**json.loads(_line(process))) for process in self._processes])


@contextmanager
def greeted(port: int, load: Load) -> Iterator[Swarm]:
    """Yield a swarm whose links stand; its processes are ended afterwards."""
    share = -(-load.links // load.processes)
    processes: list[subprocess.Popen[str]] = []
    try:
        for first in range(0, load.links, share):
            links = min(share, load.links - first)
            task = Task(
                port, first, links, load.frames, load.frames_a_segment,
                load.since.isoformat(), _ANSWER_S, f"127.0.0.{2 + len(processes)}",
            )  # fmt: skip
            processes.append(_started(task))
        for process in processes:
            if _line(process).strip() != "ready":
                raise RuntimeError("a process of the swarm could not greet")
        yield Swarm(processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _started(task: Task) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtests.swarm.pump"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stream = cast(IO[str], process.stdin)
    stream.write(json.dumps(asdict(task)) + "\n")
    stream.flush()
    return process


def _line(process: "subprocess.Popen[str]") -> str:
    return cast(IO[str], process.stdout).readline()


def _sum(parts: list[Pumped]) -> Outcome:
    latencies_us = [one for part in parts for one in part.latencies_us]
    cuts = statistics.quantiles(latencies_us, n=100) if len(latencies_us) > 1 else [0.0] * 99
    return Outcome(
        sent=sum(part.sent for part in parts),
        acknowledged=sum(part.acknowledged for part in parts),
        refused=sum(part.refused for part in parts),
        repeated=sum(part.repeated for part in parts),
        unread=sum(part.unread for part in parts),
        links_lost=sum(part.links_lost for part in parts),
        wall_s=max(part.wall_s for part in parts),
        cpu_s=sum(part.cpu_s for part in parts),
        p50_ms=cuts[49] / 1000,
        p95_ms=cuts[94] / 1000,
        p99_ms=cuts[98] / 1000,
    )
