"""Sparse assignment against SciPy's dense one, and against looking through everything."""

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from dispatch.matching.sparse import UNSERVED, Pairs, assign

DEAR = 10**7


def graph(cells: dict[tuple[int, int], int]) -> Pairs:
    keys = sorted(cells)
    rows, columns = (np.array([key[i] for key in keys], dtype=np.int64) for i in range(2))
    return Pairs(rows, columns, np.array([cells[key] for key in keys], dtype=np.int64))


def total(cells: dict[tuple[int, int], int], found: list[int]) -> int:
    return sum(DEAR if c == UNSERVED else cells[r, c] for r, c in enumerate(found))


CELLS = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 30)), st.integers(0, 50), max_size=60
)


@given(CELLS)
def test_the_most_rows_are_served_and_then_at_the_least_cost(
    cells: dict[tuple[int, int], int],
) -> None:
    found = assign(graph(cells), 8).tolist()
    taken = [column for column in found if column != UNSERVED]
    assert len(set(taken)) == len(taken)
    dense = np.full((8, 31 + 8), DEAR)
    for (row, column), cost in cells.items():
        dense[row, column] = cost
    assert total(cells, found) == int(dense[linear_sum_assignment(dense)].sum())


@given(CELLS, st.sets(st.integers(0, 7)))
def test_rows_that_must_be_served_are_whatever_it_costs_the_others(
    cells: dict[tuple[int, int], int], must: set[int]
) -> None:
    cells = cells | {(row, 31 + row): 1000 for row in must}
    musts = np.isin(np.arange(8), list(must))
    found = assign(graph(cells), 8, musts)
    assert (found[musts] != UNSERVED).all()
    dense = np.full((8, 39 + 8), DEAR)
    for (row, column), cost in cells.items():
        dense[row, column] = cost
    dense[musts, 39:] = 100 * DEAR
    assert total(cells, found.tolist()) == int(dense[linear_sum_assignment(dense)].sum())


@pytest.mark.parametrize("seed", range(20))
def test_small_graphs_against_every_assignment(seed: int) -> None:
    chance = random.Random(seed)
    cells = {
        (r, c): chance.randint(0, 9)
        for r, c in product(range(4), range(4))
        if chance.random() < 0.6
    }
    options = [[UNSERVED, *(c for r2, c in cells if r2 == r)] for r in range(4)]
    best = min(
        total(cells, list(found))
        for found in product(*options)
        if len({c for c in found if c >= 0}) == sum(c >= 0 for c in found)
    )
    assert total(cells, assign(graph(cells), 4).tolist()) == best


def test_among_equals_the_lowest_columns_are_taken() -> None:
    cells = {(row, column): 5 for row in range(2) for column in range(9)}
    assert set(assign(graph(cells), 2).tolist()) == {0, 1}


def test_a_row_that_must_be_served_and_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="must be served"):
        assign(graph({}), 1, np.array([True]))


def test_costs_that_floats_could_not_sum_are_refused() -> None:
    with pytest.raises(ValueError, match="exactly"):
        assign(graph({(0, 0): 2**52}), 4)
