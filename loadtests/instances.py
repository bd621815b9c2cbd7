"""Readers of instances that the literature measures itself by; and their best-known values.

They lie in a folder beside the project (`GONGCHE_BENCHMARKS` says another one), and are not part
of it: where it is absent, a bench says so and measures nothing.
"""

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from dispatch.sharing import Problem, Requests, Vehicles
from dispatch.sharing.arrays import NONE, Floats

FOLDER = Path(os.environ.get("GONGCHE_BENCHMARKS", Path("..") / "shared" / "benchmarks"))


class NoInstance(ValueError):
    """The file is no instance of that kind."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Requests, and vehicles that are all alike, from one depot; times are distances.

    points: the depot, then pickups, then deliveries of the requests in their order
    earliest, latest, service: by point
    """

    name: str
    vehicles: int
    seats: float
    duration_max: float
    ride_max: float
    points: Floats
    load: Floats
    earliest: Floats
    latest: Floats
    service: Floats

    @property
    def n(self) -> int:
        """How many requests there are."""
        return len(self.points) // 2

    def problem(self) -> Problem:
        """Return it as the kernel takes it."""
        n, fleet_size = self.n, self.vehicles
        up, down, each = slice(1, n + 1), slice(n + 1, None), np.ones(fleet_size)
        nodes = np.concatenate((self.points[1:], np.tile(self.points[0], (2 * fleet_size, 1))))
        apart = np.hypot(*(nodes[:, None] - nodes).transpose(2, 0, 1))
        return Problem.of(
            Requests(
                self.load[up],
                self.earliest[up], self.latest[up], self.service[up],
                self.earliest[down], self.latest[down], self.service[down],
                np.full(n, self.ride_max), np.full(n, NONE), np.zeros(n),
            ),
            Vehicles(
                each * self.seats, each * self.earliest[0], each * self.latest[0],
                each * self.duration_max,
            ),
            apart,
        )  # fmt: skip


def cordeau(path: Path) -> Instance:
    """Read a dial-a-ride instance: Cordeau 2006, Cordeau and Laporte 2003.

    Raises NoInstance with a sentence.
    """
    rows = _rows(path)
    if len(rows) < 2 or len(rows[0]) != 5 or any(len(row) != 7 for row in rows[1:]):
        raise NoInstance(f"{path.name} is no dial-a-ride instance: 5 numbers, then lines of 7.")
    vehicles, _, duration, seats, ride = rows[0]
    # the second number is n or 2n, so the lines are counted; some files repeat the depot at the end
    table = np.array(rows[1 : 2 + (len(rows) - 2) // 2 * 2])
    n = len(table) // 2
    if not (table[1 : n + 1, 4] == -table[n + 1 :, 4]).all() or vehicles < 1:
        raise NoInstance(f"{path.name} is no dial-a-ride instance: its loads don't pair up.")
    return Instance(
        path.stem, int(vehicles), seats, duration, ride,
        table[:, 1:3], table[:, 4], table[:, 5], table[:, 6], table[:, 3],
    )  # fmt: skip


def li_lim(path: Path) -> Instance:
    """Read a pickup and delivery instance: Li and Lim 2001. Raises NoInstance with a sentence."""
    rows = _rows(path)
    if len(rows) < 2 or len(rows[0]) != 3 or any(len(row) != 9 for row in rows[1:]):
        raise NoInstance(f"{path.name} is no instance of Li and Lim: 3 numbers, then lines of 9.")
    table = np.array(rows[1:])
    pickups = [i for i in range(1, len(table)) if table[i, 3] > 0]
    deliveries = [int(table[i, 8]) for i in pickups]
    whole = sorted([*pickups, *deliveries]) == list(range(1, len(table)))
    if not whole or (table[pickups, 3] != -table[deliveries, 3]).any():
        raise NoInstance(f"{path.name} is no instance of Li and Lim: its tasks don't pair up.")
    table = table[[0, *pickups, *deliveries]]
    return Instance(
        path.stem, int(rows[0][0]), rows[0][1], math.inf, math.inf,
        table[:, 1:3], table[:, 3], table[:, 4], table[:, 5], table[:, 6],
    )  # fmt: skip


def best_known() -> dict[str, dict[str, float | dict[str, float]]]:
    """Return the best-known values, by set and instance."""
    told = json.loads((FOLDER / "best_known.json").read_text(encoding="utf-8"))
    return cast(dict[str, dict[str, float | dict[str, float]]], told)


def _rows(path: Path) -> list[list[float]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [[float(word) for word in line.split()] for line in lines if line.strip()]
    except (OSError, ValueError):
        raise NoInstance(f"{path.name} can't be read as lines of numbers.") from None
    if any(not math.isfinite(number) for row in rows for number in row):
        raise NoInstance(f"{path.name} can't be read as lines of numbers.")
    return rows
