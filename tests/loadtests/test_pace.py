"""The pace of the swarm: what is due when, and which swarms there can't be."""

import pytest

from loadtests.kernel import KernelMemory, kernel_memory
from loadtests.swarm.pace import Pace


def test_positions_are_due_evenly_whoever_sends_them() -> None:
    pace = Pace(links=3, per_s=6, seconds=2, processes=2)
    due = sorted(pace.due_s(terminal, n) for n in range(pace.rounds) for terminal in range(3))
    assert due == [n / 6 for n in range(12)]
    assert pace.lasts_s == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"links": 1, "processes": 2},
        {"processes": 0},
        {"per_s": 0},
        {"seconds": 0},
        {"links": 2, "per_s": 70_000},
    ],
)
def test_a_swarm_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"a swarm needs|one terminal sends"):
        Pace(**{"links": 10, "per_s": 10.0, "seconds": 1.0, **wrong})  # type: ignore[arg-type]


def test_what_the_kernel_holds_can_be_read_and_compared() -> None:
    held = kernel_memory()
    assert held.slab_kb > 0
    assert held.buffers_kb >= 0
    assert held - held == KernelMemory(0, 0)
