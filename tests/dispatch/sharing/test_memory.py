"""What a search remembers changes nothing but its speed, and is never trusted with a limit."""

import numpy as np
import pytest

from dispatch.sharing.anneal import Search, anneal
from dispatch.sharing.chance import chance_of
from dispatch.sharing.memory import Memory
from dispatch.sharing.problem import Problem
from dispatch.sharing.recreate import Blinks
from dispatch.sharing.ruin import Strings
from dispatch.sharing.search import Course, prepared
from tests.dispatch.sharing.checker import objections
from tests.dispatch.sharing.worlds import problem_of, random_world

HOT = 20.0
LOW = 10.0
"""A price at which steps that leave somebody out are taken."""


def searched(problem: Problem, seed: int, slots: int | None = None) -> Search:
    """Return a search after some hot steps; slots: of its memory."""
    search = prepared(problem, None, Course())
    if slots is not None:
        whole = search.made.memory
        small = Memory(whole.key[:slots], whole.added[:slots], whole.i[:slots], whole.j[:slots])
        search = search._replace(made=search.made._replace(memory=small))
    anneal(search, Strings(), chance_of(seed), 400, HOT, Blinks(0.05, 0.05, 0.5))
    return search


@pytest.mark.parametrize("seed", range(3))
def test_a_search_that_forgets_at_once_takes_the_same_course(seed: int) -> None:
    problem = problem_of(random_world(seed, requests=16, vehicles=4))
    whole, forgetful = searched(problem, seed), searched(problem, seed, slots=1)
    assert np.count_nonzero(whole.made.memory.key >= 0) > 1
    for v, size in enumerate(whole.routes.size):
        assert forgetful.routes.size[v] == size
        assert (whole.routes.nodes[v, :size] == forgetful.routes.nodes[v, :size]).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_memory_that_is_wrong_breaks_no_limit(seed: int) -> None:
    world = random_world(seed, requests=16, vehicles=4, tight=2)
    search = searched(problem_of(world, LOW), seed)
    memory, chance = search.made.memory, chance_of(seed)
    for _ in range(20):
        memory.added[:], memory.i[:], memory.j[:] = 0.0, 0, 0
        anneal(search, Strings(), chance, 5, HOT, Blinks(0.05, 0.05, 0.5))
        routes = [
            [int(node) for node in search.routes.nodes[v, 1 : size - 1]]
            for v, size in enumerate(search.routes.size)
        ]
        assert objections(world, routes) == []
