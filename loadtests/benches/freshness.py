"""How old a position is when a viewer of the live map has it: terminal sends, browser receives.

A province of 20,000 vehicles, half of them driving and reporting over a link each; 200 viewers, who
are fifty people with views of 500 to 20,000 vehicles, and one more in a real Chromium who sees them
all. The instant of sending is noted beside each frame, the instant of receipt by the viewers, on
one machine. No worker follows trips meanwhile; the CPU of all that takes part is told apart.
"""

import asyncio
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from kit.clock import utc_now
from loadtests.listeners.helper import Helper, Lines, helping
from loadtests.listeners.latencies import Events, latencies_ms, never_received, read
from loadtests.listeners.province import VEHICLES, Viewer, found, park
from loadtests.listeners.serving import System, serving
from loadtests.measuring import Figure, Place
from loadtests.processes import tree_cpu_s

RATES = (1_000, 5_000)
SECONDS = 20
VIEWERS = 200
P50_MS, P99_MS = 150.0, 300.0
_DRIVING = VEHICLES // 2
_SENDERS, _LISTENERS = 2, 2
_EVERY = 5
_SEED = 808
# What is under way when the last frame has been answered arrives within this.
_GRACE_S = 2.0


@dataclass(frozen=True, slots=True)
class Helpers:
    """The processes around the system."""

    terminals: list[Helper]
    viewers: list[Helper]
    chromium: Helper


@dataclass(frozen=True, slots=True)
class Stage:
    """What was seen at one pace.

    cpu_s: user and system seconds of each process, or kind of process, by its name
    """

    rate: int
    wall_s: float
    cpu_s: dict[str, float]
    told: list[Lines]
    sent: Events
    many: Events
    chromium: Events


def run(place: Place) -> list[Figure]:
    """Measure both paces on one running system."""
    url = place.fresh_database()
    viewers = found(url, VIEWERS + 1)
    asyncio.run(park(url, utc_now()))
    with ExitStack() as stack:
        system = stack.enter_context(serving(url, place.folder))
        helpers = _gathered(stack, system, viewers)
        stages = [_stage(system, helpers, rate, place.folder) for rate in RATES]
    return [figure for stage in stages for figure in _figures(stage)]


def _gathered(stack: ExitStack, system: System, viewers: list[Viewer]) -> Helpers:
    """Return the helpers: every terminal greeted, every view shown."""
    helpers = Helpers(
        [stack.enter_context(helping("loadtests.listeners.reporting")) for _ in range(_SENDERS)],
        [stack.enter_context(helping("loadtests.listeners.many")) for _ in range(_LISTENERS)],
        stack.enter_context(helping("loadtests.listeners.chromium")),
    )
    driving = list(range(0, VEHICLES, VEHICLES // _DRIVING))
    # Who reports next is of any unit.
    Random(_SEED).shuffle(driving)
    for n, one in enumerate(helpers.terminals):
        one.ask(
            {
                "port": system.terminals_port,
                "vehicles": driving[n::_SENDERS],
                "address": f"127.0.0.{2 + n}",
            }
        )
    for one in helpers.terminals:
        one.answer()
    # The first of all sees all.
    seeing_all, *others = sorted(viewers, key=lambda viewer: -viewer.view)
    helpers.chromium.told(
        {"url": system.base_url, "token": seeing_all.token, "view": seeing_all.view}
    )
    for n, one in enumerate(helpers.viewers):
        some = [{"token": v.token, "view": v.view} for v in others[n::_LISTENERS]]
        one.ask({"url": system.base_url.replace("http", "ws"), "viewers": some})
    for one in helpers.viewers:
        _note(f"views shown after {one.answer()['shown_s']:.1f} s")
    return helpers


def _stage(system: System, helpers: Helpers, rate: int, folder: Path) -> Stage:
    files = [folder / f"{rate}-{n}.npz" for n in range(_SENDERS + _LISTENERS + 1)]
    sending, listening, seeing = files[:_SENDERS], files[_SENDERS:-1], files[-1]
    plan = {"rate": rate // _SENDERS, "seconds": SECONDS, "since_s": int(time.time())}
    _all(helpers.terminals, [plan] * _SENDERS)
    _all(helpers.viewers, [{"every": _EVERY}] * _LISTENERS)
    helpers.chromium.told({})
    pids = _pids(system, helpers)
    before = {name: sum(map(tree_cpu_s, some)) for name, some in pids.items()}
    begun = time.monotonic()
    told = _all(helpers.terminals, [{"into": str(path)} for path in sending])
    wall_s = time.monotonic() - begun
    cpu_s = {name: sum(map(tree_cpu_s, some)) - before[name] for name, some in pids.items()}
    time.sleep(_GRACE_S)
    told += _all(helpers.viewers, [{"into": str(path)} for path in listening])
    told.append(helpers.chromium.told({"into": str(seeing)}))
    for one in told:
        _note(f"at {rate:,}/s {one}")
    return Stage(rate, wall_s, cpu_s, told, read(sending), read(listening), read([seeing]))


def _pids(system: System, helpers: Helpers) -> dict[str, list[int]]:
    return {
        **{name: [pid] for name, pid in system.pids.items()},
        "terminals": [one.pid for one in helpers.terminals],
        f"{VIEWERS} viewers": [one.pid for one in helpers.viewers],
        "Chromium": [helpers.chromium.pid],
    }


def _all(helpers: list[Helper], questions: list[Lines]) -> list[Lines]:
    """Ask all at once; return their answers."""
    for one, question in zip(helpers, questions, strict=True):
        one.ask(question)
    return [one.answer() for one in helpers]


def _figures(stage: Stage) -> list[Figure]:
    at = f"{stage.rate:,}/s"
    _check(stage)
    is_limited = stage.rate == RATES[-1]
    many = latencies_ms(stage.sent, stage.many)
    chromium = latencies_ms(stage.sent, stage.chromium)
    seen = 1 - never_received(stage.sent, stage.chromium) / len(stage.sent)
    octets = sum(one.get("octets", 0) for one in stage.told)
    return [
        *_percentiles(f"{at}, Chromium", chromium, is_limited),
        *_percentiles(f"{at}, {VIEWERS} viewers", many, is_limited),
        Figure(f"{at}, Chromium: positions seen", 100 * seen, "%", at_least=100.0),
        Figure(f"{at}: to viewers", octets / stage.wall_s / 1e6, "MB/s"),
        *(
            Figure(f"{at}: CPU of {name}", 100 * spent / stage.wall_s, "% of a core")
            for name, spent in stage.cpu_s.items()
        ),
        *(
            Figure(f"{at}: CPU a position, {name}", 1e6 * spent / len(stage.sent), "µs")
            for name, spent in stage.cpu_s.items()
            if name in ("API", "gateway", "PostgreSQL", "Valkey")
        ),
    ]


def _check(stage: Stage) -> None:
    """Raise RuntimeError when what was measured is not what was meant."""
    acknowledged = sum(one.get("acknowledged", 0) for one in stage.told)
    gaps = sum(one.get("missing", 0) + one.get("ended", 0) for one in stage.told)
    if acknowledged != len(stage.sent) or gaps:
        raise RuntimeError(
            f"{acknowledged} of {len(stage.sent)} positions were acknowledged; {gaps} gaps"
        )


def _percentiles(name: str, ms: NDArray[np.float64], is_limited: bool) -> list[Figure]:
    p50, p95, p99 = np.percentile(ms, (50, 95, 99)).tolist()
    return [
        Figure(f"{name}: p50", p50, "ms", at_most=P50_MS if is_limited else None),
        Figure(f"{name}: p95", p95, "ms"),
        Figure(f"{name}: p99", p99, "ms", at_most=P99_MS if is_limited else None),
        Figure(f"{name}: longest", float(ms.max()), "ms"),
    ]


def _note(line: str) -> None:
    sys.stderr.write(f"  {line}\n")
