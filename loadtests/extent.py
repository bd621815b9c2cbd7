"""How much of a long bench is run: what fits into twelve minutes of two cores, or all of it.

GONGCHE_BENCH_EXTENT=full runs all. Each search has one core and counts its own processor time, so
that whoever else uses the machine changes nothing but how long the bench takes.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

One = TypeVar("One")
Found = TypeVar("Found")

FULL = os.environ.get("GONGCHE_BENCH_EXTENT") == "full"
CORES = 2


def some(all_of_them: Sequence[One], every: int) -> list[One]:
    """Return every so many of them, or all where the whole bench is asked for."""
    return list(all_of_them if FULL else all_of_them[every - 1 :: every])


def on_each_core(work: Callable[[One], Found], tasks: Sequence[One]) -> list[Found]:
    """Return what came of each task, in their order; each in a process that does nothing else."""
    cores = max(1, min(CORES, os.cpu_count() or 1))
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, tasks))
