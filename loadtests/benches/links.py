"""Terminals held: 100,000 links over several gateways on one port, each heartbeat answered.

Every process may open 20,000 files on common machines, so that gateways and swarm are several
processes each, and the swarm comes from many addresses of loopback. All terminals are known by
their numbers. GONGCHE_BENCH_LINKS sets another number of links, for a try on a busy machine.
"""

import os
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from loadtests.kernel import KernelMemory, kernel_memory
from loadtests.measuring import Figure, Place
from loadtests.peers.gateways import Gateways, gateways
from loadtests.processes import memory_pss_kb, tree_cpu_s
from loadtests.swarm.pace import Pace
from loadtests.swarm.pacing import Account, EnteredSwarm, entered

LINKS = int(os.environ.get("GONGCHE_BENCH_LINKS", "100000"))
PROCESSES = 7
_HELD_AT_MOST_MIB = 1_700.0
_EVERY_S = 20
_BEATS = 2
_IDLE_S = 10.0


@dataclass(frozen=True, slots=True)
class Held:
    """What was measured while all links stood."""

    entered_s: float
    entering_cpu_s: float
    empty_kb: int
    full_kb: int
    kernel: KernelMemory
    idle_cpu_s: float
    beating_cpu_s: float
    account: Account


def run(place: Place) -> list[Figure]:
    """Connect all, let them be, let them beat."""
    settings = {
        # The swarm connects all at once, from a few addresses of loopback.
        "GONGCHE_READMISSION_LINKS_PER_S": str(LINKS),
        "GONGCHE_LINKS_PER_ADDRESS": str(LINKS),
    }
    _allow_many_files()
    for name, value in settings.items():
        sys.stderr.write(f"  {name} = {value}\n")
    pace = Pace(LINKS, LINKS / _EVERY_S, _BEATS * _EVERY_S, PROCESSES, beating=True, enter_s=180.0)
    with gateways(place, PROCESSES, LINKS, settings) as ours:
        empty_kb, kernel, spent = _memory_kb(ours.pids), kernel_memory(), _cpu_s(ours.pids)
        with entered(ours.port, pace) as swarm:
            entering_cpu_s = _cpu_s(ours.pids) - spent
            held = _hold(ours, swarm, entering_cpu_s, empty_kb, kernel)
    return _figures(held)


def _hold(
    ours: Gateways, swarm: EnteredSwarm, entering_cpu_s: float, empty_kb: int, before: KernelMemory
) -> Held:
    spent = _cpu_s(ours.pids)
    time.sleep(_IDLE_S)
    idle_cpu_s = _cpu_s(ours.pids) - spent
    account = swarm.run()
    beating_cpu_s = _cpu_s(ours.pids) - spent - idle_cpu_s
    counts = account.counts
    if counts.beats_answered != LINKS * _BEATS or counts.wrong_answers or counts.links_lost:
        raise RuntimeError(f"not every heartbeat was answered once: {counts}")
    sys.stderr.write(
        f"  {counts.beats:,} heartbeats; the swarm took {account.cpu_s:.1f} s of CPU, and was "
        f"{account.lag_p99_ms:.0f} ms late at most in 99 of 100\n"
    )
    return Held(
        swarm.entered_s, entering_cpu_s, empty_kb, _memory_kb(ours.pids),
        kernel_memory() - before, idle_cpu_s, beating_cpu_s, account,
    )  # fmt: skip


def _figures(held: Held) -> list[Figure]:
    beats = held.account.counts.beats
    return [
        Figure("links, all known, every heartbeat answered", LINKS, "links"),
        Figure("gateway processes", PROCESSES, ""),
        Figure("gateways' memory (PSS)", held.full_kb / 1024, "MiB", at_most=_HELD_AT_MOST_MIB),
        Figure("  of it without links", held.empty_kb / 1024, "MiB"),
        Figure("  of it a link", (held.full_kb - held.empty_kb) / LINKS, "KiB"),
        Figure("kernel, both ends: slab a link", held.kernel.slab_kb / LINKS, "KiB"),
        Figure("kernel, both ends: buffers of TCP", held.kernel.buffers_kb / 1024, "MiB"),
        Figure("connected and known within", held.entered_s, "s"),
        Figure("gateways' CPU to let a link in", 1e6 * held.entering_cpu_s / LINKS, "µs"),
        Figure("gateways' CPU while nothing comes", 100 * held.idle_cpu_s / _IDLE_S, "% of a core"),
        Figure("gateways' CPU a heartbeat", 1e6 * held.beating_cpu_s / beats, "µs"),
        Figure("p50 of a heartbeat", held.account.latencies[0], "ms"),
        Figure("p99 of a heartbeat", held.account.p99_ms, "ms"),
    ]


def _memory_kb(pids: Sequence[int]) -> int:
    return sum(map(memory_pss_kb, pids))


def _cpu_s(pids: Sequence[int]) -> float:
    return sum(map(tree_cpu_s, pids))


def _allow_many_files() -> None:
    """Let the processes that this one starts open as many files as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most != resource.RLIM_INFINITY and most - 500 < LINKS / PROCESSES:
        raise RuntimeError(f"{LINKS:,} links need more than {most:,} files a process")
