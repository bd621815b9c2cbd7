"""From what was sent when, and what was received when: how old a position was on its receipt."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from loadtests.listeners.province import PLATE

_SECONDS = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Events:
    """Positions, each known by its vehicle and the second that it bears, and when it was seen.

    at: seconds of this machine's clock
    """

    vehicle: NDArray[np.int64]
    time_s: NDArray[np.int64]
    at: NDArray[np.float64]

    @property
    def keys(self) -> NDArray[np.int64]:
        """One number a position."""
        return self.vehicle * _SECONDS + self.time_s

    def __len__(self) -> int:
        return len(self.at)


def read(paths: Iterable[Path]) -> Events:
    """Return the events of all these files together."""
    parts = [np.load(path) for path in paths]
    names = ("vehicle", "time_s", "at")
    return Events(*(np.concatenate([part[name] for part in parts]) for name in names))


def told_in(message: bytes | str, at: float) -> NDArray[np.float64]:
    """Return vehicles, seconds and the instant of receipt of what a message tells, (3, n)."""
    told = [
        (int(one["plate"][len(PLATE) :]), datetime.fromisoformat(one["time"]).timestamp(), at)
        for one in json.loads(message)["vehicles"]
    ]
    return np.array(told, np.float64).reshape(-1, 3).T


def latencies_ms(sent: Events, received: Events) -> NDArray[np.float64]:
    """Return how long each received position was under way, in milliseconds.

    What was told without having been sent in the stage (a vehicle that stands, a register's news)
    is left out.
    """
    order = np.argsort(sent.keys)
    keys, at = sent.keys[order], sent.at[order]
    found = np.minimum(np.searchsorted(keys, received.keys), len(keys) - 1)
    known = keys[found] == received.keys
    ms: NDArray[np.float64] = 1000 * (received.at[known] - at[found[known]])
    return ms


def never_received(sent: Events, received: Events) -> int:
    """Return how many of the positions that were sent were not received."""
    return int(np.count_nonzero(~np.isin(sent.keys, received.keys)))
