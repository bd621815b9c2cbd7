"""Solvers beside ours: each is a module that is run as a process of its own, JSON in and out.

They come with requirements-peers.lock, into our environment or into another one, whose Python
GONGCHE_PEERS_PYTHON names.
"""

import json
import math
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:  # peers' processes import nothing of ours
    from loadtests.instances import Instance

PYTHON = os.environ.get("GONGCHE_PEERS_PYTHON", sys.executable)
SCALE = 1000
"""Peers count in whole numbers: thousandths. Times are rounded up, so that limits are kept."""


class Told(TypedDict):
    """An instance as JSON; None where there is no limit."""

    n: int
    vehicles: int
    seats: float
    duration: float | None
    ride: float | None
    points: list[list[float]]
    load: list[float]
    earliest: list[float]
    latest: list[float]
    service: list[float]


def is_there(module: str) -> bool:
    """Whether a package of this name is installed for peers, and peers have a Python at all."""
    if shutil.which(PYTHON) is None:
        return False
    asked = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([PYTHON, "-c", asked], check=False).returncode == 0


def solved(peer: str, instance: "Instance", seconds: float) -> list[list[int]]:
    """Return the routes of a peer, a module beside this one: pickups r, deliveries n + r."""
    told = Told(
        n=instance.n,
        vehicles=instance.vehicles,
        seats=instance.seats,
        duration=_finite(instance.duration_max),
        ride=_finite(instance.ride_max),
        points=instance.points.tolist(),
        load=instance.load.tolist(),
        earliest=instance.earliest.tolist(),
        latest=instance.latest.tolist(),
        service=instance.service.tolist(),
    )
    done = subprocess.run(
        [PYTHON, "-m", f"loadtests.peers.{peer}", str(seconds)],
        input=json.dumps(told), capture_output=True, text=True, check=True,
    )  # fmt: skip
    routes: list[list[int]] = json.loads(done.stdout)
    return routes


def ways(points: list[list[float]]) -> list[list[int]]:
    """Return the times from point to point."""
    return [[math.ceil(math.dist(a, b) * SCALE) for b in points] for a in points]


def costs(points: list[list[float]]) -> list[list[int]]:
    """Return the costs from point to point."""
    return [[round(math.dist(a, b) * SCALE) for b in points] for a in points]


def _finite(limit: float) -> float | None:
    return None if math.isinf(limit) else limit
