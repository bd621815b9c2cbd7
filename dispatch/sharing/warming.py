"""Compiles the whole kernel before anybody needs it: python -m dispatch.sharing.warming

Two processes that start together compile once: the second waits for the first, and finds it done.
"""

import fcntl
import os

import numpy as np

from dispatch import kept_code
from dispatch.sharing.arrays import NONE
from dispatch.sharing.fewest import fewest_vehicles
from dispatch.sharing.live import LiveRoutes
from dispatch.sharing.problem import Problem, Requests, Vehicles
from dispatch.sharing.search import Steps, improve

_NICE = 10


def warm() -> None:
    """Compile what isn't compiled yet."""
    kept_code.folder().mkdir(parents=True, exist_ok=True)
    with (kept_code.folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept_code.is_whole():
            _use_everything()
            kept_code.say_whole()


def _use_everything() -> None:
    problem = _tiny_problem()
    live = LiveRoutes(problem)
    live.insert(0)
    live.cancel(0)
    live.insert(1)
    live.delay(0, 1.0)
    live.schedule(0)
    improve(problem, Steps(1), 1)
    fewest_vehicles(problem, Steps(1000), 1)


def _tiny_problem() -> Problem:
    """Return two requests of one way for two vehicles: one of them suffices."""
    each, apart = np.ones(2), np.full((8, 8), 10.0)
    return Problem.of(
        Requests(
            each, each * 0.0, each * 100.0, each * 0.0, each * 0.0, each * 200.0, each * 0.0,
            each * np.inf, np.full(2, NONE), np.zeros(2),
        ),
        Vehicles(each * 4.0, each * 0.0, each * 500.0, each * np.inf),
        apart,
    )  # fmt: skip


if __name__ == "__main__":
    os.nice(_NICE)
    warm()
