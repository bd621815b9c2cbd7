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
from kit.errors import BadRequest

FOLDER = Path(os.environ.get("GONGCHE_BENCHMARKS", Path("..") / "shared" / "benchmarks"))


MOST_VEHICLES, MOST_NODES, FARTHEST = 1_000, 2_001, 1e7


class NoInstance(ValueError):
    """The file is no instance of that kind."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Requests, and vehicles that are all alike, from one depot; times are distances.

    points: the depot, then pickups, then deliveries of the requests in their order
    earliest, latest, service, number: by point; number: what the file calls it
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
    number: tuple[int, ...]

    @property
    def has_fewest_first(self) -> bool:
        """Whether fewer vehicles are worth more than any distance, as with Li and Lim."""
        return math.isinf(self.ride_max)

    @property
    def n(self) -> int:
        """How many requests there are."""
        return len(self.points) // 2

    def problem(self) -> Problem:
        """Return it as the kernel takes it. Raises NoInstance where its limits contradict."""
        try:
            return self._problem()
        except BadRequest as error:
            raise NoInstance(f"{self.name} can't be solved: {error}") from None

    def _problem(self) -> Problem:
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
    rows, kind = _rows(path), "dial-a-ride instance"
    if len(rows) < 2 or len(rows[0]) != 5 or any(len(row) != 7 for row in rows[1:]):
        raise NoInstance(f"{path.name} is no {kind}: 5 numbers, then lines of 7.")
    vehicles, count, duration, seats, ride = rows[0]
    table = np.array(rows[1:])
    if len(table) % 2 == 0:  # some files repeat the depot at the end
        if (table[-1, 1:5] != table[0, 1:5]).any():
            raise NoInstance(f"{path.name} is no {kind}: a line is missing or too many.")
        table = table[:-1]
    n = len(table) // 2
    _check_nodes(path, kind, vehicles, table)
    if count not in (n, 2 * n):
        raise NoInstance(f"{path.name} is no {kind}: it tells of {count:g} requests and has {n}.")
    load = table[:, 4]
    if (load[1 : n + 1] < 0).any() or (load[1 : n + 1] != -load[n + 1 :]).any():
        raise NoInstance(f"{path.name} is no {kind}: its loads don't pair up.")
    return Instance(
        path.stem, int(vehicles), seats, duration, ride,
        table[:, 1:3], load, table[:, 5], table[:, 6], table[:, 3], tuple(range(len(table))),
    )  # fmt: skip


def li_lim(path: Path) -> Instance:
    """Read a pickup and delivery instance: Li and Lim 2001. Raises NoInstance with a sentence."""
    rows, kind = _rows(path), "instance of Li and Lim"
    if len(rows) < 2 or len(rows[0]) != 3 or any(len(row) != 9 for row in rows[1:]):
        raise NoInstance(f"{path.name} is no {kind}: 3 numbers, then lines of 9.")
    table = np.array(rows[1:])
    _check_nodes(path, kind, rows[0][0], table)
    told = range(1, len(table))
    pickups = [i for i in told if table[i, 3] > 0]
    deliveries = [int(table[i, 8]) if table[i, 8] in told else 0 for i in pickups]
    is_whole = sorted([*pickups, *deliveries]) == list(told)
    if not is_whole or (table[pickups, 3] != -table[deliveries, 3]).any():
        raise NoInstance(f"{path.name} is no {kind}: its tasks don't pair up.")
    if (table[deliveries, 7] != pickups).any() or table[pickups, 7].any():
        raise NoInstance(f"{path.name} is no {kind}: a delivery names another pickup.")
    number = (0, *pickups, *deliveries)
    table = table[list(number)]
    return Instance(
        path.stem, int(rows[0][0]), rows[0][1], math.inf, math.inf,
        table[:, 1:3], table[:, 3], table[:, 4], table[:, 5], table[:, 6], number,
    )  # fmt: skip


def read_instance(path: Path) -> Instance:
    """Read either kind, told by its first line. Raises NoInstance with a sentence."""
    rows = _rows(path)
    readers = {3: li_lim, 5: cordeau}
    if not rows or len(rows[0]) not in readers:
        raise NoInstance(
            f"{path.name} is no instance: it begins with 5 numbers (dial-a-ride) or 3 (Li and Lim)."
        )
    return readers[len(rows[0])](path)


def _check_nodes(path: Path, kind: str, vehicles: float, table: Floats) -> None:
    """Raise NoInstance unless nodes are numbered in order and vehicles and places are sensible."""
    if vehicles != int(vehicles) or not 1 <= vehicles <= MOST_VEHICLES:
        raise NoInstance(
            f"{path.name} is no {kind}: {vehicles:g} vehicles, and not 1 to {MOST_VEHICLES}."
        )
    if len(table) < 3 or len(table) > MOST_NODES:
        raise NoInstance(f"{path.name} is no {kind}: it has 1 to {MOST_NODES // 2} requests.")
    if (table[:, 0] != np.arange(len(table))).any():
        raise NoInstance(f"{path.name} is no {kind}: its nodes aren't numbered 0, 1, 2 in order.")
    if (np.abs(table) > FARTHEST).any():
        raise NoInstance(f"{path.name} is no {kind}: a number is beyond {FARTHEST:g}.")


def best_known(part: str) -> dict[str, float | dict[str, float]]:
    """Return the best-known values of a set, by instance; nothing where none are told.

    Raises NoInstance where the file of such values is none.
    """
    file = FOLDER / "best_known.json"
    if not file.exists():
        return {}
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return cast(dict[str, float | dict[str, float]], told.get(part, {}))
    except (OSError, ValueError, AttributeError):
        raise NoInstance(f"{file.name} holds no best-known values.") from None


def _rows(path: Path) -> list[list[float]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        rows = [[float(word) for word in line.split()] for line in lines if line.strip()]
    except (OSError, ValueError):
        raise NoInstance(f"{path.name} can't be read as lines of numbers.") from None
    if any(not math.isfinite(number) for row in rows for number in row):
        raise NoInstance(f"{path.name} can't be read as lines of numbers.")
    return rows
