"""A fault: what it is called, what is done, and what came of it under load."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import psycopg

from loadtests.faults.comparing import compare, counted, metres_by_vehicle, stored
from loadtests.faults.load import STEP_M, Key, Load, key_of
from loadtests.faults.row import Row
from loadtests.faults.scene import Scene
from loadtests.waiting import NeverCameTrue, eventually

Strike = Callable[[Scene], None]
"""Does it once, and lifts it; what has died is started anew by whoever called."""

_DELIVERED_WITHIN_S = 180.0
_FOLLOWED_WITHIN_S = 180.0
_TOLERATED_M = STEP_M
"""The first step may be told by the terminal before its vehicle is held to be moving."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is struck again and again under load.

    sentence: what is done; most: how often at most in a run
    """

    name: str
    sentence: str
    strike: Strike
    most: int | None = None


def suffer(fault: Fault, scene: Scene, seconds: float) -> Row:
    """Strike for so long, once at least, and compare; `scene.load` runs and ends at rest."""
    load, recovered_s = scene.load, list[float]()
    trouble = ""
    try:
        scene.await_well()
        ends_at = time.monotonic() + seconds
        while not recovered_s or (time.monotonic() < ends_at and len(recovered_s) != fault.most):
            scene.let_pass(0.2, 2.0)
            fault.strike(scene)
            lifted_at = time.monotonic()
            scene.broken.mend()
            scene.await_well()
            recovered_s.append(time.monotonic() - lifted_at)
        load.rest()
        eventually(lambda: load.waiting == 0, _DELIVERED_WITHIN_S, "delivery of everything")
    except NeverCameTrue as never:
        trouble = str(never)
    row = compared(scene, Row(fault.name, len(recovered_s), recovered_s=tuple(recovered_s)))
    return replace(row, trouble=trouble)


def compared(scene: Scene, row: Row) -> Row:
    """Return the row with what became of the positions, and of the vehicles' metres."""
    load = scene.load
    followed = partial(_followed, scene.url, load)
    deadline = time.monotonic() + _FOLLOWED_WITHIN_S
    while followed() < len(load.storing) and time.monotonic() < deadline:
        time.sleep(1)
    found = stored(scene.url, load.offered, load.keys())
    shown = counted(scene.url, load.offered, *load.period())
    refused = _refused(scene.url, load)
    note = f"{len(refused)} kept in quarantine" if refused else ""
    if load.forgotten:
        note = "; ".join(filter(None, (note, f"{load.forgotten} forgotten unacknowledged")))
    return replace(
        row,
        comparison=compare(load.keys(), load.acknowledged, found, shown, refused),
        vehicles=len(load.storing),
        followed=followed(),
        note="; ".join(filter(None, (row.note, note))),
    )


def _followed(url: str, load: Load) -> int:
    """Return how many vehicles whose terminals store everything have the metres that they drove."""
    driven_m = STEP_M * max(0, load.moves - 1)
    metres = metres_by_vehicle(url, load.storing, *load.period())
    return sum(abs(metres.get(phone, 0) - driven_m) <= _TOLERATED_M for phone in load.storing)


def _refused(url: str, load: Load) -> set[Key]:
    """Return the positions that the database took no row of and that are kept as they came."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT raw FROM quarantined_frame WHERE reason LIKE 'refused by the database%'"
        )
        kept = {bytes(raw) for (raw,) in rows}
    if not kept:
        return set()
    return {
        key_of(phone, report)
        for phone, reports in load.offered.items()
        for report in reports
        if report.body in kept
    }
